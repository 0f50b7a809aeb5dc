"""The items as readers were shown them, and the feeds that carry them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import Connection, and_, bindparam, func, select, tuple_, update

from feeds.store import schema
from feeds.store.rows import add, chunks, put

document, former, item = schema.document, schema.former, schema.item
membership, sighting = schema.membership, schema.sighting


@dataclass(frozen=True, slots=True)
class SightingBody:
    """What one sighting of an item says, encoded."""

    item: str
    file: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is kept. Times are seconds since 1970.

    `digest` is that of what a reader sees, `told` that of what the records tell; `turn` numbers the build that wrote
    the row. `story` is what is shown, None once the item is withdrawn. `verdict` is that of its page, "" where it does
    not matter.
    """

    id: str
    first_seen: int
    published: int
    updated: int
    digest: str
    told: str
    turn: int
    story: bytes | None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """An item's place in a feed, by the number of the feed. `provider` is whose share of the feed it takes, or "".

    `page` is the page of the feed's archive that holds it, 0 for none; see `WindowRow` for the others.
    """

    feed: int
    published: int
    item: str
    label: str
    provider: str = ""
    page: int = 0
    bonus: int = 0
    ages: str = ""


_COLUMNS = tuple(column.name for column in fields(ItemRow))
_PLACE = tuple(column.name for column in fields(Membership))
_item, _place = attrgetter(*_COLUMNS), attrgetter(*_PLACE)


class Items:
    """Items and their places in feeds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sightings(self, items: Iterable[str]) -> list[SightingBody]:
        """Return all that is said about these items."""
        query = select(sighting.c.item, sighting.c.file, sighting.c.body)
        parts = (self._connection.execute(query.where(sighting.c.item.in_(part))) for part in chunks(items))
        return [SightingBody(*row) for rows in parts for row in rows]

    def get(self, items: Iterable[str]) -> dict[str, ItemRow]:
        """Return those of these items that readers were shown."""
        parts = (self._connection.execute(select(item).where(item.c.id.in_(part))) for part in chunks(items))
        return {row.id: ItemRow(*row) for rows in parts for row in rows}

    def files_out(self, files: Iterable[str], until: int) -> set[str]:
        """Return those of these files whose own story is not held back and was published by `until`."""
        query = (
            select(sighting.c.file)
            .join(document, document.c.file == sighting.c.file)
            .join(item, item.c.id == sighting.c.item)
            .where(sighting.c.own, ~document.c.held, item.c.story.is_not(None), item.c.published <= until)
        )
        parts = (self._connection.execute(query.where(sighting.c.file.in_(part))) for part in chunks(sorted(files)))
        return {row[0] for rows in parts for row in rows}

    def put(self, rows: Sequence[ItemRow]) -> None:
        """Keep items, new or changed."""
        values = list(map(_item, rows))
        put(self._connection, item, _COLUMNS, values)

    def join(self, rows: Iterable[Membership]) -> None:
        """Give items their places in feeds."""
        values = sorted(map(_place, rows))
        add(self._connection, membership, _PLACE, values)

    def places(self, wanted: Iterable[tuple[int, int, str]]) -> list[Membership]:
        """Return those of these places (feed, published, item) that there are."""
        key = tuple_(membership.c.feed, membership.c.published, membership.c.item)
        parts = (self._connection.execute(select(membership).where(key.in_(part))) for part in chunks(wanted))
        return [Membership(*row) for rows in parts for row in rows]

    def leave(self, places: Iterable[Membership]) -> None:
        """Take items out of feeds."""
        rows = [(place.feed, place.published, place.item) for place in places]
        if rows:
            columns = membership.c
            gone = and_(
                columns.feed == bindparam("feed_"),
                columns.published == bindparam("published_"),
                columns.item == bindparam("item_"),
            )
            values = [dict(zip(("feed_", "published_", "item_"), row, strict=True)) for row in rows]
            self._connection.execute(membership.delete().where(gone), values)

    def leave_all(self) -> None:
        """Empty every feed and have no item tell a story, before all of them are folded again.

        Who was where is kept for `History.restore`.
        """
        places = select(membership.c.feed, membership.c.item, membership.c.published, membership.c.page)
        # Killed before it came to an end, a build has kept this already: what stands now is less.
        known = select(former.c.feed).limit(1)
        if self._connection.execute(known).first() is None:
            self._connection.execute(former.insert().from_select(["feed", "item", "published", "page"], places))
        self._connection.execute(membership.delete())
        self._connection.execute(update(item).values(story=None))

    def feeds_between(self, after: int, until: int) -> list[int]:
        """Return the feeds with an item published after `after` and not later than `until`."""
        within = (membership.c.published > after, membership.c.published <= until)
        return list(self._connection.execute(select(membership.c.feed).where(*within).distinct()).scalars())

    def count(self, until: int) -> int:
        """Return how many items are shown that were published by `until`."""
        query = select(func.count()).where(item.c.story.is_not(None), item.c.published <= until)
        return int(self._connection.execute(query).scalar() or 0)

    def next_due(self, now: int) -> int | None:
        """Return when the next item that is dated in the future appears, or None."""
        query = select(func.min(item.c.published)).where(item.c.published > now, item.c.story.is_not(None))
        return self._connection.execute(query).scalar()
