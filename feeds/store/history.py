"""What feeds held before: the pages of their archives, and what was withdrawn from them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, tuple_, update

from feeds.model import WindowRow
from feeds.store import schema
from feeds.store.feeds import window_rows
from feeds.store.rows import add, chunks, put

archive, former, item, membership = schema.archive, schema.former, schema.item, schema.membership
stale_page, tombstone = schema.stale_page, schema.tombstone

_UNPAGED = (
    select(membership.c.published, membership.c.item)
    .where(membership.c.feed == bindparam("feed"), membership.c.page == 0, membership.c.published <= bindparam("until"))
    .order_by(membership.c.published, membership.c.item)
)


_CONTENTS = (
    window_rows()
    .where(membership.c.feed == bindparam("feed"), membership.c.page == bindparam("page"))
    .order_by(membership.c.published.desc(), membership.c.item)
)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of an archive as it was published: `title` is the feed's when the page was cut, the rest as in a feed."""

    feed: int
    page: int
    title: str
    updated: int
    window: str = ""
    files: str = "{}"


_page_row = attrgetter(*PageRow.__slots__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places in a feed published after `after` and not later than `until`, of `ages` only unless these are None."""

    after: int
    until: int
    ages: str | None = None


class History:
    """Pages and tombstones. A page is never given other items than those it was cut with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unpaged(self, feed: int, until: int, most: int = -1) -> list[tuple[int, str]]:
        """Return the items (published, id) of a feed on no page, published by `until`, the oldest first, -1 for all."""
        query = _UNPAGED if most < 0 else _UNPAGED.limit(most)
        bounds = {"feed": feed, "until": until}
        return [(row[0], row[1]) for row in self._connection.execute(query, bounds)]

    def give_pages(self, feed: int, pages: Mapping[int, Iterable[tuple[int, str]]]) -> None:
        """Put items (published, id) of a feed on pages, by number."""
        rows = [(page, feed, *place) for page, places in pages.items() for place in places]
        statement = "UPDATE membership SET page = {} WHERE feed = {} AND published = {} AND item = {}"
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        if rows:
            self._connection.exec_driver_sql(statement.format(mark, mark, mark, mark), rows)

    def contents(self, feed: int, page: int) -> Iterator[WindowRow]:
        """Yield what stands on a page, newest first, ties by id."""
        rows = self._connection.execute(_CONTENTS, {"feed": feed, "page": page}).all()
        yield from (WindowRow(*row) for row in rows)

    def last_pages(self) -> dict[int, int]:
        """Return the number of the newest page of every feed that has an archive."""
        query = select(archive.c.feed, func.max(archive.c.page)).group_by(archive.c.feed)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def count_pages(self) -> int:
        """Return how many pages there are."""
        return int(self._connection.execute(select(func.count()).select_from(archive)).scalar() or 0)

    def any_between(self, feed: int, after: int, until: int) -> bool:
        """Tell whether an item of a feed was published after `after` and not later than `until`."""
        mine = (membership.c.feed == feed, membership.c.published > after, membership.c.published <= until)
        return self._connection.execute(select(membership.c.item).where(*mine).limit(1)).first() is not None

    def pages(self, feeds: Iterable[int] | None = None) -> list[PageRow]:
        """Return all pages of these feeds, of all feeds without any named."""
        query = select(archive).order_by(archive.c.feed, archive.c.page)
        if feeds is None:
            return [PageRow(*row) for row in self._connection.execute(query)]
        parts = (self._connection.execute(query.where(archive.c.feed.in_(part))) for part in chunks(sorted(feeds)))
        return [PageRow(*row) for rows in parts for row in rows]

    def some_pages(self, wanted: Iterable[tuple[int, int]]) -> list[PageRow]:
        """Return these pages (feed, number)."""
        key = tuple_(archive.c.feed, archive.c.page)
        query = select(archive).order_by(archive.c.feed, archive.c.page)
        parts = (self._connection.execute(query.where(key.in_(part))) for part in chunks(sorted(wanted)))
        return [PageRow(*row) for rows in parts for row in rows]

    def put(self, rows: Sequence[PageRow]) -> None:
        """Keep pages, new or changed."""
        put(self._connection, archive, PageRow.__slots__, list(map(_page_row, rows)))

    def drop(self, feeds: Iterable[int]) -> None:
        """Forget the archives of these feeds: their items are on no page any more."""
        for part in chunks(sorted(feeds)):
            self._connection.execute(archive.delete().where(archive.c.feed.in_(part)))
            self._connection.execute(stale_page.delete().where(stale_page.c.feed.in_(part)))
            mine = (membership.c.feed.in_(part), membership.c.page > 0)
            self._connection.execute(update(membership).where(*mine).values(page=0))

    def mark(self, pages: Iterable[tuple[int, int]]) -> None:
        """Note that these pages (feed, number) may have changed."""
        put(self._connection, stale_page, ("feed", "page"), sorted(set(pages)))

    def stale(self) -> set[tuple[int, int]]:
        """Return the pages that may have changed since they were published."""
        return {(row[0], row[1]) for row in self._connection.execute(select(stale_page))}

    def unmark(self) -> None:
        """Note that every page is published as it is."""
        self._connection.execute(stale_page.delete())

    def restore(self, until: int, now: int) -> None:
        """After all places were given out anew: put items back on their pages, bury those that are told no more.

        Any page may have changed. Only what was published by `until` can have been seen, and leaves a tombstone of
        `now`. Times are seconds since 1970.
        """
        # In the database: all but the newest of a feed stand on its pages, too many to hold.
        same = (membership.c[name] == former.c[name] for name in ("feed", "published", "item"))
        paged = former.c.page > 0
        if self._connection.execute(select(former.c.page).where(paged).limit(1)).first() is not None:
            self._connection.execute(update(membership).values(page=former.c.page).where(paged, *same))
        lost = select(former.c.feed, former.c.item).join(item, item.c.id == former.c.item)
        lost = lost.where(item.c.story.is_(None), former.c.published <= until)
        self.bury([(row[0], row[1]) for row in self._connection.execute(lost)], now)
        self._connection.execute(former.delete())
        self._connection.execute(stale_page.delete())
        every = select(archive.c.feed, archive.c.page)
        self._connection.execute(stale_page.insert().from_select(["feed", "page"], every))

    def bury(self, places: Iterable[tuple[int, str]], now: int) -> None:
        """Leave a tombstone where items (feed, id) were withdrawn; one that stands there stays as old as it is."""
        values: list[tuple[Any, ...]] = [(feed, key, now) for feed, key in sorted(set(places))]
        known = tuple_(tombstone.c.feed, tombstone.c.item)
        there = {
            (row[0], row[1])
            for part in chunks([(feed, key) for feed, key, _ in values])
            for row in self._connection.execute(select(tombstone.c.feed, tombstone.c.item).where(known.in_(part)))
        }
        add(self._connection, tombstone, ("feed", "item", "since"), [row for row in values if row[:2] not in there])

    def raise_up(self, items: Iterable[str]) -> set[int]:
        """Take the tombstones of these items away, for they are told again; return the feeds that had one."""
        feeds: set[int] = set()
        for part in chunks(sorted(items)):
            mine = tombstone.c.item.in_(part)
            feeds.update(self._connection.execute(select(tombstone.c.feed).where(mine)).scalars())
            self._connection.execute(tombstone.delete().where(mine))
        return feeds

    def bereft(self, after: int) -> set[int]:
        """Return the feeds from which something was withdrawn after `after`."""
        query = select(tombstone.c.feed).where(tombstone.c.since > after).distinct()
        return set(self._connection.execute(query).scalars())

    def tombstones(self, feed: int, after: int, most: int) -> list[tuple[str, int]]:
        """Return what was withdrawn from a feed after `after` (id, when), the newest first, at most so many."""
        columns = tombstone.c
        query = select(columns.item, columns.since).where(columns.feed == feed, columns.since > after)
        rows = self._connection.execute(query.order_by(columns.since.desc(), columns.item).limit(most))
        return [(row[0], row[1]) for row in rows]

    def weathered(self, until: int) -> set[int]:
        """Return the feeds with tombstones from `until` or before."""
        query = select(tombstone.c.feed).where(tombstone.c.since <= until).distinct()
        return set(self._connection.execute(query).scalars())

    def forget(self, until: int) -> None:
        """Remove the tombstones from `until` or before."""
        self._connection.execute(tombstone.delete().where(tombstone.c.since <= until))

    def ages(self, feed: int) -> list[str]:
        """Return the ages at which items belong to a feed, each once."""
        query = select(membership.c.ages).where(membership.c.feed == feed).distinct()
        return sorted(self._connection.execute(query).scalars())

    def total(self, feed: int, stretches: Iterable[Stretch]) -> int:
        """Return how many items of a feed are in these stretches, which have none in common."""
        count = select(func.count()).select_from(membership)
        found = (self._connection.execute(count.where(*_within(feed, each))) for each in stretches)
        return sum(int(each.scalar() or 0) for each in found)

    def activity(self, feed: int, stretches: Iterable[Stretch], after: int, span: int) -> dict[int, int]:
        """Return how many of these items came in each span of so many seconds, by its number since `after`."""
        number = ((membership.c.published - after - 1) // span).label("number")
        counts = select(number, func.count()).where(membership.c.published > after).group_by(number)
        found: Counter[int] = Counter()
        for each in stretches:
            for row in self._connection.execute(counts.where(*_within(feed, each))):
                found[int(row[0])] += row[1]
        return found


def _within(feed: int, stretch: Stretch) -> list[ColumnElement[bool]]:
    published = membership.c.published
    mine = [membership.c.feed == feed, published > stretch.after, published <= stretch.until]
    return mine if stretch.ages is None else [*mine, membership.c.ages == stretch.ages]
