"""Cut the pages of archives (RFC 5005 section 4), from the old end: what is on a full page stays there for ever.

An item is put on a page once, in the order in which they come: one that is told late, with an old date, goes to the
next page and not into the middle of an old one. So a page changes only when one of its own items does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from feeds.pipeline.order import BuildOrder
from feeds.pipeline.windows import has_archive, limit_of
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.history import PageRow


@dataclass(slots=True)
class Archives:
    """The archives of all feeds: `last` is the number of the newest page of each that has one."""

    order: BuildOrder
    store: Store
    last: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.store.history.last_pages()

    def cut(self, rows: Iterable[FeedRow]) -> None:
        """Put what is too much for one document on pages, in one transaction for all these feeds.

        Killed after it, a build leaves pages that are known and marked, but not published: the next one does that.
        """
        cuts = {row.id: (row, pages) for row in rows if has_archive(self.order, row) and (pages := self._pages(row))}
        if not cuts:
            return
        history = self.store.history
        with self.store.transaction():
            for feed, (row, pages) in cuts.items():
                history.give_pages(feed, pages)
                history.put([PageRow(feed, number, row.title, pages[number][-1][0]) for number in pages])
                history.mark((feed, number) for number in pages)
        self.last |= {feed: max(pages) for feed, (_, pages) in cuts.items()}

    def _pages(self, row: FeedRow) -> dict[int, list[tuple[int, str]]]:
        """Return the pages to be cut, by number: a page is as long as the feed, whose document holds the rest."""
        limit, pages = limit_of(self.order, row), {}
        loose = self.store.history.unpaged(row.id, self.order.now, limit + 1)
        if len(loose) > limit:
            loose = self.store.history.unpaged(row.id, self.order.now)
        number, start = self.last.get(row.id, 0) + 1, 0
        while len(loose) - start > limit:
            pages[number] = loose[start : start + limit]
            number, start = number + 1, start + limit
        return pages

    def given_up(self, rows: Iterable[FeedRow]) -> set[int]:
        """Return the feeds that have an archive and should have none."""
        wanted = {row.id for row in rows if has_archive(self.order, row)}
        return self.last.keys() - wanted
