"""The URLs that items use: what we hold of each, when to ask it again, and who may ask its host."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from feeds.store import schema
from feeds.store.rows import add, chunks, insert_into, put, remove

link, use, host_table, item = schema.link, schema.link_use, schema.link_host, schema.item


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A URL as it is kept. `acts` says that it changes what an item shows; `due` orders what is asked first.

    `newest` is when the newest item that uses it was published; `body` is all that is known, encoded.
    """

    url: str
    host: str
    role: str
    newest: int
    verdict: str
    acts: bool
    due: int
    checked: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """Which links a run is to ask: those due at `at`, or, where `at` is None, all not checked since `since`."""

    at: int | None
    since: int
    host: str = ""


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host as it is kept: who may ask it until when, and its pace, encoded (b"" for a new one)."""

    host: str
    holder: str
    until: float
    body: bytes


_COLUMNS = tuple(column.name for column in fields(LinkRow))


class Links:
    """Links, their uses and their hosts; call inside a transaction where something is written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def items_since(self, turn: int) -> list[tuple[str, int]]:
        """Return the items written by builds after `turn`, with when they were published."""
        rows = self._connection.execute(select(item.c.id, item.c.published).where(item.c.turn > turn))
        return [(row.id, row.published) for row in rows]

    def replace_uses(self, uses: Mapping[str, Iterable[str]]) -> None:
        """Say which URLs each of these items uses, in place of those it used."""
        for part in chunks(uses):
            self._connection.execute(delete(use).where(use.c.item.in_(part)))
        add(self._connection, use, ("url", "item"), sorted({(url, key) for key, urls in uses.items() for url in urls}))

    def add_uses(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add uses: (url, item)."""
        put(self._connection, use, ("url", "item"), sorted(set(pairs)))

    def get(self, urls: Iterable[str]) -> dict[str, LinkRow]:
        """Return what is known of these URLs."""
        parts = (self._connection.execute(select(link).where(link.c.url.in_(part))) for part in chunks(urls))
        return {row.url: LinkRow(*row) for rows in parts for row in rows}

    def put(self, rows: Sequence[LinkRow]) -> None:
        """Keep links, new or changed."""
        put(self._connection, link, _COLUMNS, [tuple(getattr(row, name) for name in _COLUMNS) for row in rows])

    def any_acts(self) -> bool:
        """Tell whether any URL at all changes what items show: before the first check none does."""
        return self._connection.execute(select(link.c.url).where(link.c.acts).limit(1)).first() is not None

    def acting(self, urls: Iterable[str]) -> dict[str, bytes]:
        """Return what is known of those of these URLs that change what items show."""
        query = select(link.c.url, link.c.body).where(link.c.acts)
        parts = (self._connection.execute(query.where(link.c.url.in_(part))) for part in chunks(urls))
        return {row.url: row.body for rows in parts for row in rows}

    def verdicts_of(self, urls: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
        """Return the verdicts on those of these URLs that have one of the wanted."""
        query = select(link.c.url, link.c.verdict).where(link.c.verdict.in_(sorted(wanted)))
        parts = (self._connection.execute(query.where(link.c.url.in_(part))) for part in chunks(urls))
        return {row[0]: row[1] for rows in parts for row in rows}

    def users(self, urls: Iterable[str]) -> dict[str, list[str]]:
        """Return the items that use each of these URLs."""
        found: dict[str, list[str]] = {}
        for part in chunks(urls):
            for row in self._connection.execute(select(use).where(use.c.url.in_(part)).order_by(use.c.url, use.c.item)):
                found.setdefault(row.url, []).append(row.item)
        return found

    def touch(self, items: Iterable[str]) -> None:
        """Have these items folded again by the next build."""
        put(self._connection, schema.stale_item, ("item",), [(key,) for key in sorted(set(items))])

    def verdicts(self) -> dict[str, int]:
        """Return how many of the links in use have which verdict."""
        query = select(link.c.verdict, func.count()).where(_used()).group_by(link.c.verdict)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def find(self, verdicts: Sequence[str] = (), host: str = "", urls: Sequence[str] = ()) -> list[LinkRow]:
        """Return the links in use with one of these verdicts, on this host, by URL."""
        query = select(link).where(_used()).order_by(link.c.host, link.c.url)
        query = query.where(link.c.verdict.in_(verdicts)) if verdicts else query
        query = query.where(_on(host)) if host else query
        query = query.where(link.c.url.in_(urls)) if urls else query
        return [LinkRow(*row) for row in self._connection.execute(query)]

    def due_hosts(self, due: Due) -> dict[str, int]:
        """Return how many links each host has to be asked for, the fullest first."""
        count = func.count().label("due")
        query = select(link.c.host, count).where(_used(), *_is_due(due))
        query = query.group_by(link.c.host).order_by(count.desc(), link.c.host)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def due_links(self, due: Due, host: str, after: tuple[int, str], limit: int) -> list[LinkRow]:
        """Return links of one host to ask, the most urgent first, beginning behind `after` (due, url)."""
        behind = or_(link.c.due > after[0], and_(link.c.due == after[0], link.c.url > after[1]))
        query = select(link).where(_used(), *_is_due(due), link.c.host == host, behind)
        rows = self._connection.execute(query.order_by(link.c.due, link.c.url).limit(limit))
        return [LinkRow(*row) for row in rows]

    def unused(self, before: int) -> list[LinkRow]:
        """Return links that no item uses and that were last checked before `before`."""
        query = select(link).where(~_used(), link.c.checked < before)
        return [LinkRow(*row) for row in self._connection.execute(query)]

    def drop(self, urls: Iterable[str], before: int) -> None:
        """Forget links, and hosts without any that nobody was to ask since `before`."""
        remove(self._connection, link, "url", urls)
        idle = ~select(link.c.url).where(link.c.host == host_table.c.host).exists()
        self._connection.execute(delete(host_table).where(idle, host_table.c.until < before))

    def controls(self, most: int) -> list[LinkRow]:
        """Return links of different hosts that were fine when they were last asked, the latest first."""
        latest = select(func.max(link.c.checked)).where(link.c.verdict == "ok").group_by(link.c.host)
        query = select(link).where(link.c.verdict == "ok", link.c.checked.in_(latest))
        rows = self._connection.execute(query.order_by(link.c.checked.desc()).limit(most * 20))
        return list({row.host: LinkRow(*row) for row in rows}.values())[:most]

    def hosts(self, hosts: Iterable[str]) -> dict[str, HostRow]:
        """Return what is kept of these hosts."""
        query = select(host_table)
        parts = (self._connection.execute(query.where(host_table.c.host.in_(part))) for part in chunks(hosts))
        return {row.host: HostRow(*row) for rows in parts for row in rows}

    def take_hosts(self, hosts: Sequence[str], holder: str, until: float, now: float) -> dict[str, HostRow]:
        """Give those of these hosts that nobody else holds at `now` to `holder`; return what is kept of them.

        One statement looks and takes, so that two processes on one PostgreSQL cannot both believe they have a host.
        """
        statement = insert_into(self._connection, host_table)
        free = or_(host_table.c.holder == holder, host_table.c.until <= now)
        news = {"holder": statement.excluded.holder, "until": statement.excluded.until}
        taking = statement.on_conflict_do_update(index_elements=["host"], set_=news, where=free)
        rows = [{"host": host, "holder": holder, "until": until, "body": b""} for host in sorted(hosts)]
        self._connection.execute(taking, rows)
        return {host: row for host, row in self.hosts(hosts).items() if row.holder == holder}

    def holders(self) -> list[str]:
        """Return who holds any host."""
        return list(self._connection.execute(select(host_table.c.holder).distinct()).scalars())

    def held_by(self, holder: str) -> list[HostRow]:
        """Return the hosts that somebody holds or held last."""
        return [
            HostRow(*row) for row in self._connection.execute(select(host_table).where(host_table.c.holder == holder))
        ]

    def keep_hosts(self, rows: Sequence[HostRow]) -> None:
        """Keep those of these hosts that their holder still holds."""
        mine = and_(host_table.c.host == bindparam("host_"), host_table.c.holder == bindparam("holder_"))
        change = update(host_table).where(mine).values(until=bindparam("until_"), body=bindparam("body_"))
        values = [{"host_": r.host, "holder_": r.holder, "until_": r.until, "body_": r.body} for r in rows]
        if values:
            self._connection.execute(change, values)


def _used() -> Any:
    return select(use.c.url).where(use.c.url == link.c.url).exists()


def _on(host: str) -> Any:
    return or_(link.c.host == host, link.c.host.endswith("." + host, autoescape=True))


def _is_due(due: Due) -> list[Any]:
    wanted = [link.c.due <= due.at] if due.at is not None else [link.c.checked < due.since]
    wanted.append(link.c.verdict != "excluded")
    return [*wanted, _on(due.host)] if due.host else wanted
