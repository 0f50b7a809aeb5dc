"""Release the feeds: cut the windows that may have changed, render what did, publish the bytes that differ."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feeds.disk.listing import changes
from feeds.items.encoding import decode_story
from feeds.items.merge import item as item_of
from feeds.model import Artifact, FeedSpec, FeedSummary, WindowRow
from feeds.pipeline.hub_queue import queue_changed
from feeds.pipeline.order import BuildOrder, BuildReport, Ports
from feeds.pipeline.windows import is_configured, window_of
from feeds.publish import plan
from feeds.selection import feed_spec, window_digest
from feeds.sinks.encodings import plain
from feeds.store.feeds import FeedRow
from feeds.store.items import Items
from feeds.store.rows import chunks

if TYPE_CHECKING:
    from feeds.render import Entry

CATALOGUE = "feeds.json"
BATCH = 50
# 2000-01-01, for a feed that never held an item: RFC 4287 4.1.1 wants a date, and validators doubt those before 1990.
NEVER = 946_684_800


@dataclass(frozen=True, slots=True)
class _Draft:
    """A feed to be rendered: its row as it will be, its head and what it holds."""

    row: FeedRow
    spec: FeedSpec
    window: tuple[WindowRow, ...]


def release(order: BuildOrder, ports: Ports, report: BuildReport) -> None:
    """Publish every feed whose bytes would change, and nothing else."""
    _Release(order, ports, report).run()


class _Release:
    def __init__(self, order: BuildOrder, ports: Ports, report: BuildReport) -> None:
        self.order, self.report = order, report
        self.store, self.sink, self.progress = ports.store, ports.sink, ports.progress
        self.published = ports.store.feeds.listings()
        self.damaged = frozenset(map(plain, _damaged(self.published, ports.sink.listings())))
        self.encodings = " ".join(ports.sink.encodings)
        self.recoded = ports.store.meta.get("encodings") != self.encodings
        self.gone: list[str] = []
        self.delete: list[str] = []

    def run(self) -> None:
        """Do what there is to do; where that is nothing, write nothing, not even to the state."""
        marked = self._marked()
        rows = self.store.feeds.all()
        if self.recoded:  # what is published stays as it is; what stands beside it does not
            self.damaged |= {CATALOGUE, *(path for row in rows for path in json.loads(row.files))}
        live = [row for row in rows if is_configured(self.order, row)]
        hurt = {row.id for row in rows if self.damaged.intersection(json.loads(row.files))} if self.damaged else set()
        begun = {row.id for row in rows if '""' in row.files and not _is_out(row)}
        look = marked | hurt | begun
        drafts = [draft for row in live if row.id in look and (draft := self._draft(row, hurt))]
        kept = {row.id for row in live} - (begun - {draft.row.id for draft in drafts})
        dead = [row for row in rows if row.files != "{}" and row.id not in kept]
        if drafts or dead or hurt or marked or CATALOGUE in self.damaged or not self.published:
            self._publish(drafts, dead, rows)
        files = [len(json.loads(row.files)) for row in self.store.feeds.all() if row.files != "{}"]
        self.report.feeds = len(files)
        self.report.unchanged = sum(files) + 1 - len(self.report.written)  # 1 for the catalogue

    def _marked(self) -> set[int]:
        """Return the feeds to look at: marked by earlier steps, by the clock, or by a change to what all share."""
        store, order = self.store, self.order
        last = int(store.meta.get("released", "0"))
        if store.meta.get("site") != order.site_digest:
            return {row.id for row in store.feeds.all()}
        marked = store.feeds.stale() | set(store.items.feeds_between(last, order.now))
        if order.max_age:
            marked |= set(store.items.feeds_between(last - order.max_age, order.now - order.max_age))
        return marked

    def _draft(self, row: FeedRow, hurt: set[int]) -> _Draft | None:
        """Return what the feed is to hold, or None where its files say that already."""
        order = self.order
        window = window_of(order, self.store.feeds, row, order.now)
        if not window and not _is_out(row) and row.kind != "all":
            return None  # nothing to show yet: a topic of drafts only must not be told by its name
        spec = self._spec(row, window)
        updated = max((entry.updated for entry in window), default=row.updated)
        digest = window_digest(spec, window, f"{order.site_digest} {updated}")
        if digest == row.window and row.id not in hurt:
            return None
        return _Draft(replace(row, title=spec.title, updated=updated, count=len(window), window=digest), spec, window)

    def _publish(self, drafts: list[_Draft], dead: list[FeedRow], rows: list[FeedRow]) -> None:
        try:
            self.sink.clear()
            done = {row.id: row for row in self._render(drafts)}
            self._announce(rows, done)
            for row in dead:
                self.delete += json.loads(row.files)
                done[row.id] = replace(row, window="", files="{}")
            before, rows = rows, [done.get(row.id, row) for row in rows]
            self.gone = self._gone([row for row in before if row.id in done], rows)
            self._catalogue(rows)
            self.delete = self._left_over(rows)
            self.sink.commit(self.delete)
        except BaseException:
            self.sink.clear()
            raise
        self._remember(list(done.values()), before)

    def _announce(self, rows: Sequence[FeedRow], done: Mapping[int, FeedRow]) -> None:
        """Note files that were not there before: killed while it publishes, a build must not leave them unknown.

        Their digest is "" until they are in place; what is withdrawn before the next build would else stay for ever.
        """
        coming = []
        for row in rows:
            if row.id in done and done[row.id].files != row.files:
                known = json.loads(row.files)
                new = json.loads(done[row.id].files).keys() - known.keys()
                coming += [replace(row, files=json.dumps(dict.fromkeys(sorted(new), "") | known))] if new else []
        if coming or self.recoded:
            with self.store.transaction():
                self.store.feeds.put(coming)
                if self.recoded:
                    self.store.meta.put("encodings", "?")  # some there, some not: for every next build, a change

    def _gone(self, before: Sequence[FeedRow], rows: Sequence[FeedRow]) -> list[str]:
        """Return the keys under which something was published once and nothing is now; `before` are rows that change.

        Only a digest says that a build came to its end with the file in place: a topic of drafts has none, and what a
        killed build announced has "".
        """
        known: list[str] = json.loads(self.store.meta.get("gone", "[]"))
        was = [path for row in before for path, digest in json.loads(row.files).items() if digest]
        shown = {row.key for row in rows if row.files != "{}"}
        return sorted({*known, *(path.rpartition(".")[0] for path in was)} - shown)

    def _remember(self, rows: list[FeedRow], before: list[FeedRow]) -> None:
        listings = self.sink.listings()
        with self.store.transaction():
            self.store.feeds.put(rows)
            self.store.feeds.unmark()
            self.store.feeds.keep_listings(listings, sorted(self.published.keys() - listings.keys()))
            self.store.meta.put("site", self.order.site_digest)
            self.store.meta.put("encodings", self.encodings)
            self.store.meta.put("gone", json.dumps(self.gone))
            self.store.meta.put("released", str(self.order.now))
            queue_changed(self.store, self.order.site, before, rows, self.order.now)
        self.report.written.sort()
        self.report.deleted = self.delete

    def _left_over(self, rows: Sequence[FeedRow]) -> list[str]:
        """Return what no feed has any more: one may have moved to where another was."""
        if not self.delete:
            return []
        wanted = {path for row in rows for path in json.loads(row.files)}
        return sorted(set(self.delete) - wanted)

    def _render(self, drafts: list[_Draft]) -> Iterator[FeedRow]:
        """Render and stage; each item once, and forgotten after the last feed that shows it."""
        from feeds.render import render_feed  # noqa: PLC0415  feedgen costs 60 ms, which an unchanged build must not pay

        entries = _Entries(self.order, self.store.items, drafts)
        for number, part in enumerate(chunks(drafts, BATCH)):
            entries.load(part)
            for draft in part:
                shown = entries.take(draft.window)
                updated = datetime.fromtimestamp(draft.row.updated or NEVER, UTC)
                files = render_feed(draft.spec, updated, self.order.site, shown, credit=self.order.providers)
                yield self._stage(draft.row, files)
            self.progress("publishing", min((number + 1) * BATCH, len(drafts)), len(drafts))
        self.report.rendered = entries.rendered

    def _stage(self, row: FeedRow, files: Iterable[Artifact]) -> FeedRow:
        todo = plan(tuple(files), json.loads(row.files), self.damaged)
        self._write(todo.write)
        self.delete += todo.delete
        return replace(row, files=json.dumps(todo.manifest))

    def _write(self, artifacts: Iterable[Artifact]) -> None:
        self.report.written += [artifact.path for artifact in artifacts if self.sink.stage(artifact)]

    def _catalogue(self, rows: list[FeedRow]) -> None:
        from feeds.render import render_catalogue  # noqa: PLC0415  see _render

        shown = [row for row in rows if row.files != "{}"]
        self._write([render_catalogue([self._summary(row) for row in shown], self.order.site, self.gone)])

    def _summary(self, row: FeedRow) -> FeedSummary:
        updated = datetime.fromtimestamp(row.updated, UTC) if row.updated is not None else None
        return FeedSummary(self._spec(row, ()), row.count, updated)

    def _spec(self, row: FeedRow, window: Sequence[WindowRow]) -> FeedSpec:
        return feed_spec(row.kind, row.ref, row.key, row.title, window, self.order.rules.taxonomy, self.order.site)


def _is_out(row: FeedRow) -> bool:
    """Tell whether a build has finished publishing the feed, in one format at least."""
    return any(json.loads(row.files).values())


def _damaged(published: dict[str, bytes], there: dict[str, bytes]) -> set[str]:
    """Return the paths of published files that somebody changed or removed since."""
    found = set()
    for folder, entries in published.items():
        if there.get(folder) != entries:
            changed, gone = changes(entries, there.get(folder, b""))
            found |= {name if folder == "." else f"{folder}/{name}" for name in changed | gone}
    return found


class _Entries:
    """The rendered entries that feeds still to come will show."""

    def __init__(self, order: BuildOrder, items: Items, drafts: Sequence[_Draft]) -> None:
        self._site, self._items = order.site, items
        self._uses = Counter(row.id for draft in drafts for row in draft.window)
        self._ready: dict[str, Entry] = {}
        self.rendered = 0

    def load(self, drafts: Sequence[_Draft]) -> None:
        """Render what these feeds show and no earlier feed did."""
        from feeds.render import render_entry  # noqa: PLC0415  see _Release._render

        wanted = {row.id for draft in drafts for row in draft.window} - self._ready.keys()
        for row in self._items.get(sorted(wanted)).values():
            if row.story is not None:
                item = item_of(row.id, decode_story(row.story), row.published, row.updated)
                self._ready[row.id] = render_entry(item, self._site)
        self.rendered += len(wanted)

    def take(self, window: Sequence[WindowRow]) -> list["Entry"]:
        """Return the entries of one feed, forgetting those that no later feed shows."""
        shown = [self._ready[row.id] for row in window]
        for row in window:
            self._uses[row.id] -= 1
            if not self._uses[row.id]:
                del self._ready[row.id]
        return shown
