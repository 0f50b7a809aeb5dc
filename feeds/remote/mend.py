"""Make of a feed's markup what a strict parser can read in bounded time.

This module must never change what a well-formed feed of sane size says. feedparser's cost is linear in elements (13 µs)
but grows with the square of the attributes of one element (20,000 take 3 s) and of the categories of one entry (60,000
take 38 s); what no feed needs is cut or refused before it is asked.
"""

import re
from html.entities import html5

from feeds.remote.prolog import without_forbidden

MAX_ENTRIES = 2_000
BROKEN_OFF = "breaks off before its end"
_MOST_PARSED = 2 * MAX_ENTRIES  # the newest are not always the first
_MOST_ELEMENTS, _MOST_CATEGORIES = 200_000, 500
_MOST_LINES = 1_000_000  # expat hands each over by itself, at 1 µs

_ENTRY = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)(?=[\s>])")
_ENTRY_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)\s*>")
_CATEGORY = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:category|subject|keywords)[\s>]")
_LOADED = re.compile(r"<[A-Za-z_][^<>\"']*+(?:\"[^\"<]*+\"[^<>\"']*+|'[^'<]*+'[^<>\"']*+){256}")
_KEYWORDS = re.compile(
    r"(<(?:[A-Za-z_][\w.-]{0,40}:)?(?:keywords|tags)(?:\s[^<>]{0,200})?>\s{0,100})"
    r"(?:([^<]{2000})[^<]*+|(<!\[CDATA\[[^\]]{2000})[^\]]*+)",
    re.IGNORECASE,
)
# HTML's names for characters, which XML does not know, and `&` alone: one of either would cost the strict parser the
# feed, and the other one reads `AT&T` as `AT&T;`.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")


def mended(markup: str) -> tuple[str, tuple[str, ...]]:
    """Return the markup, from its root element on, and what had to be done to it, in words for the operator."""
    faults = []
    allowed = without_forbidden(markup)
    if len(allowed) != len(markup):
        faults.append("has characters that XML forbids")
    known, count = escaped(allowed)
    if count:
        faults.append("has ampersands that are not escaped")
    shorter = _KEYWORDS.sub(r"\1\2\3", known)
    if len(shorter) != len(known):
        faults.append("has keywords longer than 2,000 characters; they are cut")
    cut, reason = _first_entries(shorter)
    if reason:
        faults.append(f"{reason}; the first entries are read")
    return cut, tuple(faults)


def escaped(markup: str) -> tuple[str, int]:
    """Return the markup with every `&` outside of CDATA one that XML knows, and how many had to be escaped."""
    parts, count = _parts(markup), 0
    for place in range(0, len(parts), 2):
        if "&" in parts[place]:
            named = _NAMED.sub(_character, parts[place])
            parts[place], bare = _BARE.subn("&amp;", named)
            count += bare
    return "".join(parts), count


def excess(markup: str) -> str:
    """Return why no feed would look like this and reading it would take too long, or ""."""
    outside = _outside(markup)
    if _tags(outside) > _MOST_ELEMENTS:
        return f"has more than {_MOST_ELEMENTS:,} elements"
    if max(markup.count("\n"), markup.count("\r")) > _MOST_LINES:
        return f"has more than {_MOST_LINES:,} lines"
    if _LOADED.search(outside):
        return "has an element with more than 256 attributes"
    if len(_CATEGORY.findall(outside)) > _MOST_CATEGORIES:
        entries = _ENTRY_END.split(outside)
        if max(len(_CATEGORY.findall(entry)) for entry in entries) > _MOST_CATEGORIES:
            return f"has an entry with more than {_MOST_CATEGORIES} categories"
    return ""


def entry_count(markup: str) -> int:
    """Return how many entries are begun in the markup."""
    return len(_ENTRY.findall(_outside(markup)))


def is_quickly_read(markup: str) -> bool:
    """Tell whether the markup may be read twice in the time that the largest feed takes once."""
    return _tags(_outside(markup)) <= _MOST_ELEMENTS // 2


def breaks_off(markup: str, root: str) -> bool:
    """Tell of broken markup whether its root element (by its local name) is never closed, so that the rest is missing.

    An answer without a length ends where its connection does: nothing else says that it is not whole.
    """
    return re.search(rf"</(?:[A-Za-z_][\w.-]{{0,40}}:)?{root}\s*>", markup, re.IGNORECASE) is None


def recovered(markup: str) -> str:
    """Return broken markup as libxml2 makes it well-formed: an end tag that fits nothing closes what is open."""
    from lxml import etree  # noqa: PLC0415 - 15 ms, and few feeds are broken

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(markup.encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        return ""
    return "" if root is None else str(etree.tostring(root, encoding="unicode"))


def _first_entries(markup: str) -> tuple[str, str]:
    """Return the markup with no more entries and elements than are parsed, closed as it was, and why it was cut."""
    end = elements = 0
    for number, match in enumerate(_ENTRY_END.finditer(markup), start=1):
        elements += _tags(_outside(markup[end : match.end()]))
        if number > _MOST_PARSED:
            return markup[:end] + _closing(markup), f"has more than {_MOST_PARSED:,} entries"
        if elements > _MOST_ELEMENTS and end:
            return markup[:end] + _closing(markup), f"has more than {_MOST_ELEMENTS:,} elements"
        end = match.end()
    return markup, ""


def _closing(markup: str) -> str:
    root = markup.rfind("</")
    channel = markup.rfind("</channel", 0, root)
    closed = markup[channel : markup.find(">", channel) + 1] if channel >= 0 else ""
    return closed + markup[root:]


def _character(name: re.Match[str]) -> str:
    character = html5.get(name[1], name[0])
    return character if character not in {"&", "<", ">", '"'} else f"&#{ord(character)};"


def _tags(outside: str) -> int:
    return outside.count("<") - outside.count("</")


def _outside(markup: str) -> str:
    return "".join(_parts(markup)[::2]) if "<![CDATA[" in markup else markup


def _parts(markup: str) -> list[str]:
    """Split the markup into what is outside of CDATA and what is CDATA, one after the other."""
    parts, position = [], 0
    while (start := markup.find("<![CDATA[", position)) >= 0:
        end = markup.find("]]>", start) + 3
        if end < 3:  # never closed
            break
        parts += [markup[position:start], markup[start:end]]
        position = end
    return [*parts, markup[position:]]
