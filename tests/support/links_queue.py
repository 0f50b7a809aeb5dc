"""The smallest queue on SQLite that keeps the contract of `feeds.probe.ports.Queue`, for several processes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from feeds.links.hosts import HostState
from feeds.model.link import Observation, Seen, Verdict
from feeds.probe.naming import host_of
from feeds.probe.ports import HostWork, Target

SCHEMA = """
CREATE TABLE IF NOT EXISTS host (name TEXT PRIMARY KEY, state TEXT, holder TEXT, until REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS link (url TEXT PRIMARY KEY, host TEXT, seen TEXT);
CREATE INDEX IF NOT EXISTS link_host ON link (host, url);
"""
CLAIM = """
INSERT INTO host (name, holder, until) VALUES (:host, :holder, :until) ON CONFLICT (name) DO UPDATE
SET holder = excluded.holder, until = excluded.until WHERE holder = excluded.holder OR host.until <= :now
"""
DUE = """
SELECT host, count(*) FROM link LEFT JOIN host ON host.name = link.host
WHERE seen IS NULL AND (coalesce(holder, :holder) = :holder OR until <= :now) GROUP BY host ORDER BY 2 DESC
"""
KEEP = """
INSERT INTO host (name, state, holder, until) VALUES (:host, :state, :holder, :until) ON CONFLICT (name) DO UPDATE
SET state = excluded.state, until = excluded.until WHERE holder = excluded.holder
"""


class SqliteQueue:
    """A queue and the results of one process, named `holder`; a link is due until it has a result."""

    def __init__(self, path: Path, holder: str) -> None:
        self.holder = holder
        self._database = sqlite3.connect(path, timeout=20, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA)
        self._given: set[str] = set()
        self._after: dict[str, str] = {}

    def fill(self, urls: Iterable[str]) -> None:
        rows = [(url, host_of(url)) for url in urls]
        with self._transaction():
            self._database.executemany("INSERT OR IGNORE INTO link (url, host) VALUES (?, ?)", rows)

    def hosts(self, now: float, until: float, limit: int) -> Sequence[HostWork]:
        with self._transaction():
            due = self._database.execute(DUE, {"holder": self.holder, "now": now}).fetchall()
            fresh = [row for row in due if row[0] not in self._given][:limit]
            self._given.update(host for host, _ in fresh)
            return [HostWork(host, count, state) for host, count in fresh if (state := self._claim(host, now, until))]

    def lease(self, host: str, now: float, until: float) -> HostState | None:
        with self._transaction():
            return self._claim(host, now, until)

    def refill(self, host: str, limit: int) -> Sequence[Target]:
        rows = self._database.execute(
            "SELECT url FROM link WHERE host = ? AND seen IS NULL AND url > ? ORDER BY url LIMIT ?",
            (host, self._after.get(host, ""), limit),
        ).fetchall()
        if rows:
            self._after[host] = rows[-1][0]
        return [Target(url) for (url,) in rows]

    def keep(self, states: Mapping[str, HostState], until: float) -> None:
        rows = [
            {"host": host, "state": json.dumps(asdict(state)), "holder": self.holder, "until": until}
            for host, state in states.items()
        ]
        with self._transaction():
            self._database.executemany(KEEP, rows)

    def write(self, observations: Sequence[Observation]) -> Mapping[Verdict, int]:
        rows = [(seen.seen, seen.url) for seen in observations]
        with self._transaction():
            self._database.executemany("UPDATE link SET seen = ? WHERE url = ?", rows)
        alive = sum(observation.seen is Seen.ALIVE for observation in observations)
        return {Verdict.OK: alive, Verdict.SUSPECT: len(observations) - alive}

    def seen(self) -> dict[str, str | None]:
        return dict(self._database.execute("SELECT url, seen FROM link").fetchall())

    def state(self, host: str) -> HostState:
        return self._state(self._database.execute("SELECT state FROM host WHERE name = ?", (host,)).fetchone())

    def holder_of(self, host: str) -> tuple[str, float]:
        return self._database.execute("SELECT holder, until FROM host WHERE name = ?", (host,)).fetchone()

    def close(self) -> None:
        self._database.close()

    def _claim(self, host: str, now: float, until: float) -> HostState | None:
        row = {"host": host, "holder": self.holder, "until": until, "now": now}
        if not self._database.execute(CLAIM, row).rowcount:
            return None
        return self.state(host)

    def _state(self, row: tuple[Any, ...] | None) -> HostState:
        if not row or not row[0]:
            return HostState()
        fields = json.loads(row[0])
        return HostState(**{**fields, "recent": tuple(fields["recent"])})

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
