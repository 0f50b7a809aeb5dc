"""The feeds: their addresses for ever, and what was last published of each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any, Protocol

from sqlalchemy import Connection, Select, bindparam, or_, select

from feeds.model import WindowRow
from feeds.store import schema
from feeds.store.listings import keep_listings, read_listings
from feeds.store.rows import CHUNK, put

feed, membership, item, stale_feed = schema.feed, schema.membership, schema.item, schema.stale_feed

# As many rows as most feeds hold and a few more. No open cursor: PostgreSQL keeps one in a transaction only.
PAGE = 200


def window_rows() -> Select[Any]:
    """Return a query of places with what a `WindowRow` tells of their items."""
    return select(
        membership.c.item,
        membership.c.published,
        item.c.updated,
        item.c.digest,
        membership.c.label,
        membership.c.provider,
        membership.c.bonus,
        membership.c.ages,
        item.c.verdict,
    ).join(item, item.c.id == membership.c.item)


# Written once: putting a statement together costs as much as running it, and there is one run a feed.
_WINDOW = (
    window_rows()
    .where(membership.c.feed == bindparam("number"))
    .where(membership.c.published > bindparam("after"), membership.c.published <= bindparam("until"))
    # The comparison above finds the rows by their index, this one leaves out those of the page before.
    .where(or_(membership.c.published < bindparam("until"), membership.c.item > bindparam("last")))
    .order_by(membership.c.published.desc(), membership.c.item.asc())
    .limit(PAGE)
)
_WINDOW_WITHOUT = _WINDOW.where(membership.c.provider.not_in(bindparam("full", expanding=True)))
_LOOSE = (
    window_rows()
    .where(membership.c.feed == bindparam("number"), membership.c.page == 0)
    .where(membership.c.published <= bindparam("until"))
    .order_by(membership.c.published.desc(), membership.c.item.asc())
    .limit(bindparam("most"))
)


class Demand(Protocol):
    """What whoever reads a window has no use for any more; asked before each page, and only to read less."""

    @property
    def after(self) -> int:
        """Return the time that all further items have to be later than."""
        ...

    @property
    def full(self) -> Iterable[str]:
        """Return the providers of which no more items are wanted, the first to be so first."""
        ...


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as it is kept. `window` is the digest of what its files are made of, `files` their own digests.

    `count` is how many items its document holds, `total` how many are published in it, held by a document
    or not.
    """

    id: int
    kind: str
    ref: str
    key: str
    title: str = ""
    updated: int | None = None
    count: int = 0
    window: str = ""
    files: str = "{}"
    total: int = 0

    @property
    def is_out(self) -> bool:
        """Tell whether a build has finished publishing it, in one format at least: files to come have the digest ""."""
        return any(json.loads(self.files).values())


_feed_row = attrgetter(*FeedRow.__slots__)


class Feeds:
    """Feeds and their windows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listings(self) -> dict[str, bytes]:
        """Return what stood in each folder of the output when it was last published."""
        return read_listings(self._connection, schema.published)

    def keep_listings(self, entries: Mapping[str, bytes], gone: Iterable[str]) -> None:
        """Remember what stands in the output now."""
        keep_listings(self._connection, schema.published, entries, gone)

    def all(self) -> list[FeedRow]:
        """Return every feed there is or was, by key."""
        return [FeedRow(*row) for row in self._connection.execute(select(feed).order_by(feed.c.key))]

    def put(self, rows: Sequence[FeedRow]) -> None:
        """Keep feeds, new or changed."""
        put(self._connection, feed, FeedRow.__slots__, list(map(_feed_row, rows)))

    def mark(self, feeds: Iterable[int]) -> None:
        """Note that these feeds may have changed."""
        put(self._connection, stale_feed, ("feed",), [(number,) for number in sorted(set(feeds))])

    def mark_all(self) -> None:
        """Note that every feed may have changed."""
        self._connection.execute(stale_feed.delete())
        self._connection.execute(stale_feed.insert().from_select(["feed"], select(feed.c.id)))

    def stale(self) -> set[int]:
        """Return the feeds that may have changed since they were last published."""
        return set(self._connection.execute(select(stale_feed.c.feed)).scalars())

    def unmark(self) -> None:
        """Note that every feed is published as it is."""
        self._connection.execute(stale_feed.delete())

    def window(self, number: int, after: int, until: int, demand: Demand | None = None) -> Iterator[WindowRow]:
        """Yield what the feed holds, published after `after` and not later than `until`, newest first, ties by id.

        With a `demand`, rows that it does not want may be left out.
        """
        last = ""
        while True:
            bounds: dict[str, Any] = {"number": number, "after": after, "until": until, "last": last}
            narrowed = _narrow(bounds, demand) if demand else False
            page = self._connection.execute(_WINDOW_WITHOUT if narrowed else _WINDOW, bounds).all()
            yield from (WindowRow(*row) for row in page)
            if len(page) < PAGE:
                return
            last, until = page[-1].item, page[-1].published

    def loose(self, number: int, until: int, most: int) -> list[WindowRow]:
        """Return the newest items of a feed that stand on no page of its archive, published by `until`."""
        bounds = {"number": number, "until": until, "most": most}
        return [WindowRow(*row) for row in self._connection.execute(_LOOSE, bounds)]


def _narrow(bounds: dict[str, Any], demand: Demand) -> bool:
    """Have a page hold what is in demand only; return whether there are providers to leave out."""
    bounds["after"] = max(bounds["after"], demand.after)
    # The first to be full publish the most: SQLite takes 32,766 variables a statement, and few gain all there is.
    if full := list(islice(demand.full, CHUNK)):
        bounds["full"] = full
    return bool(full)
