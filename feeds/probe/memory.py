"""A queue that lives in memory: for one process, one run, and tests. It keeps nothing."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from feeds.links.hosts import HostState
from feeds.probe.naming import host_of
from feeds.probe.ports import HostWork, Target


class MemoryQueue:
    """Everything that was put in is due; each URL once."""

    def __init__(self, targets: Iterable[Target] = (), states: Mapping[str, HostState] | None = None) -> None:
        self.states = dict(states or {})
        self._due: dict[str, deque[Target]] = {}
        for target in {target.url: target for target in targets}.values():
            self._due.setdefault(host_of(target.url), deque()).append(target)
        self._order = deque(sorted(self._due, key=lambda host: -len(self._due[host])))

    def hosts(self, now: float, until: float, limit: int) -> Sequence[HostWork]:  # noqa: ARG002 (nobody to share with)
        """Return the next hosts, the fullest first."""
        taken = [self._order.popleft() for _ in range(min(limit, len(self._order)))]
        return [HostWork(host, len(self._due[host]), self._state(host)) for host in taken]

    def lease(self, host: str, now: float, until: float) -> HostState | None:  # noqa: ARG002
        """Return what is remembered of a host: nobody else can hold it."""
        return self._state(host)

    def refill(self, host: str, limit: int) -> Sequence[Target]:
        """Return the next URLs of a host."""
        due = self._due.get(host, deque())
        return [due.popleft() for _ in range(min(limit, len(due)))]

    def keep(self, states: Mapping[str, HostState], until: float) -> None:  # noqa: ARG002
        """Remember hosts."""
        self.states.update(states)

    def _state(self, host: str) -> HostState:
        return self.states.get(host) or HostState()
