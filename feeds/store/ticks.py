"""The daemon's tasks: when each is due, and how it went the last time. Times are seconds since 1970."""

from dataclasses import astuple, dataclass

from sqlalchemy import Connection, select

from feeds.store import schema
from feeds.store.rows import put


@dataclass(frozen=True, slots=True)
class TickRow:
    """A task: `due` is 0 where no daemon planned one; `good` is when it last went well, `fails` how often not since."""

    name: str
    due: int = 0
    started: int = 0
    ended: int = 0
    good: int = 0
    fails: int = 0
    detail: str = ""


class Ticks:
    """What the daemon does again and again; `put` inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, TickRow]:
        """Return every task that ever ran or was planned, by name."""
        rows = self._connection.execute(select(schema.tick).order_by(schema.tick.c.name))
        return {row.name: TickRow(*row) for row in rows}

    def put(self, row: TickRow) -> None:
        """Keep how a task stands."""
        put(self._connection, schema.tick, TickRow.__slots__, [astuple(row)])
