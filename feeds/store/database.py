"""Open the state and hand out its parts."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
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
        prepare(engine, connection, store)
    except DBAPIError as error:
        raise StateError(f"the state at {engine.url.render_as_string()} cannot be used: {error.orig}") from error
    return store


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
    return tuned(engine)


def tuned(engine: Engine) -> Engine:
    """Have connections of SQLite wait for each other, and keep what is written through a kill."""
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


def prepare(engine: Engine, connection: Connection, store: Store) -> None:
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
