"""A host that a crawl holds, and the requests under way to it. It sends nothing and knows no clock."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from feeds.links.hosts import HostState
from feeds.probe.ports import Target


@dataclass(slots=True, eq=False)
class Lane:
    """A host that we hold: what waits for it, and until when we may ask it.

    `hops` are probes on their way through this host; they go before fresh targets. `left` is how many URLs are due and
    not yet taken; `number` is that of its entry in the heap, 0 for none.
    """

    host: str
    state: HostState
    until: float
    left: int = 0
    targets: deque[Target] = field(default_factory=deque)
    hops: deque["asyncio.Future[Flight]"] = field(default_factory=deque)
    drained: bool = False
    in_flight: int = 0
    ready_at: float = 0.0
    number: int = 0

    @property
    def wanted(self) -> bool:
        """Whether anything waits for this host."""
        return bool(self.hops) or not self.drained


@dataclass(slots=True, eq=False)
class Flight:
    """A request under way to the host of `lane`."""

    lane: Lane
    started: float
