"""Turn one record into sightings of stories: its own, and those it names as related.

Pure: the same record and rules give the same sightings. A fault costs the field, or where the story cannot do without
the field, the story.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from feeds.items import fields
from feeds.items.bounds import bounded
from feeds.items.dates import parse_date, parse_duration
from feeds.items.rules import Rules
from feeds.items.text import clean_line, opening
from feeds.model.item import Story
from feeds.model.problem import Problem, Severity
from feeds.model.record import Record
from feeds.model.sighting import Sighting

Place = Callable[[tuple[str | int, ...]], tuple[int, int]]


@dataclass(slots=True)
class _Notes:
    """Collect problems of one file; the place of each is looked up only when there is one."""

    file: str
    place: Place
    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, detail: str, path: tuple[str | int, ...], severity: Severity) -> None:
        line, column = self.place(path)
        self.found.append(Problem(self.file, line, column, code, detail, severity))


def normalise(
    record: Record, file: str, place: Place, rules: Rules
) -> tuple[tuple[Sighting, ...], tuple[Problem, ...]]:
    """Return what the record says about its own story first, then about each related one, with what was wrong."""
    notes = _Notes(file, place)
    own = _own(record, rules, notes)
    if record.held and not rules.include_unpublished:
        # A draft may lack anything; its problems are told once somebody means to publish it.
        return (own,) if own else (), ()
    related = _related(record, own, rules, notes) if rules.related else []
    return (*((own,) if own else ()), *related), tuple(notes.found)


def _own(record: Record, rules: Rules, notes: _Notes) -> Sighting | None:
    held = record.held and not rules.include_unpublished

    def fault(code: str, detail: str, path: tuple[str | int, ...]) -> None:
        notes.add(code, detail, path, Severity.ERROR)

    def warning(code: str, detail: str, path: tuple[str | int, ...]) -> None:
        notes.add(code, detail, path, Severity.WARNING)

    story, keys = _story(record, rules, warning)
    complete = _complete(record, story, rules, fault)
    return Sighting(story, keys, own=True, held=held) if complete or held else None


def _complete(record: Record, story: Story, rules: Rules, fault: fields.Note) -> bool:
    """Tell whether the story has what an entry needs, noting what is missing."""
    code, detail = fields.date_fault(record, story.kind, rules)
    if code:
        fault(code, detail, ("publishedDateTime",) if record.date else ())
    if not story.title:
        fault("title-missing", "no 'title' or 'name'", ())
    unlinkable = not story.link and bool(record.original_url or record.web_url)
    if unlinkable:
        fault("link-missing", "none of its URLs can be linked to", ())
    return not (code or unlinkable) and bool(story.title)


def _related(record: Record, own: Sighting | None, rules: Rules, notes: _Notes) -> list[Sighting]:
    topics = own.story.topics if own else fields.topics(record, rules)
    sightings = []
    for index, mention in enumerate(record.related):

        def note(code: str, detail: str, path: tuple[str | int, ...], at: int = index) -> None:
            notes.add(code, "related story: " + detail, ("related", at, *path), Severity.WARNING)

        story, keys = _story(mention, rules, note, topics)
        held = mention.held and not rules.include_unpublished
        if _complete(mention, story, rules, note) and keys and not held:
            sightings.append(Sighting(story, keys, own=False))
    return sightings


def _story(
    record: Record, rules: Rules, note: fields.Note, inherited: tuple[str, ...] = ()
) -> tuple[Story, tuple[str, ...]]:
    link = fields.link(record, rules, note)
    amp = fields.address(record.amp_url, "ampWebUrl", rules, note)
    cdn_amp = fields.address(record.cdn_amp_url, "cdnAmpWebUrl", rules, note)
    story = Story(
        title=clean_line(record.title),
        summary=clean_line(record.excerpt) or (opening(record.body) if record.body else ""),
        link=link,
        kind=clean_line(record.kind).lower() or "article",
        provider=fields.provider(record, link, rules),
        topics=fields.topics(record, rules) or inherited,
        date=parse_date(record.date, rules.zone)[0] if record.date else None,
        images=fields.images(record, link, rules, note),
        enclosure=fields.enclosure(record, link, rules, note),
        duration=parse_duration(record.length) if record.length else None,
        authors=tuple(fields.authors(record)),
        amp=amp,
        cdn_amp=cdn_amp,
        quality=fields.number(record.quality) if record.quality else None,
        heat=fields.number(record.heat) if record.heat else None,
    )
    return bounded(story, note), fields.keys(record, (link, amp, cdn_amp), rules)
