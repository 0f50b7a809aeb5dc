"""The polite crawl: ask what is due, host by host at the pace of each, and hand on what was seen.

One ring of hosts is the only scheduler: a request starts when its host is ready and a slot is free, so nothing holds a
slot while it waits for a host. It knows neither SQL nor HTTP and judges no link.
"""

import asyncio
from collections.abc import Callable, Sequence

from feeds.links.hosts import DEFAULT_PACE, Pace
from feeds.probe.clock import Clock, steady_clock
from feeds.probe.holdings import Holdings
from feeds.probe.limits import Budget, Limits
from feeds.probe.naming import host_of
from feeds.probe.outage import Outage
from feeds.probe.outbox import Outbox
from feeds.probe.ports import Probe, Queue, Results, Target
from feeds.probe.progress import End, Progress, progress_of
from feeds.probe.ring import Ring
from feeds.probe.slots import Slots
from feeds.probe.visits import Visits


class Crawl:
    """One run over a queue.

    `pace_of` is the pace of a host, `delay_of` the Crawl-delay known for a URL; `controls` are URLs on different hosts
    that were fine lately, to tell our own outage from theirs. `watch` is called with the progress every tick.

    Cancelled, it gives up what is under way, writes all results, releases the hosts, and only then lets the
    cancellation out. An error of `probe` concerns one URL: the others go on, and the errors are raised as a group at
    the end.
    """

    def __init__(
        self,
        queue: Queue,
        results: Results,
        probe: Probe,
        *,
        limits: Limits | None = None,
        budget: Budget | None = None,
        clock: Clock | None = None,
        pace_of: Callable[[str], Pace] = lambda _: DEFAULT_PACE,
        delay_of: Callable[[str], float] = lambda _: 0.0,
        controls: Sequence[Target] = (),
        watch: Callable[[Progress], None] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._seconds = (budget or Budget()).seconds
        self._clock = clock or steady_clock()
        self._watch = watch
        self._ring = Ring(self._limits.affinity)
        self._slots = Slots(self._limits.running, self._limits.sockets, self._limits.slow)
        self._holdings = Holdings(queue, self._ring, self._limits, pace_of)
        self._outbox = Outbox(results)
        self._visits = Visits(
            probe,
            self._holdings,
            self._slots,
            self._outbox,
            Outage({host_of(target.url): target for target in controls}),
            self._clock,
            self._limits,
            delay_of,
            (budget or Budget()).urls,
        )
        self._end = End.RUNNING
        self._started = self._next_tick = self._clock()

    async def run(self) -> Progress:
        """Check until nothing is left or the budget is spent; return how far it came.

        Raises StateError where the queue or the results do, and an ExceptionGroup of what the probe raised.
        """
        try:
            await self._work()
        except asyncio.CancelledError:
            self._end = End.STOPPED
            raise
        finally:
            await self._stop()
        if self._visits.errors:
            raise ExceptionGroup("some URLs could not be checked", self._visits.errors)
        return self.progress()

    def progress(self) -> Progress:
        """Return how far the crawl is."""
        now = self._clock()
        return progress_of(self._outbox, self._ring, now, now - self._started, self._visits.postponed, self._end)

    async def _work(self) -> None:
        self._holdings.stock(self._clock())
        while True:
            now = self._clock()
            if now >= self._next_tick:
                self._tick(now)
            self._start_ready(now)
            self._end = self._ended(now)
            if self._end is not End.RUNNING:
                return
            await self._sleep(now)

    def _tick(self, now: float) -> None:
        self._next_tick = now + self._limits.tick
        self._outbox.flush()
        self._holdings.tend(now)
        self._holdings.stock(now)
        if self._watch:
            self._watch(self.progress())

    def _start_ready(self, now: float) -> None:
        if self._visits.failure:
            raise self._visits.failure
        if len(self._outbox) >= self._limits.batch:
            self._outbox.flush()
        for slow in self._slots.age(now):
            self._holdings.offer(slow, now)
        while self._slots.free and (lane := self._ring.pop(now)):
            if self._holdings.may_ask(lane, now):
                self._visits.start(lane, now)

    def _ended(self, now: float) -> End:
        if self._visits.offline:
            return End.OFFLINE
        if self._seconds is not None and now >= self._started + self._seconds:
            return End.BUDGET
        if self._visits:
            return End.RUNNING
        if self._visits.spent:
            return End.BUDGET
        if self._ring.next_at() is not None:
            return End.RUNNING
        self._holdings.tend(now)  # makes room
        return End.RUNNING if self._holdings.stock(now) else End.DONE

    async def _sleep(self, now: float) -> None:
        until = min(self._next_tick, self._slots.next_aging() or self._next_tick)
        if self._slots.free and (ready_at := self._ring.next_at()) is not None:
            until = min(until, ready_at)
        if self._seconds is not None:
            until = min(until, self._started + self._seconds)
        wake = self._visits.wake
        timer = asyncio.get_running_loop().call_later(max(0.0, until - now), wake.set)
        await wake.wait()
        wake.clear()
        timer.cancel()

    async def _stop(self) -> None:
        await self._visits.stop()
        try:
            self._outbox.flush()
        finally:
            self._holdings.close()
