"""What there is, for whoever wants it listed: items newest first, what feeds hold, records held back. Reads only.

Items come a page at a time: a state of 100,000 stories is never in memory, and nobody waits for what is not shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, or_, select

from feeds.store import schema

document, item, membership, sighting = schema.document, schema.item, schema.membership, schema.sighting

# The first page is what a terminal shows; the others only cost less the longer they are.
FIRST, PAGE = 60, 1000
# Before and after all times.
EVER = (-(2**62), 2**62)


@dataclass(frozen=True, slots=True)
class Span:
    """Items published from `since` on and before `until` (seconds since 1970), in a feed by its number or in all."""

    since: int = EVER[0]
    until: int = EVER[1]
    feed: int | None = None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item as it is shown; `ages` are those at which the feed holds it, "" for always (see `Membership`)."""

    id: str
    published: int
    updated: int
    story: bytes
    verdict: str
    ages: str = ""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record that is held back, by its file: its item, "" where it never was one, and its sighting, encoded."""

    file: str
    item: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a feed holds: how many items, and when the newest of them was published (seconds since 1970)."""

    items: int
    newest: int


class Catalogue:
    """The items and feeds there are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contents(self, until: int) -> dict[int, Contents]:
        """Return what each feed holds that was published by `until`, by number; empty ones are left out."""
        columns = membership.c
        query = select(columns.feed, func.count(), func.max(columns.published)).where(columns.published <= until)
        return {row[0]: Contents(row[1], row[2]) for row in self._connection.execute(query.group_by(columns.feed))}

    def items(self, span: Span) -> Iterator[ListedItem]:
        """Yield the items that are shown, the newest first, ties by id."""
        query, size, last, until = _page(span), FIRST, "", span.until - 1
        bounds: dict[str, Any] = {"feed": span.feed, "since": span.since}
        while True:
            rows = self._connection.execute(query, {**bounds, "until": until, "last": last, "size": size}).all()
            yield from (ListedItem(*row) for row in rows)
            if len(rows) < size:
                return
            last, until, size = rows[-1].id, rows[-1].published, PAGE

    def count(self, span: Span) -> int:
        """Return how many there are."""
        published = item.c.published
        query = select(func.count()).select_from(item)
        if span.feed is not None:
            published = membership.c.published
            query = query.join(membership, membership.c.item == item.c.id).where(membership.c.feed == span.feed)
        query = query.where(item.c.story.is_not(None), published >= span.since, published < span.until)
        return int(self._connection.execute(query).scalar() or 0)

    def held(self) -> Iterator[HeldRecord]:
        """Yield the records that are held back, by file."""
        query = (
            select(sighting.c.file, sighting.c.item, sighting.c.body, sighting.c.id)
            .join(document, document.c.file == sighting.c.file)
            .where(document.c.held, sighting.c.own)
            .where(or_(sighting.c.file > bindparam("file"), _later(sighting.c.file, sighting.c.id)))
            .order_by(sighting.c.file, sighting.c.id)
            .limit(PAGE)
        )
        file, number = "", -1
        while rows := self._connection.execute(query, {"file": file, "number": number}).all():
            yield from (HeldRecord(row[0], row[1] or "", row[2]) for row in rows)
            file, number = rows[-1].file, rows[-1].id


def _later(file: ColumnElement[str], number: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(file == bindparam("file"), number > bindparam("number"))


def _page(span: Span) -> Select[Any]:
    """Return a query of the items in a span that come after `last`, which was published at `until`."""
    query = select(item.c.id, item.c.published, item.c.updated, item.c.story, item.c.verdict)
    published, key = item.c.published, item.c.id
    if span.feed is None:
        query = query.add_columns(literal("").label("ages"))
    else:
        published, key = membership.c.published, membership.c.item
        query = query.add_columns(membership.c.ages).join(membership, key == item.c.id)
        query = query.where(membership.c.feed == bindparam("feed"))
    return (
        query.where(item.c.story.is_not(None))
        .where(published >= bindparam("since"), published <= bindparam("until"))
        # The comparison above finds the rows by their index, this one leaves out those of the page before.
        .where(or_(published < bindparam("until"), key > bindparam("last")))
        .order_by(published.desc(), key)
        .limit(bindparam("size"))
    )
