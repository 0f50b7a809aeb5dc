"""Leases: who may do a piece of work, and until when. A dead holder's lease runs out by itself."""

from sqlalchemy import Connection, delete, select

from feeds.store import schema
from feeds.store.rows import put


class Leases:
    """Named leases; call inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holder(self, name: str, now: int) -> str:
        """Return who holds the lease at `now` (seconds since 1970), or ""."""
        lease = schema.lease.c
        found = self._connection.execute(select(lease.holder).where(lease.name == name, lease.until > now)).scalar()
        return str(found or "")

    def take(self, name: str, holder: str, until: int) -> None:
        """Give the lease to `holder`, whoever had it."""
        put(self._connection, schema.lease, ("name", "holder", "until"), [(name, holder, until)])

    def release(self, name: str, holder: str) -> None:
        """End the lease if `holder` still has it."""
        lease = schema.lease
        self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))
