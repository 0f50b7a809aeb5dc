"""Remote feeds as an OPML list tells them: what its outlines say, and where; and how a list of ours is written.

OPML 2.0 lets a list hold more than it defines, in a namespace: ours keeps the id of a source, so that a source whose
address is changed keeps its entries. This module must never drop an outline without a word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from feeds.config.faults import FILE, Fault, Place, told
from feeds.config.listed_source import MAX_BYTES, ListedSource
from feeds.config.source_settings import SourceSettings
from feeds.items.text import clean_line
from feeds.items.urls import Tracking, clean_url
from feeds.remote.charset import decode
from feeds.remote.fields import feed_address
from feeds.remote.mend import escaped, excess
from feeds.remote.opml import NotOpml, Outline, read_opml, write_opml
from feeds.remote.prolog import without_forbidden

NAMESPACE = "urn:x-feeds:sources"
_OURS = f"{{{NAMESPACE}}}"
_CREDENTIALS = "holds a user name or password; write this source into feeds.yaml, with username_env and password_env"


@dataclass(frozen=True, slots=True)
class _Mark:
    """An outline in the file: its line, and its attributes with names in lower case."""

    line: int
    said: Mapping[str, str]


def read_outlines(data: bytes, label: str) -> tuple[tuple[ListedSource, ...], list[Fault]] | Fault:
    """Return the sources of a list in its order and its faults, or the one fault for which none of it is read.

    Broken XML is read as far as it goes, and told. Every folder that a feed is in is a topic of it.
    """
    if len(data) > MAX_BYTES:
        return _whole(label, f"is larger than {MAX_BYTES >> 20} MiB; a list of feeds is smaller")
    text = decode(data)[0]
    if reason := excess(text):  # ten minutes are not enough for the parser to read 600,000 attributes
        return _whole(label, f"{reason}; a list of feeds has not")
    found = read_opml(data)
    if isinstance(found, NotOpml):
        return _whole(label, f"is no list of feeds: {found.reason}; give an OPML file")
    marks, broken = _marks(text)
    if broken is not None and broken.type_name == "ERR_RESOURCE_LIMIT":
        return Fault(_place(label, broken.line), "", "refused: nested too deeply, or a text in it is endless")
    faults = [*_xml_faults(broken, label), *_passed_over(marks, label)]
    by_url = _first(marks)
    sound = []
    for outline in found:
        mark = by_url.get(outline.url, _Mark(1, {}))
        made = _listed(outline, mark, _place(label, mark.line))
        faults += made if isinstance(made, list) else []
        sound += [made] if isinstance(made, ListedSource) else []
    return tuple(sound), faults


def write_outlines(title: str, sources: Iterable[ListedSource], *, folders: bool) -> bytes:
    """Return a list of these sources, the same bytes for the same list.

    Topics are folders, as reader programs have them, or else categories: then each source is one line.
    """
    from lxml import etree  # noqa: PLC0415 - 15 ms, and lists are seldom written

    by_url = {each.settings.url: each for each in sources}
    root = etree.fromstring(write_opml(title, [_outline(each, folders=folders) for each in by_url.values()]))
    for element in root.iter("outline"):
        if url := element.get("xmlUrl"):
            for name, value in _own_attributes(by_url[url], folders=folders):
                element.set(name, value)
    etree.cleanup_namespaces(root, top_nsmap={"feeds": NAMESPACE})
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _whole(label: str, reason: str) -> Fault:
    return Fault(Place(FILE, label), "", reason)


def _place(label: str, line: int) -> Place:
    return Place(FILE, label, line, 1)


def _marks(text: str) -> tuple[list[_Mark], Any]:
    """Return the outlines with their lines, and what the parser first complained of, None for nothing."""
    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, encoding="utf-8")
    text = escaped(without_forbidden(text))[0]
    start = len(text) - len(text.lstrip())
    root = etree.fromstring(text[start:].encode("utf-8", "ignore"), parser)
    above = text.count("\n", 0, start)
    outlines = () if root is None else (one for one in root.iter("*") if one.tag.lower() == "outline")
    return [_Mark(one.sourceline + above, _said(one.attrib)) for one in outlines], next(iter(parser.error_log), None)


def _said(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name if name.startswith("{") else name.lower(): value for name, value in attributes.items()}


def _first(marks: Iterable[_Mark]) -> dict[str, _Mark]:
    """Return the first outline of each feed; a feed stands in every folder it belongs to."""
    found: dict[str, _Mark] = {}
    for mark in marks:
        if url := feed_address(mark.said.get("xmlurl", "")):
            found.setdefault(url, mark)
    return found


def _xml_faults(broken: Any, label: str) -> list[Fault]:
    if broken is None:
        return []
    return [
        Fault(
            _place(label, broken.line),
            "",
            f"broken XML: {broken.message.strip()}; what stands behind it may be missing",
        )
    ]


def _passed_over(marks: Iterable[_Mark], label: str) -> Iterator[Fault]:
    for mark in marks:
        reason = _refusal(mark.said)
        if reason:
            yield Fault(_place(label, mark.line), "", f"{clean_line(mark.said.get('text', ''))[:60]!r}: {reason}")


def _refusal(said: Mapping[str, str]) -> str:
    url = said.get("xmlurl", "")
    if url:
        return "" if feed_address(url) else f"xmlUrl is no address of a feed: {clean_url(url, '', Tracking())[1]}"
    return "is of type rss and has no xmlUrl" if said.get("type", "").lower() == "rss" else ""


def _listed(outline: Outline, mark: _Mark, place: Place) -> ListedSource | list[Fault]:
    if "@" in mark.said.get("xmlurl", "").partition("://")[2].partition("/")[0]:
        return [Fault(place, "", _CREDENTIALS)]
    provider = {"name": mark.said.get(f"{_OURS}provider", ""), "domain": mark.said.get(f"{_OURS}domain") or None}
    given = {
        "url": outline.url,
        "id": mark.said.get(f"{_OURS}id"),
        "provider": provider,
        "topics": _topics(outline, mark.said),
        "language": outline.language or None,
    }
    try:
        settings = SourceSettings.model_validate(given)
    except ValidationError as error:
        return told(error, SourceSettings, lambda *_: place)
    return ListedSource(settings, place, "" if outline.title == outline.url else outline.title, outline.home)


def _topics(outline: Outline, said: Mapping[str, str]) -> tuple[str, ...]:
    own = said.get(f"{_OURS}topics")
    names = own.split("\n") if own else [name for path in outline.categories for name in path]
    return tuple({name.casefold(): name for name in reversed(names) if name.strip()}.values())[::-1]


def _outline(source: ListedSource, *, folders: bool) -> Outline:
    said = source.settings
    categories = tuple((topic,) for topic in said.topics) if folders else ()
    title = source.title or said.provider.name
    return Outline(said.url, title, source.home, said.language or "", categories)


def _own_attributes(source: ListedSource, *, folders: bool) -> Iterator[tuple[str, str]]:
    said = source.settings
    plain = all(clean_line(topic) == topic and not set(",/") & set(topic) for topic in said.topics)
    if said.topics and not folders:
        yield ("category", ",".join(said.topics)) if plain else (f"{_OURS}topics", "\n".join(said.topics))
    yield f"{_OURS}id", said.name
    if said.provider.name:
        yield f"{_OURS}provider", said.provider.name
    if said.provider.domain:
        yield f"{_OURS}domain", said.provider.domain
