"""Compare the address that was asked with the one that answered. Looks at the text of URLs alone, never at a page."""

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qsl, urlsplit

_PORTS = {"http": 80, "https": 443}
_INDEX = re.compile(r"/(?:(?:index|default|home)(?:\.[a-z]{2,5})?/?)?|/[a-z]{2}(?:[-_][a-z]{2})?/?", re.IGNORECASE)
# "404-media-raises-money" is a story, so only whole segments count.
_ERROR_PAGE = re.compile(
    r"(?:(?:http[-_]?)?(?:error|status)[-_]?)?(?:404|410)(?:[-_]?(?:error|page|not[-_]?found))?|errors?|error[-_]?page|"
    r"(?:page[-_]?|file[-_]?|content[-_]?)?not[-_]?found",
    re.IGNORECASE,
)
_FILE_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_LOGIN_HOST = re.compile(r"(?:login|signin|sso|auth|accounts?|consent|myaccount|idp)\.", re.IGNORECASE)
_LOGIN_PAGE = re.compile(
    r"(?:wp-)?log-?in|sign-?in|sso|oauth2?|authwall|(?:cookie-?|collect-?|privacy-?)?consent|cookie-?wall|privacy-?gate",
    re.IGNORECASE,
)


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, "" where it has none."""
    return (_split(url).hostname or "") if _split(url).netloc else ""


def is_cosmetic(source: str, target: str) -> bool:
    """Tell whether two URLs differ in nothing but http becoming https, a `www.` or a slash at the end."""
    old, new = _split(source), _split(target)
    scheme = new.scheme in (old.scheme, "https")
    return scheme and _port(old) == _port(new) and old.query == new.query and _bare(old) == _bare(new) != ("", "")


def crosses_sites(source: str, target: str) -> bool:
    """Tell whether two URLs are on hosts of different names, neither of them inside the other's domain.

    Without the list of public suffixes two subdomains of one site look like two sites: their move then needs the longer
    proof, which is the safe side.
    """
    old, new = (host_of(url).removeprefix("www.") for url in (source, target))
    return not (old == new or old.endswith("." + new) or new.endswith("." + old))


def soft_reason(source: str, final: str) -> str:
    """Return why `final` looks like the answer to a page that is gone, "" if it does not.

    That is a host's front page or its error page, reached from deep inside a site.
    """
    old, new = _split(source), _split(final)
    if not _is_deep(old) or is_cosmetic(source, final):
        return ""
    if _names(new, _ERROR_PAGE) and not _names(old, _ERROR_PAGE):
        return "soft-error-page"
    return "soft-front-page" if _is_front(new) else ""


def wants_login(source: str, final: str) -> bool:
    """Tell whether `final` is a page to log in or to consent at, and `source` is not."""
    return _is_login(_split(final)) and not _is_login(_split(source))


def crowded(landings: Iterable[tuple[str, str]], least: int = 3) -> frozenset[str]:
    """Return the targets that at least `least` different pages of one host landed at.

    `landings` are pairs of the URL asked and the one that answered. Pages that differ in their query alone are one.
    """
    pages: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for source, final in landings:
        if not is_cosmetic(source, final):
            split = _split(source)
            pages[split.netloc.lower(), final].add(split.path)
    return frozenset(final for (_, final), sources in pages.items() if len(sources) >= least)


def _split(url: str) -> SplitResult:
    # A hop is whatever a server wrote into Location.
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 (raises where the port is no number)
    except ValueError:
        return SplitResult("", "", "", "", "")
    return split


def _port(split: SplitResult) -> int:
    default = _PORTS.get(split.scheme, 0)
    # 80 and 443 are one: http://a/ has moved to https://a/
    return 0 if split.port in (None, default) else split.port or 0


def _bare(split: SplitResult) -> tuple[str, str]:
    return (split.hostname or "").removeprefix("www."), split.path.rstrip("/")


def _segments(split: SplitResult) -> list[str]:
    return [segment for segment in split.path.split("/") if segment]


def _is_deep(split: SplitResult) -> bool:
    segments = _segments(split)
    if len(segments) >= 2:
        return True
    # One short word is a section or the code of a shortener, whose target may well be a front page.
    return bool(segments and len(segments[0]) >= 16) or any(v.isdigit() for _, v in parse_qsl(split.query))


def _is_front(split: SplitResult) -> bool:
    if not split.netloc or not _INDEX.fullmatch(split.path or "/"):
        return False
    return not any(value.isdigit() for _, value in parse_qsl(split.query))


def _names(split: SplitResult, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(_FILE_ENDING.sub("", segment)) for segment in _segments(split))


def _is_login(split: SplitResult) -> bool:
    return _LOGIN_HOST.match(split.hostname or "") is not None or _names(split, _LOGIN_PAGE)
