"""What WebSub hubs have still to be told, and how each hub answered last. Times are seconds since 1970."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, and_, bindparam, case, delete, func, select

from feeds.store import schema
from feeds.store.rows import insert_into, put

ping, hub = schema.ping, schema.hub


@dataclass(frozen=True, slots=True)
class HubRow:
    """A hub: when it may be asked again, how often it failed since `good`, and what went wrong the last time."""

    url: str
    due: int = 0
    fails: int = 0
    good: int = 0
    detail: str = ""


class Pings:
    """A queue for each hub; write inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hubs: Iterable[str], urls: Sequence[str], now: int) -> None:
        """Queue these feeds for every one of these hubs; what waits already goes on waiting, with a later time.

        Later even within one second: `done` must not take a change for the one before it.
        """
        rows = [{"hub": each, "url": url, "since": now} for each in hubs for url in urls]
        if not rows:
            return
        statement = insert_into(self._connection, ping)
        new = statement.excluded.since
        later = case((ping.c.since >= new, ping.c.since + 1), else_=new)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["hub", "url"], set_={"since": later}), rows
        )

    def waiting(self, url: str, limit: int) -> list[tuple[str, int]]:
        """Return the feeds a hub has to be told of and since when, the longest waiting first."""
        query = select(ping.c.url, ping.c.since).where(ping.c.hub == url).order_by(ping.c.since, ping.c.url)
        return [(row[0], row[1]) for row in self._connection.execute(query.limit(limit))]

    def done(self, url: str, told: Sequence[tuple[str, int]]) -> None:
        """Drop what a hub was told, but what changed again since it was read from the queue."""
        mine = and_(ping.c.hub == url, ping.c.url == bindparam("url_"), ping.c.since == bindparam("since_"))
        if told:
            self._connection.execute(delete(ping).where(mine), [{"url_": u, "since_": s} for u, s in told])

    def oldest(self) -> int | None:
        """Return since when the longest waiting feed waits, None where none does."""
        found = self._connection.execute(select(func.min(ping.c.since))).scalar()
        return None if found is None else int(found)

    def drop(self, before: int) -> None:
        """Drop what waits since before that time."""
        self._connection.execute(delete(ping).where(ping.c.since < before))

    def counts(self) -> dict[str, int]:
        """Return how many feeds each hub has still to be told of."""
        rows = self._connection.execute(select(ping.c.hub, func.count()).group_by(ping.c.hub))
        return {row[0]: row[1] for row in rows}

    def hubs(self) -> dict[str, HubRow]:
        """Return every hub that was ever asked, by URL."""
        return {row.url: HubRow(*row) for row in self._connection.execute(select(hub).order_by(hub.c.url))}

    def keep(self, row: HubRow) -> None:
        """Keep how a hub stands."""
        put(self._connection, hub, HubRow.__slots__, [astuple(row)])

    def forget(self, hubs: Iterable[str]) -> None:
        """Drop hubs that are no longer configured, with all that waits for them."""
        for url in hubs:
            self._connection.execute(delete(ping).where(ping.c.hub == url))
            self._connection.execute(delete(hub).where(hub.c.url == url))
