"""HTML that somebody else wrote, made safe to show on a page of ours: the markup of an article and nothing else.

This module must never let a script, a style, a handler or a URL that is not http(s) through: nh3 (the allow-list of
ammonia over the parser of a browser) has the last word over every byte. What comes out is what this module returns for
itself, so that a second parser reads it as the first did.
"""

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from feeds.items.text import clean_line
from feeds.items.urls import clean_url
from feeds.remote.prolog import without_forbidden

if TYPE_CHECKING:
    from nh3 import Cleaner

MAX_CONTENT = 512 * 1024

_TAG_NAMES = (
    "a abbr acronym address article aside audio b bdi bdo big blockquote br caption cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav "
    "ol p picture pre q rp rt ruby s samp section small source strike strong sub summary sup table tbody td tfoot "
    "th thead time tr tt u ul var video wbr"
)
_DROPPED_NAMES = (
    "applet canvas dialog embed frameset head iframe math noembed noframes object script select style svg template "
    "textarea title xmp"
)
_TAGS, _DROPPED_WHOLE = frozenset(_TAG_NAMES.split()), frozenset(_DROPPED_NAMES.split())
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang", "rel"},
    "audio": {"src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"height", "poster", "src", "width"},
}
_ADDRESSES = frozenset(["cite", "href", "poster", "src"])
_NUMBERS = frozenset(["colspan", "height", "rowspan", "span", "start", "value", "width"])
_SCHEMES = frozenset(["http", "https"])
_PLAYABLE = {"audio": {"controls": ""}, "video": {"controls": ""}}  # neither starts by itself any more
_RELATIONS = frozenset(["license", "nofollow", "sponsored", "ugc"])
_TAG_OF_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:\s+([0-9]+(?:\.[0-9]+)?[wx])(?=\s*(?:,|$)))?")

_IFRAME = re.compile(r"<iframe\s(?=[^<>]{0,2000}?\bsrc\s*=\s*[\"']?((?:https?:)?//[^\s\"'<>]{1,1000}))", re.IGNORECASE)
_FILM = re.compile(r"embed|player|video", re.IGNORECASE)
_PAGES_OF_FILMS = (
    (
        re.compile(r".*//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{11})(?![\w-]).*"),
        "https://www.youtube.com/watch?v=",
    ),
    (re.compile(r".*//player\.vimeo\.com/video/([0-9]+).*"), "https://vimeo.com/"),
)
# The fall-back of a picture that a script would load; nh3 parses as a browser with scripts, to which it is text.
_NOSCRIPT = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
_DATA = re.compile(r"(?<==)\s*(?:\"data:[^\"<>]*\"|'data:[^'<>]*')", re.IGNORECASE)
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]{0,4096}\"|'[^']{0,4096}')")
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{8192,}>?")
# As nh3 writes it: names in lower case, every value in double quotes, `"`, `<` and `>` in it escaped.
_IMAGE = re.compile(r"<img(?: [a-z]+=\"[^\"]*\")*>")
_ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_PRE = re.compile(r"<pre((?: [a-z]+=\"[^\"]*\")*)>\n+")  # the parser drops one line feed there each time

# html5ever copies elements of formatting into every block they were not closed before: 34 kB of `<b x=1><p><b x=2>`
# become 26 MB in 1.8 s, 62 kB of `<div>` take 0.2 s, both with the square. libxml2 reads either in milliseconds, at
# most 256 deep, and what it writes is well nested.
_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_MOST_COPIES, _MOST_TAGS, _MOST_LENGTH = 20_000, 1500, 32_768

_PASSES = 4
_ROOM = 16_384


def sanitise(html: str, base: str) -> str:
    """Return the HTML with the markup of an article only, every URL absolute against `base` (a clean URL or "").

    Scripts, styles, forms, comments, classes, ids and pixels that count readers go; a film in a frame becomes a link to
    it. Text beyond MAX_CONTENT characters is cut off before a tag. "" where nothing is left to see.
    """
    html = _linked_films(_NOSCRIPT.sub("", _cut(html, MAX_CONTENT)))
    cleaner = _cleaner(base)
    for _ in range(_PASSES):
        cleaned = _cleaned(html, cleaner)
        if len(cleaned) > MAX_CONTENT:
            cleaned = _cut(cleaned, MAX_CONTENT - _ROOM)
        elif cleaned == html:
            return html if has_content(html) else ""
        html = cleaned
    # Only markup made to be read in two ways gets here: its text will do.
    return plain(html)


def has_content(html: str) -> bool:
    """Tell whether sanitised HTML shows anything."""
    return any(mark in html for mark in ("<img ", "<video", "<audio")) or bool(re.sub(r"<[^>]*>|&nbsp;|\s", "", html))


def paragraphs(text: str) -> str:
    """Return plain text as HTML: a paragraph where a line is empty, a break where one ends."""
    blocks = re.split(r"\n\s*\n", without_forbidden(text.replace("\r\n", "\n"))[:MAX_CONTENT].strip())
    return "".join(
        f"<p>{'<br>'.join(escape(block.strip(), quote=False).splitlines())}</p>" for block in blocks if block
    )


def plain(html: str) -> str:
    """Return the text of HTML as HTML without any markup."""
    return escape(clean_line(html), quote=False)


def _cut(html: str, limit: int) -> str:
    if len(html) <= limit:
        return html
    tag = html.rfind("<", limit // 2, limit)
    return html[: tag if tag >= 0 else limit]


def _linked_films(html: str) -> str:
    """Put a link in front of each frame that shows a film; the frame itself goes with all others."""
    return _IFRAME.sub(_link_and_frame, html) if "<iframe" in html.lower() else html


def _link_and_frame(frame: re.Match[str]) -> str:
    url = frame[1]
    if _FILM.search(url) is None:
        return frame[0]
    for pattern, page in _PAGES_OF_FILMS:
        if match := pattern.fullmatch(url):
            url = page + match[1]
            break
    url = "https:" + url if url.startswith("//") else url
    return f'<a href="{url}">{url}</a>{frame[0]}'


def _cleaned(html: str, cleaner: "Cleaner") -> str:
    html = without_forbidden(html)
    if _is_heavy(html):
        html = _well_nested(_without_long_tags(html))
    html = cleaner.clean(html)
    if "<pre" in html:
        html = _PRE.sub(r"<pre\1>", html)
    return _IMAGE.sub(_shown_image, html) if "<img" in html else html


def _is_heavy(html: str) -> bool:
    if len(html) > _MOST_LENGTH:
        return True
    tags = html.count("<")
    return tags > _MOST_TAGS or (tags > 140 and tags * len(_FORMATTING.findall(html)) > _MOST_COPIES)


def _without_long_tags(html: str) -> str:
    """Drop tags of more than 8 kB: both parsers take the square of the attributes (60,000 of them took 17 s)."""
    quoted = _QUOTED.sub(lambda value: value[0].replace("<", "&lt;").replace(">", "&gt;"), _DATA.sub('""', html))
    return _LONG_TAG.sub("", quoted)


def _well_nested(html: str) -> str:
    from lxml import etree  # noqa: PLC0415 - 15 ms, and few entries need it

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    # Without a block around it libxml2 puts bare text into a <p>; nh3 takes this one off again.
    root = etree.fromstring(f"<center>{html}</center>", parser)
    return "" if root is None else str(etree.tostring(root, method="html", encoding="unicode"))


def _shown_image(image: re.Match[str]) -> str:
    told: dict[str, str] = dict(_ATTRIBUTE.findall(image[0]))
    sizes = [told[name] for name in ("width", "height") if name in told]
    is_pixel = bool(sizes) and all(size.strip("0") in {"", "1"} and len(size) == 1 for size in sizes)
    return image[0] if ("src" in told or "srcset" in told) and not is_pixel else ""


def _cleaner(base: str) -> "Cleaner":
    from nh3 import Cleaner  # noqa: PLC0415 - needed once a feed has changed; the settings import this module, too

    return Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute_filter(base),
        link_rel=None,
        url_schemes=_SCHEMES,
        url_relative="pass_through",
        set_tag_attribute_values=_PLAYABLE,
    )


def _attribute_filter(base: str) -> Callable[[str, str, str], str | None]:
    known: dict[str, str] = {}
    origin = "/".join(base.split("/", 3)[:3])
    # An absolute URL may be far longer than the one that stood there: what URLs add to an entry is bounded.
    room = _PASSES * MAX_CONTENT

    def absolute(value: str) -> str:
        url = known.get(value)
        if url is None:
            rooted = base and value[:1] == "/" and value[1:2] not in {"/", "\\"}
            url = clean_url(origin + value if rooted else value, base)[0]
            known[value] = known[url] = url  # the second pass meets what the first one wrote
        return url

    def filtered(_tag: str, name: str, value: str) -> str | None:
        nonlocal room
        if name in _ADDRESSES:
            url = absolute(value)
        elif name == "srcset":
            url = _srcset(value, absolute)
        else:
            return _settled(name, value)
        room -= len(url)
        return url if url and room > 0 else None

    return filtered


def _srcset(value: str, absolute: Callable[[str], str]) -> str:
    """Return the candidates of a `srcset` (HTML, section 4.8.4.2.1), absolute; URLs may hold commas."""
    found = []
    for match in _CANDIDATE.finditer(value):
        url = absolute(match[1].rstrip(","))
        if url and not url.endswith(","):
            found.append(f"{url} {match[2]}" if match[2] and not match[1].endswith(",") else url)
    return ", ".join(found)


def _settled(name: str, value: str) -> str | None:
    """Return the value of an attribute that is no URL; None where it is not what the attribute takes."""
    if name in _NUMBERS:
        return value if value.isdecimal() and value.isascii() and len(value) <= 5 else None
    if name == "rel":
        kept = [word for word in dict.fromkeys(value.lower().split()) if word in _RELATIONS]
        return " ".join(kept) or None
    if name in {"lang", "hreflang"}:
        return value if _TAG_OF_LANGUAGE.fullmatch(value) else None
    if name == "dir":
        return value.lower() if value.lower() in {"auto", "ltr", "rtl"} else None
    return value
