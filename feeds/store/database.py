"""Open the state and hand out its parts."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import (
    ColumnClause,
    Connection,
    Engine,
    NullPool,
    StaticPool,
    TableClause,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from feeds.errors import StateError, UsageError
from feeds.store import schema
from feeds.store.documents import Documents
from feeds.store.feeds import Feeds
from feeds.store.groups import Groups
from feeds.store.history import History
from feeds.store.identities import Identities
from feeds.store.items import Items
from feeds.store.leases import Leases
from feeds.store.links import Links
from feeds.store.meta import Meta
from feeds.store.pings import Pings
from feeds.store.sources import Sources
from feeds.store.ticks import Ticks

_WITHIN = ("SAVEPOINT step", "RELEASE SAVEPOINT step", "ROLLBACK TO SAVEPOINT step")
# Where the state's own tables are, NULL where there are none yet.
_HOME = "SELECT nspname FROM pg_namespace n JOIN pg_class c ON n.oid = relnamespace WHERE c.oid = to_regclass('meta')"


class Store:
    """The state, open. Every write happens inside `transaction()`.

    `inside` says that another transaction is at work around it all, which whoever opened the state will end.
    """

    def __init__(self, connection: Connection, *, inside: bool = False) -> None:
        self._connection = connection
        # A deferred SQLite transaction that starts by reading can fail when it comes to write, without waiting.
        begin = "BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN"
        self._words = _WITHIN if inside else (begin, "COMMIT", "ROLLBACK")
        self.meta = Meta(connection)
        self.leases = Leases(connection)
        self.documents = Documents(connection)
        self.identities = Identities(connection)
        self.items = Items(connection)
        self.feeds = Feeds(connection)
        self.links = Links(connection)
        self.ticks = Ticks(connection)
        self.pings = Pings(connection)
        self.sources = Sources(connection)
        self.groups = Groups(connection)
        self.history = History(connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything done inside, or nothing of it."""
        begin, commit, rollback = self._words
        try:
            if self._connection.invalidated:  # Ctrl-C within a statement closes the connection, and what it began
                self._connection.rollback()
            self._connection.exec_driver_sql(begin)
            yield
            self._connection.exec_driver_sql(commit)
        except BaseException as error:
            if not self._connection.invalidated:
                with suppress(DBAPIError):  # the database may have rolled back by itself, or be gone
                    self._connection.exec_driver_sql(rollback)
            if isinstance(error, DBAPIError):
                raise StateError(f"the state cannot be written: {error.orig}") from error
            raise

    def compact(self) -> None:
        """Have the database look after itself."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA optimize")
            # A write-ahead log keeps the size it once had: after a first build that is as large as the state.
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
        self._connection.engine.dispose()


def open_store(url: str) -> Store:
    """Open the state at an SQLAlchemy URL, making it where there is none yet."""
    engine = engine_of(url)
    try:
        connection = engine.connect()
        store = Store(connection)
        _prepare(engine, connection, store)
    except DBAPIError as error:
        raise StateError(f"the state at {engine.url.render_as_string()} cannot be used: {error.orig}") from error
    return store


@contextmanager
def rehearsal(url: str) -> Iterator[Store]:
    """Open the state as it is at this moment, for changes of which nothing is kept and nobody else hears.

    Works on a copy, so that nobody who writes to the state meanwhile has to wait, and leaves nothing, however the
    process ends. A database that has no state yet gets none.
    """
    if not _is_sqlite(url):
        with _stand_ins(url) as store:
            yield store
        return
    file = _sqlite_file(url)
    # SQLite removes the file of a database without a name as soon as it has opened it. 0.4 s and 50 MB for 430 MB.
    with closing(sqlite3.connect("")) as copy:
        if file and file.is_file() and file.stat().st_size:
            _copy(file, copy)
        engine = _tuned(
            create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
        )
        with _opened(engine, f"the copy of the state {file or url}") as connection:
            store = Store(connection)
            _prepare(engine, connection, store)
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
        _prepare(engine, connection, store)
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


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the URL itself may hold a password
        raise UsageError("state: no database can be reached by this URL") from error


def _is_sqlite(url: str) -> bool:
    return _parsed(url).get_backend_name() == "sqlite"


def _sqlite_file(url: str) -> Path | None:
    name = _parsed(url).database
    return Path(name) if name and name != ":memory:" else None


def _copy(file: Path, copy: sqlite3.Connection) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            source.backup(copy)
    except sqlite3.Error as error:
        raise StateError(f"the state at {file} cannot be copied: {error}") from error


def engine_of(url: str) -> Engine:
    """Return a way to connect to an SQLAlchemy URL. Raises UsageError or StateError."""
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":  # what everybody writes; SQLAlchemy would look for psycopg2
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # The URL itself may hold a password.
        raise UsageError(f"state: no database can be reached by this URL: {error}") from error
    except ImportError as error:
        raise UsageError(f"state: the driver is not installed ({error}); try: pip install 'feeds[postgres]'") from error
    except OSError as error:
        raise StateError(f"the folder of the state cannot be made: {error}") from error
    return _tuned(engine)


def _tuned(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "invalidate", _let_go_of_sqlite)
    return engine


def _tune_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # WAL with NORMAL survives a kill of the process without a sync per commit; a power cut loses the last commits
    # but never tears the file, and the next build does them again.
    # Fewer and larger steps from the log into the file (32 MiB) save a first build 2 % of its processor time.
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "cache_size=-32000",
        "wal_autocheckpoint=8000",
    ):
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def _let_go_of_sqlite(connection: object, _record: object, _error: object) -> None:
    # Closing is not enough: SQLite keeps the lock while a cursor in some traceback is still alive.
    connection.rollback()  # type: ignore[attr-defined]


def _prepare(engine: Engine, connection: Connection, store: Store) -> None:
    """Make the tables of a new state; refuse one that another version of the program made."""
    if not engine.dialect.has_table(connection, schema.meta.name):
        with store.transaction():
            schema.metadata.create_all(connection)
            store.meta.put("schema", schema.VERSION)
    found = store.meta.get("schema")
    if found != schema.VERSION:
        raise StateError(
            f"the state has version {found}, this program needs {schema.VERSION}: use the program that made it, or "
            "remove the state (the next build makes it anew, with the same items under the same ids)"
        )
