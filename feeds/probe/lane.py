"""A host that a crawl holds, and the requests under way to it. It sends nothing and knows no clock."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace

from feeds.links.hosts import DEFAULT_PACE, HostState, Pace
from feeds.probe.ports import Target


@dataclass(slots=True, eq=False)
class Lane:
    """A host that we hold: what waits for it, and until when we may ask it.

    `hops` are probes on their way through this host; they go before fresh targets. `left` is how many URLs are due and
    not yet taken; `next_at` is when its pace permits the next request; `young` are those under way that may still be
    quick; `streak` counts URLs asked in a row; `number` is that of its entry in the ring, 0 for none.
    """

    host: str
    state: HostState
    until: float
    pace: Pace = DEFAULT_PACE
    left: int = 0
    targets: deque[Target] = field(default_factory=deque)
    hops: deque["asyncio.Future[Flight]"] = field(default_factory=deque)
    drained: bool = False
    next_at: float = 0.0
    in_flight: int = 0
    young: int = 0
    streak: int = 0
    number: int = 0

    @property
    def wanted(self) -> bool:
        """Whether anything waits for this host."""
        return bool(self.hops) or not self.drained

    @property
    def kept(self) -> HostState:
        """What is to be remembered of it."""
        return replace(self.state, next_at=max(self.state.next_at, self.next_at))

    @property
    def ready(self) -> float:
        """When it may be asked: its pace, and its wish to be left alone, permit it."""
        return max(self.next_at, self.state.ready_at)


@dataclass(slots=True, eq=False)
class Flight:
    """A request under way to the host of `lane`; `next_at` is that of the lane before it."""

    lane: Lane
    started: float
    next_at: float
