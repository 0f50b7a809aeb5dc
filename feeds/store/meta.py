"""Single values the program keeps between runs: digests of settings, counters, the time of the last build."""

from sqlalchemy import Connection, select

from feeds.store import schema
from feeds.store.rows import put


class Meta:
    """Named texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str, default: str = "") -> str:
        """Return the value kept under `key`."""
        value = self._connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == key)).scalar()
        return default if value is None else str(value)

    def put(self, key: str, value: str) -> None:
        """Keep a value under `key`."""
        put(self._connection, schema.meta, ("key", "value"), [(key, value)])
