"""Leases: who may do a piece of work, and until when. A dead holder's lease runs out by itself."""

from sqlalchemy import Connection, delete, or_, select

from feeds.store import schema
from feeds.store.rows import insert_into

lease = schema.lease


class Leases:
    """Named leases; call inside a transaction. Times are seconds since 1970."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holder(self, name: str, now: int) -> str:
        """Return who holds the lease at `now`, or ""."""
        query = select(lease.c.holder).where(lease.c.name == name, lease.c.until > now)
        return str(self._connection.execute(query).scalar() or "")

    def claim(self, name: str, holder: str, until: int, now: int, dead: str = "") -> str:
        """Give the lease to `holder` if nobody, or `dead`, has it at `now`; return who has it then.

        One statement looks and takes, so that two processes on one PostgreSQL cannot both believe they have it.
        """
        statement = insert_into(self._connection, lease).values(name=name, holder=holder, until=until)
        free = or_(lease.c.holder.in_((holder, dead)), lease.c.until <= now)
        news = {"holder": statement.excluded.holder, "until": statement.excluded.until}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=news, where=free))
        return self.holder(name, now)

    def release(self, name: str, holder: str) -> None:
        """End the lease if `holder` still has it."""
        self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))
