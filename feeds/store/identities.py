"""Which sightings speak of which item, and every name an item was ever known by."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from feeds.items.identity import Member, Name
from feeds.store import schema
from feeds.store.rows import chunks, put

sighting, sighting_key, name = schema.sighting, schema.sighting_key, schema.name

_ASSIGN = update(sighting).where(sighting.c.id == bindparam("id_")).values(item=bindparam("item_"))


@dataclass(frozen=True, slots=True)
class Assigned:
    """A member with the item it belonged to so far, "" for a new one."""

    member: Member
    item: str


class Identities:
    """The ledger of names, and the sightings it is matched with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unsettled(self, limit: int) -> list[Assigned]:
        """Return up to `limit` sightings that belong to no item yet, records before mentions."""
        query = _members().where(sighting.c.item.is_(None)).order_by(sighting.c.own.desc(), sighting.c.id)
        return self._read(query.limit(limit))

    def stale(self, limit: int) -> list[str]:
        """Return up to `limit` items that have lost a sighting since they were last settled."""
        query = select(schema.stale_item.c.item).order_by(schema.stale_item.c.item).limit(limit)
        return list(self._connection.execute(query).scalars())

    def of_items(self, items: Iterable[str]) -> list[Assigned]:
        """Return the sightings that belong to these items."""
        queries = (_members().where(sighting.c.item.in_(part)) for part in chunks(items))
        return [found for query in queries for found in self._read(query)]

    def by_keys(self, keys: Iterable[str], known: Container[int]) -> list[Assigned]:
        """Return the sightings known by one of these URLs, but for those with numbers in `known`."""
        refs = (select(sighting_key.c.sighting).where(sighting_key.c.key.in_(part)) for part in chunks(keys))
        found = {ref for query in refs for ref in self._connection.execute(query).scalars() if ref not in known}
        queries = (_members().where(sighting.c.id.in_(part)) for part in chunks(sorted(found)))
        return [entry for query in queries for entry in self._read(query)]

    def names(self, names: Iterable[str]) -> dict[str, Name]:
        """Return what each of these names stands for."""
        queries = (select(name).where(name.c.name.in_(part)) for part in chunks(names))
        rows = (row for query in queries for row in self._connection.execute(query))
        return {row.name: Name(row.item, row.since) for row in rows}

    def assign(self, items: Mapping[int, str]) -> None:
        """Say which item each sighting belongs to."""
        rows = [{"id_": ref, "item_": item} for ref, item in items.items()]
        if rows:
            self._connection.execute(_ASSIGN, rows)

    def remember(self, names: Mapping[str, Name], merged: Mapping[str, str]) -> None:
        """Add names to the ledger, and let those of an item that went up in another stand for that one."""
        put(self._connection, name, ("name", "item", "since"), [(key, n.item, n.since) for key, n in names.items()])
        for old, new in merged.items():
            self._connection.execute(update(name).where(name.c.item == old).values(item=new))

    def settled(self, items: Iterable[str]) -> None:
        """Take items off the list of stale ones."""
        for part in chunks(items):
            self._connection.execute(schema.stale_item.delete().where(schema.stale_item.c.item.in_(part)))

    def unsettle_all(self) -> None:
        """Have every sighting settled and every item folded again."""
        self._connection.execute(update(sighting).values(item=None))

    def _read(self, query: "Select[Any]") -> list[Assigned]:
        return [
            Assigned(Member(ref, file, own, tuple(keys.split("\n")) if keys else ()), item or "")
            for ref, file, own, keys, item in self._connection.execute(query)
        ]


def _members() -> "Select[Any]":
    return select(sighting.c.id, sighting.c.file, sighting.c.own, sighting.c.known_by, sighting.c.item)
