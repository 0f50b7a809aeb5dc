"""Lists of feeds as OPML (opml.org/spec2.opml), read as reader programs write them, and written so that all read them.

This module must never resolve an entity, never fetch what a list names, and never write a date: the same list is the
same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feeds.items.text import clean_line, shorten
from feeds.items.urls import clean_url
from feeds.remote import fields
from feeds.remote.charset import decode
from feeds.remote.mend import escaped, excess
from feeds.remote.prolog import open_text, without_forbidden

_TITLE = 300


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list. `categories` are the folders it is in, each a path from the outermost to the innermost."""

    url: str
    title: str = ""
    home: str = ""
    language: str = ""
    categories: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class NotOpml:
    """Why a file is no list of feeds."""

    reason: str


def read_opml(data: bytes) -> tuple[Outline, ...] | NotOpml:
    """Return the feeds of a list in its order, each URL once with all its folders.

    Reads OPML 1.0 to 2.0, broken XML as far as it goes, and folders both as nested outlines and as the attribute
    `category` (`/a/b,/c`). An outline without a usable `xmlUrl` is passed over.
    """
    text, _ = decode(data)
    opened = open_text(text)
    if opened.entities:
        return NotOpml("declares entities, which no list needs: refused unread")
    if opened.root != "opml":
        return NotOpml(f"<{opened.root[:40]}> is no OPML" if opened.root else "neither XML nor OPML")
    markup = text[opened.start :]
    if reason := excess(markup):  # libxml2 takes ten minutes for 600,000 attributes of one element
        return NotOpml(reason)
    root = _tree(markup)
    if root is None:
        return NotOpml("cannot be parsed")
    known: dict[str, Outline] = {}
    for found in _outlines(root):
        held = known.get(found.url)
        known[found.url] = _merged(held, found) if held else found
    return tuple(known.values())


def write_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """Return a list of feeds as OPML 2.0; folders are nested outlines, and a feed stands in each of its own."""
    from lxml import etree  # noqa: PLC0415 - 15 ms, and lists are written by hand

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean_line(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], Any] = {(): body}
    for outline in outlines:
        for path in outline.categories or ((),):
            etree.SubElement(_folder(path, folders), "outline", _attributes(outline))
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _tree(markup: str) -> Any:
    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(escaped(without_forbidden(markup))[0].encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        return None


def _outlines(root: Any) -> Iterator[Outline]:
    """Yield the outlines in document order; what is above each of them is walked with it, so depth costs nothing."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, path = waiting.pop()
        told = {name.lower(): value for name, value in element.attrib.items()}
        name = _line(told.get("text") or told.get("title") or "")
        if told.get("xmlurl") and (found := _outline(told, path)):
            yield found
        elif _is_folder(element) and name and not told.get("xmlurl"):
            path = (*path, name)
        waiting += [(child, path) for child in reversed(element) if isinstance(child.tag, str)]


def _is_folder(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.lower() == "outline" and len(element) > 0


def _outline(told: dict[str, str], path: tuple[str, ...]) -> Outline | None:
    url = fields.feed_address(told["xmlurl"])
    if not url:
        return None
    named = [tuple(filter(None, map(_line, one.split("/")))) for one in told.get("category", "").split(",")]
    return Outline(
        url=url,
        title=_line(told.get("title") or told.get("text") or ""),
        home=clean_url(told.get("htmlurl", ""))[0],
        language=fields.language(told.get("language", "")),
        categories=tuple(dict.fromkeys(one for one in (path, *named) if one)),
    )


def _merged(held: Outline, found: Outline) -> Outline:
    return replace(
        held,
        title=held.title or found.title,
        home=held.home or found.home,
        language=held.language or found.language,
        categories=tuple(dict.fromkeys((*held.categories, *found.categories))),
    )


def _folder(path: tuple[str, ...], folders: dict[tuple[str, ...], Any]) -> Any:
    from lxml import etree  # noqa: PLC0415

    for length in range(1, len(path) + 1):
        here = path[:length]
        if here not in folders:
            folders[here] = etree.SubElement(folders[here[:-1]], "outline", text=_line(here[-1]) or "-")
    return folders[path]


def _attributes(outline: Outline) -> dict[str, str]:
    """Return what OPML 2.0 wants of an outline of type rss: `text` and `xmlUrl`; the rest where it is known."""
    title = _line(outline.title)
    told = {
        "type": "rss",
        "text": title or outline.url,
        "title": title,
        "xmlUrl": outline.url,
        "htmlUrl": outline.home,
        "language": outline.language,
    }
    return {name: value for name, value in told.items() if value}


def _line(value: str) -> str:
    return shorten(clean_line(value[: 4 * _TITLE]), _TITLE)
