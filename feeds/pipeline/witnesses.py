"""Gather who tells a story: the sightings, with the entries of remote feeds that some of them were made from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from feeds.items.encoding import decode_sighting
from feeds.items.merge import Placed, voices
from feeds.items.slugs import fold
from feeds.model import Taxonomy
from feeds.pipeline.explained import SightingTold, TopicTold
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.telling import Retold, document_name, explain_entry
from feeds.remote.topics import Reason
from feeds.selection.carriers import wider
from feeds.store import Store
from feeds.store.documents import REMOTE
from feeds.store.sources import EntryRow
from feeds.store.traces import Traces


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, and what the settings of now make of it."""

    row: EntryRow
    told: Retold

    @property
    def place(self) -> str:
        """Return what people call it."""
        return f"{self.row.source}#{self.row.name}"


class Witnesses:
    """All who tell one item, in the order in which they are believed."""

    def __init__(self, store: Store, traces: Traces, order: BuildOrder, item: str) -> None:
        said = [Placed(row.file, decode_sighting(row.body)) for row in store.items.sightings([item])]
        self.placed = voices(said)
        self.entries = _entries(store, traces, order, {placed.file for placed in said if placed.sighting.remote})

    def place(self, file: str) -> str:
        """Return what people call a document: a record's file, or an entry and its source."""
        entry = self.entries.get(file)
        return entry.place if entry else file.removeprefix(REMOTE)

    def told(self) -> tuple[SightingTold, ...]:
        """Return them for people."""
        return tuple(self._told(placed) for placed in self.placed)

    def _told(self, placed: Placed) -> SightingTold:
        seen, entry = placed.sighting, self.entries.get(placed.file)
        kind = "remote" if seen.remote else "record" if seen.own else "mention"
        told = SightingTold(self.place(placed.file), kind, seen.story.title, seen.held)
        return replace(entry_told(entry, told.title), refusal=entry.told.refusal) if entry else told

    def why(self, topic: str, file: str, *, counts: bool) -> TopicTold:
        """Return why a document gives the story a topic."""
        entry = self.entries.get(file)
        if entry is not None:
            return topic_told(topic, entry, counts=counts)
        if file.startswith(REMOTE):
            return TopicTold(topic, self.place(file), "source", "its entry is no longer kept", counts)
        own = any(placed.sighting.own for placed in self.placed if placed.file == file)
        rule, why = (
            ("record", "the record lists it") if own else ("mention", "the record that names it as related does")
        )
        return TopicTold(topic, file, rule, why, counts)


def entry_told(entry: Entry, title: str) -> SightingTold:
    """Return an entry as one of those who tell a story."""
    return SightingTold(entry.place, "remote", title, since=entry.row.first_seen, gone=entry.row.gone_at)


def topic_told(topic: str, entry: Entry, *, counts: bool) -> TopicTold:
    """Return why an entry has a topic."""
    unknown = Reason(topic, "source", "the settings of an earlier build")
    reason = next((each for each in entry.told.reasons if fold(each.topic) == fold(topic)), unknown)
    return TopicTold(topic, entry.place, reason.rule, reason.why, counts)


def wider_told(topics: Sequence[str], taxonomy: Taxonomy) -> Iterator[TopicTold]:
    """Yield the wider topics that take these in, each once, as far as they are not among them."""
    known = set(map(fold, topics))
    for topic in topics:
        for wide in wider(topic, taxonomy):
            if fold(wide) not in known:
                known.add(fold(wide))
                yield TopicTold(wide, "topics.yaml", "wider", f"takes in {topic}", counts=True)


def entry_of(store: Store, order: BuildOrder, row: EntryRow) -> Entry:
    """Return an entry with what the settings of now make of it."""
    return Entry(row, explain_entry(store, order.sources, order.rules, row))


def _entries(store: Store, traces: Traces, order: BuildOrder, files: Iterable[str]) -> dict[str, Entry]:
    """Return the entries behind these documents, as far as they are still kept."""
    wanted = set(files)
    keys = {
        document_name(source, name): (source, name)
        for source in {file.removeprefix(REMOTE).rpartition("/")[0] for file in wanted}
        for name in traces.entry_names(source)
    }
    rows = store.sources.get([keys[file] for file in wanted if file in keys])
    return {document_name(*key): entry_of(store, order, row) for key, row in rows.items()}
