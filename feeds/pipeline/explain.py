"""Tell the whole story of an item: who tells it, what of whom is shown, by which rules it is in which feeds.

Only reads. Must never decide anything: every answer is that of the function the build itself asks.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from feeds.items.encoding import decode_sighting, decode_story
from feeds.items.merge import Placed, digest, merge, speaker
from feeds.items.provenance import Origin, Said, in_words, origins, topic_origins
from feeds.items.repairs import Mended
from feeds.links.effects import urls_of
from feeds.links.encoding import decode_link
from feeds.model import Story
from feeds.pipeline.explained import Dates, Explanation, FieldTold, LinkTold, NameTold, Place, TopicTold
from feeds.pipeline.grouping import why_together
from feeds.pipeline.lookup import Meant
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.places import Placing, places
from feeds.pipeline.telling import document_name
from feeds.pipeline.witnesses import Entry, Witnesses, entry_of, entry_told, topic_told, wider_told
from feeds.pipeline.written import Originals, Read, entry_repairs, mended
from feeds.remote.encoding import decode_entry
from feeds.remote.shown import headline, told_date
from feeds.store import Store
from feeds.store.items import ItemRow
from feeds.store.traces import Traces

_SETTINGS = "the settings are not those of the last build"
_CHANGED = "what it is made of changed since the last build"


def explain(store: Store, traces: Traces, order: BuildOrder, meant: Meant, read: Read, key: str = "") -> Explanation:
    """Return all there is to tell of what is meant, of its place in the feed of this key or in all of them.

    `read` gives a record file as it is now, by its name.
    """
    originals = Originals(store, order.rules, read)
    if meant.item:
        return _Item(store, traces, order, originals, meant.item).told(key)
    if meant.entry:
        [row] = store.sources.get([meant.entry]).values()
        return _of_entry(entry_of(store, order, row), traces, order)
    return _of_record(traces, originals, meant.file)


def _of_record(traces: Traces, originals: Originals, file: str) -> Explanation:
    problems, changed = traces.problems(["record:" + file]), originals.changed([file])
    if any(told.own for told in traces.told_by(file)):
        return Explanation("", file, "waiting", "the next feeds build makes an item of it", changed)
    why = "its own story cannot be published"
    return Explanation("", file, "faulty", why, changed, problems=tuple(map(str, problems)))


def _of_entry(entry: Entry, traces: Traces, order: BuildOrder) -> Explanation:
    row, told = entry.row, entry.told
    said = decode_entry(row.body)
    state = ("refused", told.refusal) if told.refusal else ("waiting", "the next feeds build makes an item of it")
    told_in_words = (
        ("title", headline(said)), ("link", said.link), ("summary", said.summary), ("date", said.published),
        ("updated", said.updated), ("authors", said.authors), ("categories", said.categories),
        ("language", said.language),
    )  # fmt: skip
    if told.seen:
        seen = decode_sighting(told.seen.body)
        repairs = entry_repairs(said, seen.story, order.rules.tracking)
        told_fields = (FieldTold(each.field, each.value, entry.place, "") for each in origins([Placed("", seen)]))
        fields = tuple(mended(field, repairs) for field in told_fields)
    else:
        words = ((name, in_words(value)) for name, value in told_in_words)
        fields = tuple(FieldTold(name, value, entry.place, "") for name, value in words if value)
    return Explanation(
        "",
        headline(said) or entry.place,
        *state,
        fields=fields,
        sightings=(entry_told(entry, headline(said)),),
        topics=tuple(topic_told(reason.topic, entry, counts=True) for reason in told.reasons),
        dates=Dates(first_seen=row.first_seen),
        problems=_problems(traces, document_name(row.source, row.name)),
    )


def _problems(traces: Traces, *files: str, item: str = "") -> tuple[str, ...]:
    owners = [*("record:" + file for file in files), *(["item:" + item] if item else [])]
    return tuple(map(str, traces.problems(owners)))


class _Item:
    """One item and all that is known of it."""

    def __init__(self, store: Store, traces: Traces, order: BuildOrder, originals: Originals, key: str) -> None:
        self._store, self._traces, self._order, self._key = store, traces, order, key
        self._originals = originals
        self._row: ItemRow | None = store.items.get([key]).get(key)
        self._who = Witnesses(store, traces, order, key)
        # What would be told if nobody held it back.
        free = [Placed(each.file, replace(each.sighting, held=False)) for each in self._who.placed]
        self._told = merge(free)
        self._shown = decode_story(self._row.story) if self._row and self._row.story else None
        self._links = self._links_told(self._told)

    def told(self, key: str) -> Explanation:
        story, (state, why) = self._shown or self._told, self._state()
        files = {placed.file for placed in self._who.placed if placed.sighting.own}
        return Explanation(
            self._key,
            story.title if story else "",
            state,
            why,
            self._pending(),
            self._who.told(),
            tuple(map(self._field, origins(self._who.placed))),
            self._topics(),
            self._names(),
            self._links,
            self._dates(),
            self._places(story, state, why, key),
            _problems(self._traces, *sorted(files), item=self._key),
            story.follows if story else "",
            story.also if story else (),
            why_together(self._store, self._order, self._key),
        )

    def _state(self) -> tuple[str, str]:
        row, held = self._row, [placed for placed in self._who.placed if placed.sighting.held]
        if row and row.story is not None:
            coming = row.published > self._order.now
            return ("coming", f"it is dated {_moment(row.published)}") if coming else ("published", "")
        if not self._who.placed:
            return "withdrawn", "nobody tells it any more"
        if held:
            return "held back", f"{', '.join(self._who.place(each.file) for each in held)} says that it is unpublished"
        if row is None:
            return "waiting", "the next feeds build makes an item of it"
        page = next((link for link in self._links if link.role == "article"), None)
        if page and page.verdict in {"dead", "suspect", "blocked"}:
            return "left out", f"its page is {page.verdict}: {page.reason} (links.on_{page.verdict})"
        return "waiting", "the last build did not come to its end"

    def _pending(self) -> str:
        meta, order, row = self._store.meta, self._order, self._row
        known = (meta.get("rules"), meta.get("site"), meta.get("sources"))
        if known != (order.rules_digest, order.site_digest, order.sources_digest):
            return _SETTINGS
        if changed := self._originals.changed(placed.file for placed in self._who.placed if not placed.sighting.remote):
            return changed
        entries = [entry.row for entry in self._who.entries.values()]
        retold = any(self._traces.is_to_be_told(each.source, each.name) for each in entries)
        told_anew = row and row.story and (self._told is None or digest(self._told, row.published) != row.told)
        return _CHANGED if retold or told_anew or self._traces.is_marked(self._key) else ""

    def _field(self, origin: Origin) -> FieldTold:
        shown = in_words(getattr(self._shown, origin.field)) if self._shown else ""
        others = tuple(Said(self._who.place(said.file), said.value) for said in origin.others)
        told = FieldTold(origin.field, origin.value, self._who.place(origin.file), shown, others)
        return mended(told, self._repairs(speaker(self._who.placed, origin.field)))

    def _repairs(self, placed: Placed) -> Mapping[str, Mended]:
        if not placed.sighting.remote:
            return self._originals.repairs(placed)
        entry = self._who.entries.get(placed.file)
        if entry is None:
            return {}
        return entry_repairs(decode_entry(entry.row.body), placed.sighting.story, self._order.rules.tracking)

    def _topics(self) -> tuple[TopicTold, ...]:
        found = topic_origins(self._who.placed)
        named = [self._who.why(each.topic, file, counts=each.counts) for each in found for file in each.files]
        named = list(map(self._originals.topic, named))
        return (*named, *wider_told([each.topic for each in found if each.counts], self._order.rules.taxonomy))

    def _names(self) -> tuple[NameTold, ...]:
        found = ((_called(name), since) for name, since in self._traces.names_of(self._key))
        return tuple(NameTold(name, since) for name, since in found if name)

    def _links_told(self, story: Story | None) -> tuple[LinkTold, ...]:
        urls = urls_of(story) if story else ()
        known = {url: decode_link(row.body) for url, row in self._store.links.get([url for url, _ in urls]).items()}
        return tuple(
            LinkTold(
                url, role.value, state.verdict.value, state.reason, state.since, state.checked_at,
                state.moved_to if state.moved_confirmed else "", state.pin,
            )
            if (state := known.get(url))
            else LinkTold(url, role.value, "unknown")
            for url, role in urls
        )  # fmt: skip

    def _dates(self) -> Dates:
        row = self._row
        return Dates(row.published, self._dated_by(row), row.updated, row.first_seen) if row else Dates()

    def _dated_by(self, row: ItemRow) -> str:
        if not self._who.placed:
            return ""
        leader = speaker(self._who.placed, "date")
        date, place = leader.sighting.story.date, self._who.place(leader.file)
        if date is None:
            return "first sight: it has no date"
        if int(date.timestamp()) != row.published:
            return f"fixed since readers saw it; {place} says {in_words(date)} now"
        entry = self._who.entries.get(leader.file)
        if entry and told_date(decode_entry(entry.row.body), entry.row.first_seen) is None:
            return f"first sight: {place} gives no date that can be true"
        return f"as {place} says"

    def _places(self, story: Story | None, state: str, why: str, key: str) -> tuple[Place, ...]:
        if story is None:
            return ()
        absent = "" if state in {"published", "coming"} else f"{state}: {why}"
        published = self._row.published if self._row else 0
        verdict = self._row.verdict if self._row else ""
        placing = Placing(self._key, story, published, absent, verdict)
        return places(self._store, self._traces, self._order, placing, key)


def _called(name: str) -> str:
    """Return a name of the ledger as people write it, "" for one that only repeats another."""
    if name.startswith("record:source://"):
        return ""
    source, _, guid = name.removeprefix("guid:").partition(":")
    return f"{source}#{guid}" if name.startswith("guid:") else name.removeprefix("record:")


def _moment(seconds: int) -> str:
    return in_words(datetime.fromtimestamp(seconds, UTC))
