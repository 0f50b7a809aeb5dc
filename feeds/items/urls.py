"""Two addresses of one page: the URL a feed shows, and the key the story is known by.

This module must never ask the network, and must never change a byte of a path or query that is already right. What
`clean_url` mends may grow; what `identity_key` answers is frozen, for ids are minted from it.
ada-url (the WHATWG parser) is loaded only by addresses that need mending.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

_LIMIT = 2048


@dataclass(frozen=True, slots=True)
class Tracking:
    """Parameters that follow the reader and not the page; lower-case, compared without regard to case."""

    names: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Tell whether the parameter of this name is one of them."""
        lowered = name.lower()
        return lowered in self.names or lowered.startswith(self.prefixes)


# Only names no page could need: `ref`, `source`, `id`, `cid` and the like stay, whoever uses them to track.
_TRACKING_NAMES = (
    "_branch_match_id _bta_c _bta_tid _gl _hsenc _hsmi _ke _openstat __hsfp __hssc __hstc at_campaign at_medium dclid "
    "epik fbclid gbraid gclid gclsrc guccounter guce_referrer guce_referrer_sig hsctatracking igsh igshid li_fat_id "
    "mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash msclkid oly_anon_id oly_enc_id pk_campaign pk_keyword "
    "pk_kwd rb_clickid srsltid ttclid twclid vero_conv vero_id wbraid wickedid xtor yclid ysclid"
)
DEFAULT_TRACKING = Tracking(names=frozenset(_TRACKING_NAMES.split()), prefixes=("utm_", "mtm_"))

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z]{{2,63}}")
_CANONICAL = re.compile(
    rf"https?://(?:{_LABEL}\.)+[a-z]{{2,63}}(/[A-Za-z0-9_~!$&'()*+,;=:@./%-]*)(?:\?([A-Za-z0-9_~!$&'()*+,;=:@/?.%-]*))?"
)
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*38|#[xX]0*26);)+")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
# Controls, surrogates, and marks that copying leaves behind; ZWJ and ZWNJ stay, Persian paths have them.
_UNWANTED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?![0-9]{1,5}(?:[/?#]|$))")
# Scheme, authority, path, query and fragment of a web address.
PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL | re.IGNORECASE)
_HOSTLIKE = re.compile(r"((?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,63}))(?::[0-9]{1,5})?(?:[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(
    r"\[[0-9a-f:.]+\]|(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_FILE_NAMES = (
    "asp aspx avif bmp cfm cgi css csv doc docx gif htm html ico jpeg jpg js json jsp md mov mp3 mp4 pdf php png rss "
    "shtml svg txt webm webp xhtml xls xlsx xml zip"
)
_FILE_ENDINGS = frozenset(_FILE_NAMES.split())
_SAFE = "%/?:@!$&'()*+,;=-._~"


def clean_url(value: str, base: str = "", tracking: Tracking = DEFAULT_TRACKING) -> tuple[str, str]:
    """Return an absolute http(s) URL of printable ASCII and ""; or "" and why there is none.

    A relative URL is resolved against `base`, itself a clean URL. Parameters of `tracking` go; the order, the case and
    the emptiness of all others stay. RFC 3986 and the WHATWG URL standard agree on what comes out.
    """
    match = _CANONICAL.fullmatch(value)
    if match is None or not _is_settled(value):
        url, reason = _mended(value, base)
        if not url:
            return "", reason
        if "://[" in url:
            # The W3C validator takes the brackets for an error (InvalidUriChar), and no reader can reach such a host.
            return "", "an IPv6 address is no public host"
        value = _tracked_less(url, tracking)
    elif match[2]:
        value = _tracked_less(value, tracking)
    return (value, "") if len(value) <= _LIMIT else ("", f"longer than {_LIMIT} characters")


@dataclass(frozen=True, slots=True)
class Stages:
    """A URL as each step of `clean_url` left it, in this order; `composed` by the WHATWG parser."""

    written: str
    trimmed: str
    decoded: str
    absolute: str
    composed: str
    shown: str


def stages(value: str, base: str = "", tracking: Tracking = DEFAULT_TRACKING) -> Stages:
    """Return the way a value goes in `clean_url`, for whoever asks why it reads otherwise; only for one it accepts."""
    if _CANONICAL.fullmatch(value) is not None and _is_settled(value):
        return Stages(value, value, value, value, value, _tracked_less(value, tracking))
    trimmed = _trimmed(value)
    decoded = _AMPERSANDS.sub("&", trimmed)
    absolute = _absolute(decoded, base)[0]
    composed = _composed(absolute)[0]
    return Stages(value, trimmed, decoded, absolute, composed, _tracked_less(composed, tracking))


def identity_key(url: str) -> str:
    """Return the key a story is known by; FROZEN: an id once minted from it must be found again in every later version.

    Takes a cleaned URL. The scheme, `www.`, a default port, the fragment (but not `#!`), slashes at the end of the path
    and AMP markers go; parameters are sorted bytewise, duplicates kept; a page in an AMP cache is the page inside.
    """
    address, query, fragment, was_cached = _unwrapped(url)
    path = address.rstrip("/")
    params = sorted(param for param in query.split("&") if param and not _is_amp(param, cached=was_cached))
    key = path + "?" + "&".join(params) if params else path
    return f"{key}#{fragment}" if fragment.startswith("!") else key


def is_root(key: str) -> bool:
    """Tell whether an identity key is a bare host: a home page is no story."""
    return bool(key) and not any(mark in key for mark in "/?#")


def host_of(url: str) -> str:
    """Return the host of a cleaned URL in lower case, without `www.` and port; "" if there is none."""
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    host = authority.rpartition("@")[2].lower()
    host = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return _without_www(host if host.isascii() else _ascii_host(host))


def clean_domain(value: str) -> str:
    """Return a provider's domain in lower-case ASCII, fit to be a file name; "" if the value is no domain.

    A scheme, a port, a path and `www.` are dropped. An IP address and a host without a dot are no domains.
    """
    if len(value) <= 253 and _DOMAIN.fullmatch(value) is not None:
        return _without_www(value)
    host = re.split(r"[/?#]", value.strip().partition("://")[2] or value.strip(), maxsplit=1)[0]
    if "@" in host and "://" not in value:
        return ""
    host = host.rpartition("@")[2].partition(":")[0].strip(".").lower()
    host = host if _DOMAIN.fullmatch(host) else _ascii_host(host)
    is_domain = "." in host and _HOST.fullmatch(host) and not host.rpartition(".")[2].isdigit() and "_" not in host
    return _without_www(host) if is_domain and len(host) <= 253 else ""


def _is_settled(url: str) -> bool:
    if "/." in url or "&amp;" in url:
        return False
    return "%" not in url or _BROKEN_ESCAPE.search(url) is None


def _mended(value: str, base: str) -> tuple[str, str]:
    if len(value) > 32 * _LIMIT:
        return "", f"longer than {_LIMIT} characters"
    value = _AMPERSANDS.sub("&", _trimmed(value))
    if not value:
        return "", "empty"
    url, reason = _absolute(value, base)
    return _composed(url) if url else ("", reason)


def _trimmed(value: str) -> str:
    """Drop white space around it and line breaks within, controls, and marks that copying leaves behind."""
    value = _BLANKS.sub(lambda blank: "" if blank[0].strip(" ") else blank[0], value.strip("\xa0\u3000 \t\r\n\f\v"))
    return _UNWANTED.sub("", value).strip()


def _absolute(value: str, base: str) -> tuple[str, str]:
    if value.startswith("//"):
        return "https:" + value, ""
    if scheme := _SCHEME.match(value):
        name = scheme[1].lower()
        return (value, "") if name in {"http", "https"} else ("", f"{name[:20]}: is not http or https")
    if _looks_like_host(value):
        return "https://" + value, ""
    return _resolved(value, base) if base else ("", "relative, and there is no base URL")


def _looks_like_host(value: str) -> bool:
    match = _HOSTLIKE.match(value)
    return match is not None and (value[:4].lower() == "www." or match[2].lower() not in _FILE_ENDINGS)


def _resolved(value: str, base: str) -> tuple[str, str]:
    from ada_url import join_url  # noqa: PLC0415 - 5 ms, and most records hold absolute URLs

    path, mark, fragment = value.partition("#")
    try:
        return join_url(base, escaped(path) + mark + escaped(fragment)), ""
    except ValueError:
        return "", "relative, and does not resolve against the base URL"


def _composed(url: str) -> tuple[str, str]:
    from ada_url import URL  # noqa: PLC0415 - 5 ms, and most URLs are canonical

    match = PARTS.fullmatch(url)
    if match is None:
        return "", "no // after the scheme"
    scheme, authority, path, query, fragment = match.groups()
    # Readers disagree about which host `http://good.com\@evil.com/` names, so it names none.
    named = "" if "\\" in authority else authority.rpartition("@")[2]
    try:
        parsed = URL(f"{scheme}://{named}{escaped(path)}") if named else None
    except ValueError:
        parsed = None
    host = parsed.hostname.rstrip(".") if parsed else ""
    if parsed is None or not _HOST.fullmatch(host) or len(host) > 253 or host in {"http", "https"}:
        return "", f"no valid host: {authority[:60]!r}"
    port = f":{parsed.port}" if parsed.port else ""
    query = "" if query is None else f"?{escaped(query)}"
    fragment = "" if fragment is None else f"#{escaped(fragment)}"
    return f"{parsed.protocol}//{host}{port}{parsed.pathname}{query}{fragment}", ""


def escaped(text: str) -> str:
    """Return part of a URL with everything in percent-encoding that RFC 3986 does not allow in it."""
    return quote(_BROKEN_ESCAPE.sub("%25", text), safe=_SAFE)


def _tracked_less(url: str, tracking: Tracking) -> str:
    head, mark, tail = url.partition("?")
    if not mark or "#" in head:
        return url
    query, hash_mark, fragment = tail.partition("#")
    params = query.split("&")
    kept = [param for param in params if not tracking.holds(param.partition("=")[0])]
    if len(kept) == len(params):
        return url
    return head + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def _ascii_host(host: str) -> str:
    from ada_url import URL  # noqa: PLC0415 - only for international names

    if not host or any(mark in host for mark in "/\\?#@: \t\r\n%"):
        return ""
    try:
        return str(URL(f"https://{host}/").hostname)
    except ValueError:
        return ""


def _without_www(host: str) -> str:
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


# AMP caches: the Google AMP Cache (cdn.ampproject.org/c/s/host/path; c is content, v the viewer, s is https) and the
# viewer of Google Search (google.com/amp/s/host/path).
_CACHE_PATH = re.compile(r"/[cv]/(s/)?([^/]+\..+)")
_VIEWER_PATH = re.compile(r"/amp/(s/)?([^/]+\..+)")
_VIEWER_HOST = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")
_AMP_MARKERS = frozenset(f"{name}{value}" for name in ("amp", "_amp") for value in ("", "=", "=1", "=true"))
_CACHE_PARAMS = ("amp_js_v=", "amp_gsa=", "usqp=")


def _unwrapped(url: str) -> tuple[str, str, str, bool]:
    """Return host and path, query and fragment of the innermost page, and whether it was in an AMP cache."""
    scheme, _, rest = url.partition("://")
    rest, _, fragment = rest.partition("#")
    address, _, query = rest.partition("?")
    was_cached = False
    while True:
        authority, slash, path = address.partition("/")
        host = _key_host(authority, scheme)
        inside = _inside(host, slash + path)
        if inside is None:
            return host + slash + path, query, fragment, was_cached
        scheme, address = "https" if inside[1] else "http", inside[2]
        was_cached = True


def _inside(host: str, path: str) -> re.Match[str] | None:
    if host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org"):
        return _CACHE_PATH.fullmatch(path)
    return _VIEWER_PATH.fullmatch(path) if _VIEWER_HOST.fullmatch(host) else None


def _key_host(authority: str, scheme: str) -> str:
    host = authority.rpartition("@")[2].lower()
    return _without_www(host.removesuffix(":443" if scheme.lower() == "https" else ":80"))


def _is_amp(param: str, *, cached: bool) -> bool:
    lowered = param.lower()
    return lowered in _AMP_MARKERS or lowered == "outputtype=amp" or (cached and lowered.startswith(_CACHE_PARAMS))
