"""What the record files said when they were last read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, delete, func, or_, select

from feeds.model import Problem, Severity
from feeds.store import schema
from feeds.store.listings import keep_listings, read_listings
from feeds.store.rows import add, chunks, put, remove

document, sighting, problem = schema.document, schema.sighting, schema.problem


# What the documents of remote entries are called begins so; a path from the project never has two slashes in a row.
REMOTE = "source://"


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A sighting on its way into the store: its keys joined by newlines, the rest encoded."""

    own: bool
    held: bool
    keys: str
    body: bytes


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """Everything one reading of one file gave. `revision` is the hash of its bytes.

    `broken` says that its own story could not be read, so that what it said before still stands.
    """

    file: str
    revision: str
    sightings: tuple[SightingRow, ...]
    problems: tuple[Problem, ...]
    broken: bool = False


class Documents:
    """The folders as they were listed, and the files as they were read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listings(self) -> dict[str, bytes]:
        """Return what stood in each folder of records when all of it was last read."""
        return read_listings(self._connection, schema.listing)

    def keep_listings(self, entries: Mapping[str, bytes], gone: Iterable[str]) -> None:
        """Remember what stands in these folders, and forget those that are gone."""
        keep_listings(self._connection, schema.listing, entries, gone)

    def revisions(self, files: Iterable[str]) -> dict[str, str]:
        """Return the hash of each of these files that was read before."""
        query = select(document.c.file, document.c.revision)
        rows = (self._connection.execute(query.where(document.c.file.in_(part))) for part in chunks(files))
        return {row.file: row.revision for result in rows for row in result}

    def files(self) -> Iterator[str]:
        """Yield every record file that was read."""
        yield from self._connection.execute(select(document.c.file).where(_is_record())).scalars()

    def replace(self, rows: Sequence[DocumentRow]) -> None:
        """Put what these files say now in the place of what they said; a broken one goes on saying what it said."""
        kept = self._held([row.file for row in rows if row.broken])
        news = [row for row in rows if row.file not in kept]
        self._forget([row.file for row in news])
        known = [(r.file, r.revision, kept.get(r.file, any(seen.held for seen in r.sightings))) for r in rows]
        put(self._connection, document, ("file", "revision", "held"), known)
        self._add_sightings(news)
        self.report({"record:" + row.file: row.problems for row in rows})

    def _held(self, files: Sequence[str]) -> dict[str, bool]:
        """Return those of the files that have said something before, and whether they are held back."""
        spoke = select(document.c.file, document.c.held).where(document.c.file.in_(select(sighting.c.file)))
        parts = (self._connection.execute(spoke.where(document.c.file.in_(part))) for part in chunks(files))
        return {file: held for rows in parts for file, held in rows}

    def remove(self, files: Iterable[str]) -> None:
        """Forget files that are gone, and mark the items they spoke of."""
        for part in chunks(files):
            self._forget(part)
            self.report({"record:" + file: () for file in part})
            self._connection.execute(delete(document).where(document.c.file.in_(part)))

    def _forget(self, files: Sequence[str]) -> None:
        for part in chunks(files):
            query = select(sighting.c.id, sighting.c.known_by, sighting.c.item).where(sighting.c.file.in_(part))
            rows = self._connection.execute(query).all()
            if not rows:
                continue
            touched = sorted({row.item for row in rows if row.item})
            put(self._connection, schema.stale_item, ("item",), [(item,) for item in touched])
            keys = schema.sighting_key
            pairs = [{"key_": key, "sighting_": row.id} for row in rows for key in row.known_by.split("\n")]
            statement = keys.delete().where(keys.c.key == bindparam("key_"), keys.c.sighting == bindparam("sighting_"))
            self._connection.execute(statement, pairs)
            remove(self._connection, sighting, "id", [row.id for row in rows])

    def _add_sightings(self, rows: Sequence[DocumentRow]) -> None:
        first = (self._connection.execute(select(func.max(sighting.c.id))).scalar() or 0) + 1
        found = list(enumerate(((row.file, seen) for row in rows for seen in row.sightings), first))
        values = [(ref, file, seen.own, seen.keys, None, seen.body) for ref, (file, seen) in found]
        add(self._connection, sighting, ("id", "file", "own", "known_by", "item", "body"), values)
        pairs = [(key, ref) for ref, (_, seen) in found for key in seen.keys.split("\n") if key]
        add(self._connection, schema.sighting_key, ("key", "sighting"), pairs)

    def report(self, problems: dict[str, tuple[Problem, ...]]) -> None:
        """Keep the problems of each owner, in place of the ones it had."""
        remove(self._connection, problem, "owner", problems)
        columns = ("owner", "file", "line", "column", "code", "detail", "severity")
        rows = [
            (owner, found.file, found.line, found.column, found.code, found.detail, found.severity.value)
            for owner, several in problems.items()
            for found in several
        ]
        add(self._connection, problem, columns, rows)

    def problems(self) -> tuple[Problem, ...]:
        """Return every problem known, by file and place."""
        order = (problem.c.file, problem.c.line, problem.c.column, problem.c.code)
        rows = self._connection.execute(select(*problem.c[1:]).order_by(*order))
        return tuple(Problem(file, line, at, code, why, Severity(cost)) for file, line, at, code, why, cost in rows)

    def counts(self) -> tuple[int, int]:
        """Return how many records there are, and how many of them are held back."""
        held = func.coalesce(func.sum(document.c.held.cast(Integer)), 0)
        query = select(func.count(), held).select_from(document).where(_is_record())
        total, held_back = self._connection.execute(query).one()
        return int(total), int(held_back)


def _is_record() -> ColumnElement[bool]:
    """Leave out remote entries: in bytewise order all of them stand together."""
    return or_(document.c.file < REMOTE, document.c.file >= REMOTE[:-1] + "0")
