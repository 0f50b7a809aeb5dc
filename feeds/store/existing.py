"""Look at a state as it is: nothing is made, nothing is changed, and whoever writes is not held up."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from feeds.errors import StateError, UsageError
from feeds.store import schema
from feeds.store.catalogue import Catalogue
from feeds.store.database import Store, engine_of
from feeds.store.figures import Figures
from feeds.store.traces import Traces

# How many steps SQLite's virtual machine takes between two looks at the clock: some milliseconds.
_STEPS = 10_000


class Seen:
    """A state that is there: `version` is that of its tables, the others answer where that is ours."""

    def __init__(self, connection: Connection) -> None:
        self.store = Store(connection)
        self.figures = Figures(connection)
        self.traces = Traces(connection)
        self.catalogue = Catalogue(connection)
        self.version = self.store.meta.get("schema")

    @property
    def is_ours(self) -> bool:
        """Tell whether this program can read the state."""
        return self.version == schema.VERSION


def state_file(url: str) -> Path | None:
    """Return the file of an SQLite state, None for one that is on a server or in memory."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


@contextmanager
def existing_state(url: str) -> Iterator[Seen | None]:
    """Look at the state as it is at this moment, whatever is written meanwhile; None where there is none yet.

    Raises StateError where it cannot be read, UsageError where the URL means no database.
    """
    if _would_be_made(url):
        yield None
        return
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            yield from _snapshot(connection)
    except DBAPIError as error:
        raise StateError(f"the state at {engine.url.render_as_string()} cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def _would_be_made(url: str) -> bool:
    """Tell whether opening would make the state: where its file is not there, or nothing was ever written to it."""
    file = state_file(url)
    try:
        return file.stat().st_size == 0 if file else is_sqlite(url)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StateError(f"the state at {file} cannot be reached: {error.strerror or error}") from error


def is_sqlite(url: str) -> bool:
    """Tell whether the state is in SQLite. Raises UsageError where the URL means no database."""
    return _parsed(url).get_backend_name() == "sqlite"


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the URL itself may hold a password
        raise UsageError("state: no database can be reached by this URL") from error


def _snapshot(connection: Connection) -> Iterator[Seen | None]:
    # A deferred transaction of SQLite in WAL mode, and this one of PostgreSQL, read and never wait for a writer.
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("BEGIN" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield Seen(connection) if connection.dialect.has_table(connection, schema.meta.name) else None
    finally:
        connection.exec_driver_sql("ROLLBACK")


def try_to_write(url: str) -> None:
    """Write to the state and take it back; raises StateError. A state that somebody else is writing to is writable."""
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            _write(connection)
    except DBAPIError as error:
        if "locked" not in str(error.orig):
            raise StateError(f"the state cannot be written: {error.orig}") from error
    finally:
        engine.dispose()


def _write(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA busy_timeout=200")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    try:
        connection.exec_driver_sql("UPDATE meta SET value = value WHERE key = 'schema'")
    finally:
        connection.exec_driver_sql("ROLLBACK")


def damage(url: str, seconds: float) -> tuple[tuple[str, ...], bool]:
    """Return what SQLite finds wrong with its file, ten faults at most, and whether it looked through all of it.

    Looks for so many seconds at most. Of PostgreSQL nothing is asked: its server looks after its files.
    """
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                return (), True
            end = time.monotonic() + seconds
            driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            rows = connection.exec_driver_sql("PRAGMA quick_check(10)").all()
            return tuple(str(row[0]) for row in rows if row[0] != "ok"), True
    except DBAPIError as error:
        return ((), False) if str(error.orig) == "interrupted" else ((str(error.orig),), True)
    finally:
        engine.dispose()
