"""Release the feeds: cut the windows that may have changed, render what did, publish the bytes that differ."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from feeds.disk.listing import changes
from feeds.model.tree import FRONT, document_key, feed_and_page
from feeds.pipeline.documents import Documents
from feeds.pipeline.drafts import Draft, Drafts
from feeds.pipeline.hub_queue import queue_changed
from feeds.pipeline.order import BuildOrder, BuildReport, Ports
from feeds.pipeline.paging import Archives
from feeds.pipeline.site_files import health_facts, site_files
from feeds.pipeline.windows import custom_of, is_configured
from feeds.publish import digest
from feeds.selection import under
from feeds.sinks.encodings import plain
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.history import PageRow


def release(order: BuildOrder, ports: Ports, report: BuildReport) -> None:
    """Publish every feed whose bytes would change, and nothing else."""
    _rename_site(order, ports.store)
    _Release(order, ports, report).run()


class _Release:
    def __init__(self, order: BuildOrder, ports: Ports, report: BuildReport) -> None:
        self.report = report
        self.store, self.sink = ports.store, ports.sink
        self.published = ports.store.feeds.listings()
        self.damaged = frozenset(map(plain, _damaged(self.published, ports.sink.listings())))
        self.encodings = " ".join(ports.sink.encodings)
        self.recoded = ports.store.meta.get("encodings") != self.encodings
        self.site_files: dict[str, str] = json.loads(ports.store.meta.get("site_files", "{}"))
        self.order = order
        # A front page that somebody else put there stays; the very one we published is ours, whatever it says.
        if theirs := order.other_front not in {"", self.site_files.get(FRONT)}:
            self.site_files.pop(FRONT, None)
        report.front_kept = theirs and bool(order.look)
        self.redone = ports.store.meta.get("site") != order.site_digest
        self.rows = ports.store.feeds.all()
        if self.recoded:  # what is published stays as it is; what stands beside it does not
            files = [*(row.files for row in self.rows), *(page.files for page in ports.store.history.pages())]
            self.damaged |= {*self.site_files, *(path for each in files for path in json.loads(each))}
        self.upkeep = health_facts(order, ports.store)
        self.health = digest(repr(self.upkeep).encode("utf-8", "backslashreplace")) if self.upkeep else ""
        self.documents = Documents(order, ports, report, self.damaged)
        self.archives = Archives(order, ports.store)
        self.drafts = Drafts(order, ports.store, self.archives.last)
        self.hurt_pages = self._find_hurt_pages() if self.damaged else set()
        self.gone: list[str] = []

    def run(self) -> None:
        """Do what there is to do; where that is nothing, write nothing, not even to the state."""
        marked = self._marked()
        live = [row for row in self.rows if is_configured(self.order, row)]
        hurt = {row.id for row in self.rows if self.damaged and self.damaged.intersection(json.loads(row.files))}
        begun = {row.id for row in self.rows if '""' in row.files and not row.is_out}
        look = marked | hurt | begun
        self.archives.cut([row for row in live if row.id in look])
        drafts = [draft for row in live if row.id in look and (draft := self.drafts.feed(row, hurt=row.id in hurt))]
        kept = {row.id for row in live} - (begun - {_number(draft) for draft in drafts})
        dead = [row for row in self.rows if row.files != "{}" and row.id not in kept]
        given_up = self.archives.given_up([row for row in live if row.id in kept])
        pages = self._pages(given_up)
        # Somebody's own front page may be gone by now.
        no_front = bool(self.order.look) and not self.report.front_kept and FRONT not in self.site_files
        missing = self.damaged & self.site_files.keys() or not self.site_files or no_front
        unwell = self.store.meta.get("health") != self.health
        if drafts or pages or dead or hurt or marked or given_up or missing or unwell or not self.published:
            # Topics have fewer items than providers have: these are then still at hand.
            drafts.sort(key=lambda draft: draft.spec.kind == "provider")
            self._publish(drafts, pages, dead, given_up)
        self._count()

    def _count(self) -> None:
        files = [len(json.loads(row.files)) for row in self.store.feeds.all() if row.files != "{}"]
        pages = self.store.history.count_pages() * len(self.order.site.formats)
        self.report.feeds = len(files)
        self.report.unchanged = sum(files) + pages + len(self.site_files) - len(self.report.written)

    def _marked(self) -> set[int]:
        """Return the feeds to look at: marked by earlier steps, by the clock, or by a change to what all share."""
        store, order = self.store, self.order
        last = int(store.meta.get("released", "0"))
        if self.redone:
            return {row.id for row in self.rows}
        marked = store.feeds.stale() | {feed for feed, _ in store.history.stale()}
        for age in {0, order.max_age}:
            marked |= set(store.items.feeds_between(last - age, order.now - age))
        if order.tombstone_age:
            marked |= store.history.weathered(order.now - order.tombstone_age)
        return marked | {row.id for row in self.rows if self._aged(row, last)}

    def _aged(self, row: FeedRow, last: int) -> bool:
        """Tell whether since the last release an item came to an age at which it enters or leaves a custom feed."""
        custom = custom_of(self.order, row)
        bounds = custom.query.bounds if custom else ()
        return any(self.store.history.any_between(row.id, last - age, self.order.now - age) for age in bounds)

    def _pages(self, given_up: set[int]) -> list[PageRow]:
        """Return the pages of archives to be looked at, the newest first: these show what feeds show, too."""
        history = self.store.history
        whole = self.redone or self.recoded
        pages = history.pages() if whole else history.some_pages(history.stale() | self.hurt_pages)
        return sorted((page for page in pages if page.feed not in given_up), key=lambda page: -page.updated)

    def _page_drafts(self, pages: Iterable[PageRow], rows: Iterable[FeedRow]) -> Iterator[Draft | None]:
        feeds = {row.id: row for row in rows}
        for page in pages:
            window = tuple(self.store.history.contents(page.feed, page.page))
            hurt = self.recoded or (page.feed, page.page) in self.hurt_pages
            yield self.drafts.page(page, feeds[page.feed], window, hurt=hurt)

    def _find_hurt_pages(self) -> set[tuple[int, int]]:
        """Return the pages whose files somebody removed or changed; others may have put any number there."""
        numbers = {row.key: row.id for row in self.rows}
        found = set()
        for path in self.damaged:
            key, page = feed_and_page(path)
            if key in numbers and page.isdecimal():
                feed, number = numbers[key], int(page)
                if number <= self.archives.last.get(feed, 0):
                    found.add((feed, number))
        return found

    def _publish(
        self, drafts: Sequence[Draft], pages: Sequence[PageRow], dead: Sequence[FeedRow], given_up: set[int]
    ) -> None:
        try:
            self.sink.clear()
            of = len(drafts) + len(pages)
            done = {row.id: row for row in self.documents.render(drafts, of) if isinstance(row, FeedRow)}
            self._announce(done)
            for row in dead:
                self.documents.delete += json.loads(row.files)
                done[row.id] = replace(row, window="", files="{}", total=0)
            before, rows = self.rows, [done.get(row.id, row) for row in self.rows]
            self.gone = self._gone([row for row in before if row.id in done], rows)
            self._drop(given_up)
            site = site_files(self.order, self.drafts, rows, self.gone, self.upkeep, front=not self.report.front_kept)
            self.site_files = self.documents.stage(site, self.site_files)
            made = self.documents.render(self._page_drafts(pages, rows), of)
            kept = [row for row in made if isinstance(row, PageRow)]
            delete = self._left_over(rows, kept)
            self.sink.commit(delete)
        except BaseException:
            self.sink.clear()
            raise
        self._remember(list(done.values()), kept, given_up, before)
        self.report.written.sort()
        self.report.deleted = delete

    def _drop(self, given_up: set[int]) -> None:
        """Have the archives of these feeds deleted; what a killed build has not published may be there all the same."""
        keys = {row.id: row.key for row in self.rows}
        for page in self.store.history.pages(given_up) if given_up else ():
            files = list(json.loads(page.files))
            self.documents.delete += files or [
                f"{document_key(keys[page.feed], page.page)}.{ending}" for ending in self.order.site.formats
            ]

    def _announce(self, done: Mapping[int, FeedRow]) -> None:
        """Note files that were not there before: killed while it publishes, a build must not leave them unknown.

        Their digest is "" until they are in place; what is withdrawn before the next build would else stay for ever.
        """
        coming = []
        for row in self.rows:
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
        was = [path for row in before for path, made in json.loads(row.files).items() if made]
        shown = {row.key for row in rows if row.files != "{}"}
        return sorted({*known, *(path.rpartition(".")[0] for path in was)} - shown)

    def _remember(
        self, rows: list[FeedRow], pages: Sequence[PageRow], given_up: set[int], before: Sequence[FeedRow]
    ) -> None:
        store, order = self.store, self.order
        listings = self.sink.listings()
        with store.transaction():
            store.feeds.put(rows)
            store.feeds.unmark()
            store.history.put(pages)
            store.history.unmark()
            store.history.drop(given_up)
            store.history.forget(order.now - order.tombstone_age)
            store.feeds.keep_listings(listings, sorted(self.published.keys() - listings.keys()))
            for key, value in self._kept().items():
                store.meta.put(key, value)
            queue_changed(store, order.site, before, rows, order.now)

    def _kept(self) -> dict[str, str]:
        return {
            "site": self.order.site_digest,
            "site_title": self.order.site.title,
            "site_files": json.dumps(self.site_files),
            "encodings": self.encodings,
            "gone": json.dumps(self.gone),
            "health": self.health,
            "released": str(self.order.now),
        }

    def _left_over(self, rows: Sequence[FeedRow], pages: Iterable[PageRow]) -> list[str]:
        """Return what nothing has any more: one feed may have moved to where another was."""
        if not self.documents.delete:
            return []
        files = [*(row.files for row in rows), *(page.files for page in pages)]
        wanted = {path for each in files for path in json.loads(each)} | self.site_files.keys()
        return sorted(set(self.documents.delete) - wanted)


def _rename_site(order: BuildOrder, store: Store) -> None:
    """Have all titles that are kept name the site as it is called now.

    What no item names goes on by its title: an empty feed, a page of an archive. With the old name of the site in it,
    each further one would be added to that.
    """
    was, now = store.meta.get("site_title", order.site.title), order.site.title
    if was == now:
        return
    with store.transaction():
        store.feeds.put([replace(row, title=under(row.title, was, now)) for row in store.feeds.all()])
        store.history.put([replace(page, title=under(page.title, was, now)) for page in store.history.pages()])
        store.meta.put("site_title", now)


def _number(draft: Draft) -> int:
    return draft.row.id if isinstance(draft.row, FeedRow) else draft.row.feed


def _damaged(published: dict[str, bytes], there: dict[str, bytes]) -> set[str]:
    """Return the paths of published files that somebody changed or removed since."""
    found = set()
    for folder, entries in published.items():
        if there.get(folder) != entries:
            changed, gone = changes(entries, there.get(folder, b""))
            found |= {name if folder == "." else f"{folder}/{name}" for name in changed | gone}
    return found
