"""Probes under way: each from its start through the hosts on its way to what it saw, and what that means for the host.

It starts what the crawl tells it to, and decides neither when nor in which order.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace

from feeds.errors import FeedsError
from feeds.links.hosts import after_answer, holds_for_host, with_delay
from feeds.model.link import Observation
from feeds.probe.clock import Clock
from feeds.probe.holdings import Holdings
from feeds.probe.lane import Flight, Lane
from feeds.probe.limits import Limits
from feeds.probe.outage import Outage
from feeds.probe.outbox import Outbox
from feeds.probe.ports import Postponed, Probe, Target
from feeds.probe.slots import Slots
from feeds.probe.trip import Trip

_KEPT_ERRORS = 10


class Visits:
    """The probes under way.

    `wake` is set whenever the crawl may have something to do. `failure` is that of the queue, which ends the crawl;
    `errors` are those of probes, which concern one URL each.
    """

    def __init__(
        self,
        probe: Probe,
        holdings: Holdings,
        slots: Slots,
        outbox: Outbox,
        outage: Outage,
        clock: Clock,
        limits: Limits,
        delay_of: Callable[[str], float],
        most: int | None,
    ) -> None:
        self._probe = probe
        self._holdings = holdings
        self._slots = slots
        self._outbox = outbox
        self._outage = outage
        self._clock = clock
        self._limits = limits
        self._delay_of = delay_of
        self._most = most
        self._taken = self._hopping = 0
        self._aside: list[Lane] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()
        self.postponed = 0
        self.errors: list[Exception] = []
        self.failure: FeedsError | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def spent(self) -> bool:
        """Whether as many URLs were taken as may be."""
        return self._most is not None and self._taken >= self._most

    @property
    def offline(self) -> bool:
        """Whether our own network failed and did not come back."""
        return self._outage.lasting

    def start(self, lane: Lane, now: float) -> None:
        """Let one request to a host begin: a probe on its way first, else a fresh URL."""
        while lane.hops:
            turn = lane.hops.popleft()
            if not turn.done():
                turn.set_result(self._take_off(lane, now))
                return
        if self._outage.closed:
            self._aside.append(lane)
        elif not self.spent and (target := self._holdings.take(lane)):
            self._taken += 1
            self._begin(self._visit(Trip(target.url, self._hop, self._take_off(lane, now)), target))

    async def stop(self) -> None:
        """Give up what is under way, and settle what was held back."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._limits.grace)
        if self._outage.closed:
            self._outbox.discarded += self._outage.forget()
        else:
            self._outbox.extend(self._outage.believe())

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.wake.set()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, FeedsError):
            self.failure = error
        elif isinstance(error, Exception) and len(self.errors) < _KEPT_ERRORS:
            self.errors.append(error)

    def _take_off(self, lane: Lane, now: float) -> Flight:
        flight = self._slots.take(lane, now)
        lane.next_at = now + lane.state.gap
        return flight

    def _land(self, flight: Flight, *, asked: bool = True) -> None:
        """End a request: the gap runs from its answer, so that it also holds where connecting took long."""
        now = self._clock()
        lane = flight.lane
        lane.next_at = now + lane.state.gap if asked else flight.next_at
        self._slots.give(flight)
        self._holdings.offer(lane, now)
        self.wake.set()

    # --- one URL

    async def _visit(self, trip: Trip, target: Target) -> None:
        try:
            observation = await self._probe(target, int(self._clock()), trip.gate)
            if trip.flight:
                await self._hear(trip.flight.lane, target, observation)
        except Postponed:
            self.postponed += 1
        except Exception as error:
            error.add_note(target.url)
            raise
        finally:
            if trip.flight:
                self._land(trip.flight, asked=trip.asked)

    async def _hear(self, lane: Lane, target: Target, observation: Observation) -> None:
        """Take what was seen: for the pace of the host that said it, the watch over our own network, the results."""
        was = lane.state
        lane.state = after_answer(was, observation, self._clock(), lane.pace)
        if observation.status and (delay := self._delay_of(observation.final_url)):
            lane.state = with_delay(lane.state, delay, lane.pace)
        if lane.state.parked_until > was.parked_until or lane.state.outages != was.outages:
            self._holdings.keep_now(lane)
        self._report(lane.host, target, observation)
        if lane.state.is_down and holds_for_host(observation):
            await self._share(lane, observation)

    async def _share(self, lane: Lane, observation: Observation) -> None:
        """Report what holds for the whole host for all its URLs: none of them needs a request of its own."""
        while not self._outage.closed and (target := self._holdings.take(lane)):
            self._report(lane.host, target, replace(observation, url=target.url))
            if len(self._outbox) >= self._limits.batch:
                await asyncio.sleep(0)  # the crawl writes them

    def _report(self, host: str, target: Target, observation: Observation) -> None:
        was_closed = self._outage.closed
        self._outbox.extend(self._outage.saw(host, target, observation))
        if self._outage.closed and not was_closed:
            self._begin(self._sit_out())
        if len(self._outbox) >= self._limits.batch:
            self.wake.set()

    async def _hop(self, url: str, flight: Flight | None) -> Flight:
        """End a request, and wait without a slot until the host of `url` may be asked."""
        if flight:
            self._land(flight)
        now = self._clock()
        lane = self._holdings.lane(url, now)
        if self._hopping >= self._limits.hops:
            raise Postponed(lane.host)
        turn: asyncio.Future[Flight] = asyncio.get_running_loop().create_future()
        lane.hops.append(turn)
        self._holdings.offer(lane, now)
        self.wake.set()
        self._hopping += 1
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._land(turn.result(), asked=False)
            raise
        finally:
            self._hopping -= 1

    # --- our own outage

    async def _sit_out(self) -> None:
        """Ask the controls until they answer; where they do not at once, nobody is judged by what came meanwhile."""
        for pause in (0.0, *self._limits.outage_pauses):
            await asyncio.sleep(pause)
            if await self._outage.is_over(self._ask_control):
                self._outbox.extend(self._outage.believe())
                self._resume()
                return
            self._outbox.discarded += self._outage.forget()
        self._outage.lasting = True

    def _resume(self) -> None:
        now = self._clock()
        lanes, self._aside = self._aside, []
        for lane in lanes:
            self._holdings.offer(lane, now)

    async def _ask_control(self, target: Target) -> Observation | None:
        trip = Trip(target.url, self._hop)
        try:
            return await self._probe(target, int(self._clock()), trip.gate)
        except Postponed:
            return None
        finally:
            if trip.flight:
                self._land(trip.flight)
