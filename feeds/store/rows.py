"""Small pieces of SQL that every part of the store needs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

# SQLite takes 32,766 variables a statement, PostgreSQL 65,535; long IN lists gain nothing past a few hundred.
CHUNK = 500


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


def add(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that are not there yet."""
    if rows:
        connection.execute(table.insert(), rows)


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, replacing those with the same primary key."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    conflict = (
        statement.on_conflict_do_update(index_elements=keys, set_=others)
        if others
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(conflict, rows)


def remove(connection: Connection, table: Table, column: str, values: Iterable[Any]) -> None:
    """Delete the rows in which `column` has one of these values."""
    rows = [{"value_": value} for value in values]
    if rows:
        connection.execute(table.delete().where(table.c[column] == bindparam("value_")), rows)
