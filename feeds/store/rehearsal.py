"""Open the state for show: a build goes through all of its steps, and nothing of them is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import ColumnClause, Connection, Engine, StaticPool, TableClause, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from feeds.errors import StateError
from feeds.store import schema
from feeds.store.database import Store, engine_of, prepare, tuned
from feeds.store.existing import is_sqlite, state_file

# Where the state's own tables are, NULL where there are none yet.
_HOME = "SELECT nspname FROM pg_namespace n JOIN pg_class c ON n.oid = relnamespace WHERE c.oid = to_regclass('meta')"


@contextmanager
def rehearsal(url: str) -> Iterator[Store]:
    """Open the state as it is at this moment, for changes of which nothing is kept and nobody else hears.

    Works on a copy, so that nobody who writes to the state meanwhile has to wait, and leaves nothing, however the
    process ends. A database that has no state yet gets none.
    """
    if not is_sqlite(url):
        with _stand_ins(url) as store:
            yield store
        return
    file = state_file(url)
    # SQLite removes the file of a database without a name as soon as it has opened it. 0.4 s and 50 MB for 430 MB.
    with closing(sqlite3.connect("")) as copy:
        if file and file.is_file() and file.stat().st_size:
            _copy(file, copy)
        engine = tuned(
            create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
        )
        with _opened(engine, f"the copy of the state {file or url}") as connection:
            store = Store(connection)
            prepare(engine, connection, store)
            yield store


@contextmanager
def _stand_ins(url: str) -> Iterator[Store]:
    """Open a state on a server: temporary tables in front of its own, within one transaction that is taken back.

    A transaction in the tables themselves would lock every row it writes. A build would wait for it, or one of the two
    would end as a deadlock; and what a sequence has handed out is never taken back.
    """
    engine = engine_of(url)
    with _opened(engine, f"the state at {engine.url.render_as_string()}") as connection:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
        # Behind a pool of connections the next session must not find these tables: only a rollback is sure to end them.
        store = Store(connection, inside=True)
        home = connection.exec_driver_sql(_HOME).scalar()
        is_ours = home is not None and store.meta.get("schema") == schema.VERSION
        if home is None or is_ours:
            connection.exec_driver_sql("SET LOCAL search_path TO pg_temp")
        if is_ours:
            _fill(connection, str(home))
        prepare(engine, connection, store)
        yield store
        connection.exec_driver_sql("ROLLBACK")


def _fill(connection: Connection, home: str) -> None:
    schema.metadata.create_all(connection, checkfirst=False)
    names = connection.dialect.identifier_preparer
    for table in schema.metadata.sorted_tables:
        columns = [column.name for column in table.columns]
        rows = select(TableClause(table.name, *map(ColumnClause, columns), schema=home))
        connection.execute(table.insert().from_select(columns, rows))
        number = table.autoincrement_column
        if number is not None:  # the same numbers as a build would get
            sequence = f"{table.name}_{number.name}_seq"
            state = TableClause(sequence, ColumnClause("last_value"), ColumnClause("is_called"), schema=home)
            connection.execute(select(func.setval(f"pg_temp.{sequence}", *state.c)))
        connection.exec_driver_sql(f"ANALYZE {names.format_table(table)}")  # nothing else looks at temporary tables


@contextmanager
def _opened(engine: Engine, named: str) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise StateError(f"{named} cannot be used: {error.orig}") from error
    finally:
        engine.dispose()


def _copy(file: Path, copy: sqlite3.Connection) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            source.backup(copy)
    except sqlite3.Error as error:
        raise StateError(f"the state at {file} cannot be copied: {error}") from error
