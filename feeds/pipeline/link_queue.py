"""The crawl's view of the store: which hosts have something due, who may ask them, and what there is to ask.

Several processes may work on one state: a host belongs to whoever leased it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from feeds.links.encoding import decode_host, decode_link, encode_host
from feeds.links.hosts import HostState
from feeds.links.judge import needs_proof
from feeds.model.link import Role
from feeds.probe.ports import HostWork, Target
from feeds.store import Store
from feeds.store.links import Due, HostRow

_FIRST = (-(2**62), "")


class StoreQueue:
    """What is due in the store, for one run of one process; keeps every sentence of `feeds.probe.ports.Queue`."""

    def __init__(self, store: Store, due: Due, holder: str) -> None:
        self._store, self._due, self._holder = store, due, holder
        self._counts = store.links.due_hosts(due)
        self._waiting = list(reversed(self._counts))  # the fullest last, to pop
        self._behind: dict[str, tuple[int, str]] = {}
        self.held = 0  # hosts that another process was at work on
        self.dead: set[str] = set()  # given out, and held dead so far: only a GET may show them alive

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many links of each host were due when the run began."""
        return self._counts

    def hosts(self, now: float, until: float, limit: int) -> Sequence[HostWork]:
        """Lease the next hosts that nobody else holds, the fullest first."""
        found: list[HostWork] = []
        while self._waiting and len(found) < limit:
            part = [self._waiting.pop() for _ in range(min(limit - len(found), len(self._waiting)))]
            taken = self._take(part, now, until)
            self.held += len(part) - len(taken)
            found += [HostWork(host, self._counts[host], state) for host, state in taken]
        return found

    def lease(self, host: str, now: float, until: float) -> HostState | None:
        """Lease any host, or return None where another process holds it."""
        return next((state for _, state in self._take([host], now, until)), None)

    def refill(self, host: str, limit: int) -> Sequence[Target]:
        """Return the next links of a host, the most urgent first, each once in this run."""
        rows = self._store.links.due_links(self._due, host, self._behind.get(host, _FIRST), limit)
        if rows:
            self._behind[host] = (rows[-1].due, rows[-1].url)
        states = [decode_link(row.body) for row in rows]
        self.dead.update(state.url for state in states if needs_proof(state))
        return [
            Target(row.url, Role(row.role), state.etag, state.last_modified)
            for row, state in zip(rows, states, strict=True)
        ]

    def keep(self, states: Mapping[str, HostState], until: float) -> None:
        """Remember hosts that are still ours, and hold them until `until`."""
        rows = [HostRow(host, self._holder, until, encode_host(state)) for host, state in states.items()]
        with self._store.transaction():
            self._store.links.keep_hosts(rows)

    def _take(self, hosts: Sequence[str], now: float, until: float) -> list[tuple[str, HostState]]:
        with self._store.transaction():
            mine = self._store.links.take_hosts(hosts, self._holder, until, now)
        return [(host, decode_host(mine[host].body)) for host in hosts if host in mine]


def release_dead(store: Store, is_dead: Callable[[str], bool], now: float) -> None:
    """Let go of the hosts of processes that died, each after the gap it is owed since its last request."""
    for holder in filter(is_dead, store.links.holders()):
        rows = [row for row in store.links.held_by(holder) if row.until > now]
        soon = [replace(row, until=min(row.until, now + decode_host(row.body).gap)) for row in rows]
        with store.transaction():
            store.links.keep_hosts(soon)
