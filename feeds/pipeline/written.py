"""Find what was written where the fields of an item come from, and what was mended of it on its way to readers.

Must never tell repairs of a text that is not the one the item was made from.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from feeds.items.merge import Placed
from feeds.items.provenance import in_words
from feeds.items.repairs import Mended, cut_repairs, listed_as, part_of, record_repairs, url_repairs
from feeds.items.rules import Rules
from feeds.items.urls import Tracking
from feeds.model import Story
from feeds.model.remote import RemoteEntry
from feeds.pipeline.explained import FieldTold, TopicTold
from feeds.remote.shown import excerpt, headline, page
from feeds.sources.reading import Original
from feeds.store import Store

# Gives a record file as it is now, by its name.
Read = Callable[[str], Original]

_SHOWN = 2_000  # of a text, as written


class Originals:
    """The record files that tell an item, each read once."""

    def __init__(self, store: Store, rules: Rules, read: Read) -> None:
        self._store, self._rules, self._read = store, rules, read
        self._known: dict[str, Original] = {}

    def changed(self, files: Iterable[str]) -> str:
        """Return in words which of these files says something else than it did to the last build, "" for none."""
        wanted = sorted(set(files))
        revisions = self._store.documents.revisions(wanted)
        for file in wanted:
            now = self._of(file).revision
            if now != revisions.get(file, ""):
                return f"{file} {'changed since the last build' if now else 'is gone or cannot be read any more'}"
        return ""

    def repairs(self, placed: Placed) -> Mapping[str, Mended]:
        """Return what was mended of what a record says of a story, by field."""
        record, seen = self._of(placed.file).record, placed.sighting
        part = part_of(record, seen.story, self._rules, own=seen.own) if record else None
        return record_repairs(part, seen.story, self._rules) if part else {}

    def topic(self, told: TopicTold) -> TopicTold:
        """Return a topic with how its record writes it, where that is another name."""
        record = self._of(told.place).record if told.rule == "record" else None
        name = listed_as(record, told.topic, self._rules) if record else ""
        return replace(told, why=f"{told.why} as {name!r}") if name else told

    def _of(self, file: str) -> Original:
        if file not in self._known:
            self._known[file] = self._read(file)
        return self._known[file]


def mended(field: FieldTold, repairs: Mapping[str, Mended]) -> FieldTold:
    """Return a field with what was mended of it, if anything was."""
    found = repairs.get(field.field)
    return replace(field, written=found.written, repairs=found.repairs) if found else field


def entry_repairs(entry: RemoteEntry, story: Story, tracking: Tracking) -> dict[str, Mended]:
    """Return what was mended of an entry as it is kept, by field of the story that was made of it."""
    found = {
        "title": _title(entry),
        "summary": _summary(entry),
        "link": Mended(entry.link, page(entry, tracking)[0], url_repairs(entry.link, "", tracking)),
        "date": _date(entry, story),
    }
    return {name: each for name, each in found.items() if each.repairs and each.value == in_words(getattr(story, name))}


def _title(entry: RemoteEntry) -> Mended:
    told = headline(entry)
    if not entry.title and told:
        return Mended("", told, ("no title: the first words of its text",))
    return Mended(entry.title, told, cut_repairs(told, entry.title))


def _summary(entry: RemoteEntry) -> Mended:
    told = excerpt(entry)
    if not entry.summary and told:
        return Mended(entry.content[:_SHOWN], told, ("no summary: the beginning of its text, without tags",))
    return Mended(entry.summary, told, cut_repairs(told, entry.summary))


def _date(entry: RemoteEntry, story: Story) -> Mended:
    written = entry.published or entry.updated
    if story.date == entry.published:
        repairs: tuple[str, ...] = ()
    elif story.date == entry.updated:
        repairs = ("no date of publication that can be true: that of its last change",)
    else:
        repairs = ("no date that can be true: when it was first seen",)
    return Mended(in_words(written), in_words(story.date), repairs)
