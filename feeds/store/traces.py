"""What the state knows of one item, one record or one entry, for whoever asks where it came from. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from feeds.model import Problem, Severity
from feeds.store import schema
from feeds.store.rows import chunks

document, sighting, problem, name, item = (
    schema.document,
    schema.sighting,
    schema.problem,
    schema.name,
    schema.item,
)
entry, stale_entry, stale_item, membership = schema.entry, schema.stale_entry, schema.stale_item, schema.membership

# Behind every character that a name can hold.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Trace:
    """A sighting without what it says; `item` is "" until a build has settled it."""

    item: str
    own: bool


class Traces:
    """The ledgers, looked up from the other end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def names_of(self, key: str) -> list[tuple[str, int]]:
        """Return every name an item was ever known by, and since when (seconds since 1970), the oldest first."""
        query = select(name.c.name, name.c.since).where(name.c.item == key).order_by(name.c.since, name.c.name)
        return [(row[0], row[1]) for row in self._connection.execute(query)]

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield every name with the item it stands for."""
        for row in self._connection.execute(select(name.c.name, name.c.item)):
            yield row[0], row[1]

    def names_from(self, beginning: str, most: int) -> list[str]:
        """Return some of the names that begin so."""
        query = select(name.c.name).where(name.c.name >= beginning, name.c.name < beginning + _LAST)
        return list(self._connection.execute(query.order_by(name.c.name).limit(most)).scalars())

    def items_from(self, beginning: str, most: int) -> list[str]:
        """Return some of the ids that begin so."""
        query = select(item.c.id).where(item.c.id >= beginning, item.c.id < beginning + _LAST)
        return list(self._connection.execute(query.order_by(item.c.id).limit(most)).scalars())

    def is_read(self, file: str) -> bool:
        """Tell whether a build has read such a document."""
        query = select(document.c.file).where(document.c.file == file)
        return self._connection.execute(query).first() is not None

    def told_by(self, file: str) -> list[Trace]:
        """Return what a document tells or names, its own story first."""
        query = select(sighting.c.item, sighting.c.own).where(sighting.c.file == file)
        rows = self._connection.execute(query.order_by(sighting.c.own.desc(), sighting.c.id))
        return [Trace(row[0] or "", row[1]) for row in rows]

    def problems(self, owners: Iterable[str]) -> list[Problem]:
        """Return what is wrong with these (`record:` and a file, `item:` and an id), by place."""
        query = select(*problem.c[1:]).order_by(problem.c.file, problem.c.line, problem.c.column, problem.c.code)
        parts = (self._connection.execute(query.where(problem.c.owner.in_(part))) for part in chunks(owners))
        rows = (row for found in parts for row in found)
        return [Problem(file, line, at, code, why, Severity(cost)) for file, line, at, code, why, cost in rows]

    def entry_names(self, source: str) -> list[str]:
        """Return what the entries of a source are remembered by."""
        query = select(entry.c.name).where(entry.c.source == source).order_by(entry.c.name)
        return list(self._connection.execute(query).scalars())

    def entries_with(self, *marks: bytes) -> list[tuple[str, str, bytes]]:
        """Return the entries (source, name, traits) whose encoded traits hold one of these, after a look at them all.

        There is no index: of 1,000,000 entries it takes 1.8 s, for which only waits who asks for one that is no item.
        """
        query = select(entry.c.source, entry.c.name, entry.c.traits)
        rows = self._connection.execute(query)
        return [(row[0], row[1], row[2]) for row in rows if any(mark in row[2] for mark in marks)]

    def between(self, feed: int, after: int, until: int) -> int:
        """Return how many items of a feed were published after `after` and not later than `until`."""
        mine = (membership.c.feed == feed, membership.c.published > after, membership.c.published <= until)
        return int(self._connection.execute(select(func.count()).select_from(membership).where(*mine)).scalar() or 0)

    def is_marked(self, key: str) -> bool:
        """Tell whether the next build settles an item anew."""
        return self._connection.execute(select(stale_item).where(stale_item.c.item == key)).first() is not None

    def is_to_be_told(self, source: str, of: str) -> bool:
        """Tell whether the next build reads an entry anew."""
        query = select(stale_entry).where(stale_entry.c.source == source, stale_entry.c.name == of)
        return self._connection.execute(query).first() is not None
