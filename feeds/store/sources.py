"""Remote feeds: how each was when it was last asked, and what its entries said. Times are seconds since 1970."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import Connection, bindparam, delete, func, select

from feeds.store import schema
from feeds.store.rows import chunks, put

source, entry, stale = schema.source, schema.entry, schema.stale_entry


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A remote feed as it is kept; `body` is all that is known of it, encoded."""

    id: str
    due: int = 0
    polled: int = 0
    good: int = 0
    fails: int = 0
    detail: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as it is kept; `traits` tell it from others of its source, `body` is what it said, both encoded."""

    source: str
    name: str
    first_seen: int
    gone_at: int
    digest: str
    shared: bool
    traits: bytes
    body: bytes


# `astuple` copies every value in depth: 9 µs a row, and this one 1.
_source_row = attrgetter(*SourceRow.__slots__)
_entry_row = attrgetter(*EntryRow.__slots__)


class Sources:
    """Remote feeds and their entries; write inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, SourceRow]:
        """Return every source that was ever asked, by id."""
        rows = self._connection.execute(select(source).order_by(source.c.id))
        return {row.id: SourceRow(*row) for row in rows}

    def one(self, of: str) -> SourceRow | None:
        """Return a source, None for one that was never asked."""
        row = self._connection.execute(select(source).where(source.c.id == of)).first()
        return SourceRow(*row) if row else None

    def some(self, ids: Iterable[str]) -> dict[str, SourceRow]:
        """Return those of these sources that were ever asked, by id."""
        found: dict[str, SourceRow] = {}
        for chunk in chunks(ids):
            rows = self._connection.execute(select(source).where(source.c.id.in_(chunk)))
            found.update({row.id: SourceRow(*row) for row in rows})
        return found

    def put(self, rows: Sequence[SourceRow]) -> None:
        """Keep sources, new or changed."""
        put(self._connection, source, SourceRow.__slots__, [_source_row(row) for row in rows])

    def forget(self, sources: Iterable[str]) -> None:
        """Drop sources with all that is known of them; their entries must be told to be gone before."""
        for each in sources:
            self._connection.execute(delete(entry).where(entry.c.source == each))
            self._connection.execute(delete(source).where(source.c.id == each))

    def entries(self, of: str) -> list[EntryRow]:
        """Return what is kept of a source's entries."""
        rows = self._connection.execute(select(entry).where(entry.c.source == of).order_by(entry.c.name))
        return [EntryRow(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many entries are kept of each source."""
        rows = self._connection.execute(select(entry.c.source, func.count()).group_by(entry.c.source))
        return {row[0]: row[1] for row in rows}

    def keep(self, rows: Sequence[EntryRow], *, mark: Iterable[str]) -> None:
        """Keep entries of one source, and mark those of these names to be told anew."""
        put(self._connection, entry, EntryRow.__slots__, [_entry_row(row) for row in rows])
        names = set(mark)
        self.mark((row.source, row.name) for row in rows if row.name in names)

    def drop(self, of: str, names: Sequence[str]) -> None:
        """Forget entries of a source, and mark them, so that what they told is forgotten too."""
        self.mark((of, name) for name in names)
        mine = (entry.c.source == bindparam("source_"), entry.c.name == bindparam("name_"))
        if names:
            self._connection.execute(delete(entry).where(*mine), [{"source_": of, "name_": name} for name in names])

    def mark(self, entries: Iterable[tuple[str, str]]) -> None:
        """Note that the sightings of these entries (source, name) have to be made anew."""
        put(self._connection, stale, ("source", "name"), list(entries))

    def mark_all(self) -> None:
        """Note that every sighting of a remote entry has to be made anew."""
        self._connection.execute(delete(stale))
        self._connection.execute(stale.insert().from_select(["source", "name"], select(entry.c.source, entry.c.name)))

    def stale(self, limit: int) -> list[tuple[str, str]]:
        """Return marked entries (source, name), some at a time."""
        query = select(stale.c.source, stale.c.name).order_by(stale.c.source, stale.c.name).limit(limit)
        return [(row[0], row[1]) for row in self._connection.execute(query)]

    def is_stale(self) -> bool:
        """Tell whether any entry is marked."""
        return self._connection.execute(select(stale.c.source).limit(1)).first() is not None

    def get(self, entries: Sequence[tuple[str, str]]) -> dict[tuple[str, str], EntryRow]:
        """Return those of these entries (source, name) that there are."""
        found: dict[tuple[str, str], EntryRow] = {}
        by_source: dict[str, list[str]] = {}
        for of, name in entries:
            by_source.setdefault(of, []).append(name)
        for of, names in by_source.items():
            query = select(entry).where(entry.c.source == of, entry.c.name.in_(names))
            found.update({(row.source, row.name): EntryRow(*row) for row in self._connection.execute(query)})
        return found

    def unmark(self, entries: Sequence[tuple[str, str]]) -> None:
        """Note that these entries are told as they are."""
        mine = (stale.c.source == bindparam("source_"), stale.c.name == bindparam("name_"))
        if entries:
            values = [{"source_": of, "name_": name} for of, name in entries]
            self._connection.execute(delete(stale).where(*mine), values)
