"""The whole story of an item for people: what it is first, then why, part by part.

This module must never judge; what is told was found in `feeds.pipeline.explain`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from feeds.items.text import shorten

if TYPE_CHECKING:
    from feeds.app.explaining import Unknown
    from feeds.pipeline.explained import Explanation, FieldTold, LinkTold, Place, SightingTold, TopicTold

VALUE = 100
_COLOURS = {"published": "green", "coming": "green", "waiting": "yellow"}
_KINDS = {"record": "a record of ours", "mention": "names it as related", "remote": "a remote entry"}


def explain_text(found: "Explanation") -> str:
    """Return what `feeds explain` prints."""
    parts = (
        ("", _head(found)),
        ("told by", map(_sighting, found.sightings)),
        ("fields", (line for field in found.fields for line in _field(field))),
        ("topics", map(_topic, found.topics)),
        ("one story", cluster_lines(found)),
        ("known as", (f"{name.name}  since {_day(name.since)}" for name in found.names)),
        ("links", map(_link, found.links)),
        ("feeds", map(_place, found.feeds)),
        ("problems", found.problems),
    )
    return "\n".join(line for title, lines in parts for line in _part(title, list(lines)))


def unknown_text(unknown: "Unknown") -> str:
    """Return what to say of a word that nothing is known by."""
    if unknown.unread:
        return f"no build has read {unknown.word} yet: feeds build"
    near = f"; near it: {', '.join(unknown.near)}" if unknown.near else ""
    return f"nothing is known as {unknown.word!r}{near or ': give an id, a URL, a record file or SOURCE#GUID'}"


def cluster_lines(found: "Explanation") -> Iterator[str]:
    """Yield who leads the telling of this story, and who tells it too."""
    if found.leader:
        yield f"{found.leader} stands for it in all feeds but its provider's: feeds explain {found.leader}"
    yield from (f"also reported by {each.name}: {each.title}  {each.url}" for each in found.also)
    for name, reason in found.together:
        yield f"the same as {name}"
        yield from (f"  {line}" for line in reason.split("\n"))


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if title and lines:
        yield click.style(title, bold=True)
    yield from (f"  {line}" if title else line for line in lines)


def _head(found: "Explanation") -> Iterator[str]:
    yield click.style(found.title or "(nobody tells its title any more)", bold=True)
    if found.id:
        yield f"urn:uuid:{found.id}"
    state = click.style(found.state, fg=_COLOURS.get(found.state, "red"))
    yield f"{state}{': ' if found.why else ''}{found.why}"
    if found.pending:
        yield click.style(f"{found.pending}: the next feeds build may change what stands here", fg="yellow")
    yield from _dates(found)


def _dates(found: "Explanation") -> Iterator[str]:
    dates = found.dates
    if dates.published:
        by = f" ({dates.by})" if dates.by else ""
        changed = f"updated {_day(dates.updated)}" if dates.updated != dates.published else "never changed since"
        yield f"published {_day(dates.published)}{by}, {changed}"
    if dates.first_seen:
        yield f"first seen {_day(dates.first_seen)}"


def _sighting(seen: "SightingTold") -> str:
    said = [_KINDS[seen.kind]]
    said += ["held back"] if seen.held else []
    said += [f"first seen {_day(seen.since)}"] if seen.since else []
    said += [f"no longer listed since {_day(seen.gone)}"] if seen.gone else []
    said += [f"kept out from the next build on: {seen.refusal}"] if seen.refusal else []
    return f"{seen.place}  {', '.join(said)}"


def _field(field: "FieldTold") -> Iterator[str]:
    yield f"{field.field:10}{_short(field.value) or '(nothing)'}  <- {field.place}"
    if field.repairs:
        if field.written:
            yield f"{'':10}written {_raw(field.written)}"
        yield f"{'':10}repairs: {'; '.join(field.repairs)}"
    if field.shown not in {"", field.value}:
        yield f"{'':10}readers see {_short(field.shown)}, for what is known of its links"
    yield from (f"{'':10}not {_short(said.value)}  <- {said.file}" for said in field.others)


def _topic(topic: "TopicTold") -> str:
    ignored = "" if topic.counts else "  not taken: others name its topics"
    return f"{topic.topic}  {topic.rule}: {topic.why}  <- {topic.place}{ignored}"


def _link(link: "LinkTold") -> str:
    said = [link.role, *([link.reason] if link.reason else [])]
    said += [f"since {_day(link.since)}"] if link.since else []
    said += [f"checked {_day(link.checked)}"] if link.checked else []
    said += [f"moved to {link.moved_to}"] if link.moved_to else []
    said += [f"pinned {link.pin}"] if link.pin else []
    return f"{link.verdict:9}{link.url}  {', '.join(said)}"


def _place(place: "Place") -> str:
    name = place.key or _joined((place.kind, repr(place.label)))
    said = [f"number {place.position:,} of {place.of:,}"] if place.position else []
    said += [f"on page {place.page:,} of its archive"] if place.page else []
    said = said or [f"{click.style('not in it', fg='yellow')}: {place.why}"]
    said += [f"takes in {place.via}"] if place.via else []
    return f"{name}  {', '.join(said)}"


def _joined(words: Iterable[str]) -> str:
    return " ".join(filter(None, words))


def _short(value: str) -> str:
    return shorten(" ".join(value.split()), VALUE)


def _raw(value: str) -> str:
    """Return a text as it was written: in quotes, so that spaces are seen and nothing in it commands a terminal."""
    return repr(value) if len(value) <= VALUE else f"{value[:VALUE]!r}…"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
