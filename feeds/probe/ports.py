"""What a crawl needs from outside: a queue of what is due, a place for results, and a way to ask one URL.

It holds shapes and contracts only; whoever implements them must keep every sentence of the docstrings below. A crawl
calls `Queue` and `Results` on the thread of its event loop, so a call should take milliseconds.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from feeds.links.hosts import HostState
from feeds.model.link import Observation, Role, Verdict


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to ask, what it is used for, and the validators of its last answer ("" where unknown)."""

    url: str
    role: Role = Role.ARTICLE
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class HostWork:
    """A host that was leased, how many of its URLs are due, and what is remembered of it."""

    host: str
    due: int
    state: HostState


class Queue(Protocol):
    """What is due, for one run of one process; several may work on the same state. Times are seconds since 1970.

    A host goes by the name that `feeds.probe.naming.host_of` gives it.

    A lease is the right to send requests to a host until a time. At most one process holds it; one that is not renewed
    runs out by itself. The crawl sends nothing to a host unless its lease outlasts the request and the gap after it.
    """

    def hosts(self, now: float, until: float, limit: int) -> Sequence[HostWork]:
        """Lease at most `limit` hosts that have something due and that no other process holds, the fullest first.

        Each host comes at most once in the life of the queue. Nothing means that there is nothing more to do now.
        """

    def lease(self, host: str, now: float, until: float) -> HostState | None:
        """Take or renew the lease of any host, due or not, and return what is remembered of it.

        None means another process holds it. Taking and looking are one transaction.
        """

    def refill(self, host: str, limit: int) -> Sequence[Target]:
        """Return at most `limit` due URLs of a leased host, the most urgent first; nothing means it has no more.

        Each URL comes at most once in the life of the queue, whether its result was written or not.
        """

    def keep(self, states: Mapping[str, HostState], until: float) -> None:
        """Remember hosts, durably, and set the end of their leases; 0 gives them up.

        Hosts that another process leased in the meantime are left alone.
        """


class Results(Protocol):
    """Where observations go."""

    def write(self, observations: Sequence[Observation]) -> Mapping[Verdict, int]:
        """Judge and keep observations durably, in one transaction; return how many links now have which verdict."""


Gate: TypeAlias = Callable[[str], Awaitable[None]]
"""Awaited with the URL before each request to it; returns when its host may be asked, or raises `Postponed`."""

Probe: TypeAlias = Callable[[Target, int, Gate], Awaitable[Observation]]
"""Ask one URL. It calls the gate before every request, also for another method or the next hop, and lets
`Postponed` through. It never raises for a fault of the far side. Time spent in the gate counts against no time-out."""


class Postponed(Exception):  # noqa: N818 (the name says what becomes of the URL)
    """A host on the way cannot be asked in this run: it is parked, down, or held by another process."""
