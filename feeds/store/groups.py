"""Items that tell one story: who leads them, and what the leader says of the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select

from feeds.store import schema
from feeds.store.rows import chunks, put, remove

grouped, item = schema.grouped, schema.item


@dataclass(frozen=True, slots=True)
class GroupRow:
    """An item of a group: `also` is what it says of the others, encoded, b"" unless it leads."""

    leader: str
    also: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as it is shown, with when it was published (seconds since 1970)."""

    id: str
    published: int
    story: bytes


class Groups:
    """Groups of items; write inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, items: Iterable[str]) -> dict[str, GroupRow]:
        """Return the groups of those of these items that are in one."""
        parts = (self._connection.execute(select(grouped).where(grouped.c.item.in_(part))) for part in chunks(items))
        return {row.item: GroupRow(row.leader, row.also) for rows in parts for row in rows}

    def all_items(self) -> list[str]:
        """Return every item that is in a group."""
        return list(self._connection.execute(select(grouped.c.item)).scalars())

    def any(self) -> bool:
        """Tell whether there is any group."""
        return self._connection.execute(select(grouped.c.item).limit(1)).first() is not None

    def mates(self, leaders: Iterable[str]) -> set[str]:
        """Return all items that these lead."""
        query = select(grouped.c.item)
        parts = (self._connection.execute(query.where(grouped.c.leader.in_(part))) for part in chunks(leaders))
        return {row.item for rows in parts for row in rows}

    def put(self, rows: Mapping[str, GroupRow]) -> None:
        """Keep the groups of these items."""
        values = [(key, row.leader, row.also) for key, row in sorted(rows.items())]
        put(self._connection, grouped, ("item", "leader", "also"), values)

    def drop(self, items: Iterable[str]) -> None:
        """Note that these items are in no group."""
        remove(self._connection, grouped, "item", items)

    def clear(self) -> None:
        """Forget all groups."""
        self._connection.execute(grouped.delete())

    def changed_since(self, turn: int) -> list[tuple[str, int]]:
        """Return the items written by builds after `turn`, with when they were published."""
        rows = self._connection.execute(select(item.c.id, item.c.published).where(item.c.turn > turn))
        return [(row.id, row.published) for row in rows]

    def shown_between(self, spans: Sequence[tuple[int, int]]) -> list[Shown]:
        """Return the items shown that were published within one of these spans, their ends included."""
        found: list[Shown] = []
        for part in chunks(spans, 100):
            within = or_(*(and_(item.c.published >= first, item.c.published <= last) for first, last in part))
            query = select(item.c.id, item.c.published, item.c.story).where(within, item.c.story.is_not(None))
            found += [Shown(*row) for row in self._connection.execute(query)]
        return found

    def shown(self, items: Iterable[str]) -> list[Shown]:
        """Return those of these items that are shown."""
        query = select(item.c.id, item.c.published, item.c.story).where(item.c.story.is_not(None))
        parts = (self._connection.execute(query.where(item.c.id.in_(part))) for part in chunks(items))
        return [Shown(*row) for rows in parts for row in rows]
