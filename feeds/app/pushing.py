"""Tell the WebSub hubs what changed: the queue in the state, the guarded client, one batch after another.

A hub that fails must never fail, nor hold up, anything else: what it has still to be told stays in the queue.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feeds.app.leases import leased
from feeds.app.push_report import HubReport, PushReport, hub_lines
from feeds.app.stopping import unless_stopped
from feeds.app.ticks import PUSH, noted
from feeds.errors import FeedsError, LeaseHeld

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.hub.tell import Poster
    from feeds.store import Store
    from feeds.store.pings import HubRow

# Subscribers that ask a feed once a week have seen by then what a hub was not told.
FORGET_SECONDS = 7 * 86_400
# When to look again after somebody else who was telling the hubs.
HELD_SECONDS = 60
LONGEST_WAIT = 86_400  # that of a Retry-After, see feeds.links.hosts
TOTAL_SECONDS = 20.0


def run_push(
    loaded: "Loaded",
    seconds: float | None = None,
    stopped: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.time,
    *,
    force: bool = False,
    everything: bool = False,
) -> PushReport:
    """Tell every hub that is due what it has still to be told, for at most so many seconds.

    `force` asks hubs that are being left alone, too; `everything` has them told of every published feed. Each answer is
    kept as it comes: interrupted, or once `stopped` says so (which raises Interrupted), nothing told is lost. Raises
    StateError, never anything for what a hub does.
    """
    from feeds.store import open_store  # noqa: PLC0415  SQLAlchemy costs 150 ms

    store = open_store(loaded.state_url)
    try:
        push = _Push(loaded, store, clock, None if seconds is None else time.monotonic() + seconds, force=force)
        push.tidy()
        if everything:
            push.queue_all()
        try:
            push.run(stopped)
        except LeaseHeld:
            return push.report(held=True)
        return push.report(held=False)
    finally:
        store.close()


def push_after_build(loaded: "Loaded") -> list[str]:
    """Tell the hubs what a build changed; return lines that say how it went, for at most `push.wait_seconds`.

    Never raises for a hub's sake, nor for the state's: the feeds are published, and what was not told stays queued.
    """
    if not loaded.site.hubs:
        return []
    try:
        report = run_push(loaded, float(loaded.settings.push.wait_seconds))
    except FeedsError as error:
        return [f"hubs were not told: {error}", "to tell them: feeds push"]
    return hub_lines(report, time.time())


@dataclass(slots=True)
class _Push:
    """One run. `told` and `faults` hold what came of it, hub by hub."""

    loaded: "Loaded"
    store: "Store"
    clock: Callable[[], float]
    end: float | None
    force: bool
    told: dict[str, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def hubs(self) -> Sequence[str]:
        return self.loaded.site.hubs

    @property
    def left(self) -> float | None:
        """Return how many seconds are left, None for no limit."""
        return None if self.end is None else self.end - time.monotonic()

    def tidy(self) -> None:
        """Forget hubs that are no longer configured, and what waited for so long that nobody needs to hear of it."""
        pings, old = self.store.pings, int(self.clock()) - FORGET_SECONDS
        strangers = sorted((pings.counts().keys() | pings.hubs().keys()) - set(self.hubs))
        oldest = pings.oldest()
        if strangers or (oldest is not None and oldest < old):
            with self.store.transaction():
                pings.forget(strangers)
                pings.drop(old)

    def queue_all(self) -> None:
        """Have every hub told of all that is published."""
        from feeds.pipeline.hub_queue import queue_all  # noqa: PLC0415  a push of what changed has no need of it

        with self.store.transaction():
            queue_all(self.store, self.loaded.site, int(self.clock()))

    def run(self, stopped: Callable[[], bool] | None) -> None:
        """Tell hubs while any is due; raises LeaseHeld."""
        if not self.hubs:
            return
        with noted(self.store, PUSH, self.clock) as note:
            # Whoever queues something while we hold the lease leaves it to us: so we look again after giving it back.
            while due := self.due():
                with leased(self.store, PUSH) as renew:
                    work = self._tell_all(due, renew)
                    asyncio.run(unless_stopped(work, stopped) if stopped else work)
            note.detail = f"{sum(self.told.values()):,} told, {len(self.faults)} hubs failing"

    def due(self) -> list[str]:
        """Return the hubs to be asked now."""
        if self.left is not None and self.left <= 0:
            return []
        waiting, now = self.store.pings.counts(), self.clock()
        ready = [hub for hub in self.hubs if hub in waiting and hub not in self.faults]
        return ready if self.force else [hub for hub in ready if self._due(hub, now) <= now]

    def _due(self, hub: str, now: float) -> float:
        """Return when a hub may be asked; more than a day off was written down by a clock that was wrong."""
        due = self._row(hub).due
        return due if due <= now + LONGEST_WAIT else now

    async def _tell_all(self, hubs: Sequence[str], renew: Callable[[], None]) -> None:
        from feeds.app.client import web_client  # noqa: PLC0415  httpx costs 120 ms, and mostly nothing is due
        from feeds.web.limits import Limits  # noqa: PLC0415

        limits = Limits(total=TOTAL_SECONDS, headers=16_384)
        try:
            async with web_client(self.loaded, limits=limits) as client, asyncio.TaskGroup() as group:
                for hub in hubs:
                    group.create_task(self._tell(client, hub, renew))
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults

    async def _tell(self, client: "Poster", hub: str, renew: Callable[[], None]) -> None:
        """Tell one hub all it has to be told, until it fails or the time is up."""
        from feeds.hub import BATCH, Told, tell  # noqa: PLC0415  see _tell_all

        while part := self.store.pings.waiting(hub, BATCH):
            renew()
            try:
                async with asyncio.timeout(self.left) if self.left is not None else nullcontext():
                    said = await tell(client, hub, [url for url, _ in part])
            except TimeoutError:
                # A hub that answered in this run is not to blame for a time that is up.
                if self.told.get(hub):
                    return
                said = Told("no-answer-in-time")
            if said.fault:
                self._failed(hub, said.fault, said.wish)
                return
            self._done(hub, part)

    def _done(self, hub: str, part: Sequence[tuple[str, int]]) -> None:
        with self.store.transaction():
            self.store.pings.done(hub, part)
            self.store.pings.keep(replace(self._row(hub), due=0, fails=0, good=int(self.clock()), detail=""))
        self.told[hub] = self.told.get(hub, 0) + len(part)

    def _failed(self, hub: str, fault: str, wish: str) -> None:
        from feeds.hub import next_try  # noqa: PLC0415  see _tell_all

        row, now = self._row(hub), int(self.clock())
        due = next_try(row.fails + 1, now, wish)
        with self.store.transaction():
            self.store.pings.keep(replace(row, due=due, fails=row.fails + 1, detail=fault))
        self.faults[hub] = fault

    def _row(self, hub: str) -> "HubRow":
        from feeds.store.pings import HubRow  # noqa: PLC0415  SQLAlchemy costs 150 ms

        return self.store.pings.hubs().get(hub, HubRow(hub))

    def report(self, *, held: bool) -> PushReport:
        """Return what came of it, and what there is still to do."""
        waiting, now = self.store.pings.counts(), self.clock()
        rows = [self._row(hub) for hub in self.hubs]
        hubs = tuple(
            HubReport(
                row.url,
                self.told.get(row.url, 0),
                waiting.get(row.url, 0),
                row.fails,
                row.due,
                self.faults.get(row.url, ""),
            )
            for row in rows
        )
        soonest = now + HELD_SECONDS if held else now
        times = [max(self._due(hub.url, now), soonest) for hub in hubs if hub.waiting]
        return PushReport(hubs, held, min(times, default=None))
