"""One daemon at work with one set of settings, for as long as it holds the lease.

Everything blocking runs in threads, so that readers are answered and signals are heard while a build is at work.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from feeds.app.daemon.duties import DUTIES, FAILED_AGAIN, Outcome, due_times, keep_plan
from feeds.app.daemon.lease import LEASE_SECONDS, renew
from feeds.app.ticks import BUILD
from feeds.errors import FeedsError, Interrupted
from feeds.schedule import Timetable
from feeds.sources.watching import Watched, watch

if TYPE_CHECKING:
    from feeds.config.load import Loaded

log = logging.getLogger("feeds.daemon")

T = TypeVar("T")


class Reign:
    """The daemon that is at work.

    `published` is called after a build that wrote something, `reload` when a file of the settings changed.
    """

    def __init__(
        self, loaded: "Loaded", threads: ThreadPoolExecutor, published: Callable[[], None], reload: Callable[[], None]
    ) -> None:
        self._loaded, self._threads = loaded, threads
        self._published, self._reload = published, reload
        self._timetable = Timetable()
        self._end = asyncio.Event()
        self._stopping = False
        self._beat = time.monotonic()  # when it last held the lease for certain

    def silent_for(self) -> float:
        """Return for how many seconds the state has not answered."""
        return time.monotonic() - self._beat

    def end(self) -> None:
        """Have it end soon; may be called more than once."""
        self._stopping = True
        self._end.set()

    async def last(self) -> None:
        """Work until `end` is called or the lease is lost; then let what is at work come to its end."""
        await self._fill()
        watching = asyncio.create_task(self._watch())
        heart = asyncio.create_task(self._hold())
        self._timetable.start()
        try:
            await self._end.wait()
        finally:
            self._stopping = True
            self._end.set()
            await self._timetable.close()
            await asyncio.gather(watching, heart)

    async def _fill(self) -> None:
        schedule = self._loaded.settings.schedule
        planned = await self._in_thread(due_times, self._loaded)
        for name in DUTIES:
            self._timetable.add(
                name,
                getattr(schedule, name),
                partial(self._do, name),
                zone=schedule.time_zone,
                jitter=schedule.jitter_seconds,
                due=planned.get(name, 0),
            )
        self._timetable.wake(BUILD)

    async def _do(self, name: str) -> None:
        """Run one task, tell what came of it, and wake what comes after it."""
        started = time.monotonic()
        try:
            outcome = await self._in_thread(DUTIES[name], self._loaded, lambda: self._stopping)
        except Interrupted:
            return
        except FeedsError as error:
            if not self._stopping:
                log.error("%s failed: %s (since when: feeds status)", name, error, extra={"tick": name})
                self._timetable.wake(name, time.time() + FAILED_AGAIN)
            return
        except Exception:
            log.exception("%s failed: this is a fault of the program; please report it", name, extra={"tick": name})
            self._timetable.wake(name, time.time() + FAILED_AGAIN)
            return
        self._tell(name, outcome, time.monotonic() - started)
        if name == BUILD and outcome.changed:
            self._published()
        for other, at in outcome.wake.items():
            self._timetable.wake(other, at or None)
        with suppress(FeedsError):  # only a note for `feeds status`; what is due is found again without it
            await self._in_thread(keep_plan, self._loaded, name, self._timetable.next_run(name))

    def _tell(self, name: str, outcome: Outcome, seconds: float) -> None:
        level = logging.INFO if outcome.changed else logging.DEBUG
        log.log(level, outcome.said, extra={"tick": name, "seconds": round(seconds, 3), **outcome.facts})

    async def _watch(self) -> None:
        if not self._loaded.settings.schedule.watch:
            return
        try:
            async for seen in watch(watched(self._loaded), self._end):
                if seen.settings:
                    self._reload()
                if seen.records:
                    self._timetable.wake(BUILD)
        except OSError as error:
            log.warning(
                "changes are not noticed at once (%s); records are looked through on schedule: feeds doctor", error
            )

    async def _hold(self) -> None:
        """Renew the lease; without it somebody else is at work, or the state is out of reach."""
        while not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), LEASE_SECONDS / 4)
            if self._stopping:
                return
            try:
                holder = await self._in_thread(renew, self._loaded.state_url)
            except FeedsError as error:
                log.error("the state is out of reach: %s (what is wrong: feeds doctor)", error)
                holder = "" if self.silent_for() < LEASE_SECONDS else "nobody"
            else:
                self._beat = time.monotonic()
            if holder:
                log.warning("the lease is lost to %s: standing by (who is at work: feeds status)", holder)
                self.end()

    async def _in_thread(self, call: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *given)


def watched(loaded: "Loaded") -> Watched:
    """Return the files and folders whose changes matter to a daemon with these settings."""
    return Watched(
        tuple(map(str, loaded.record_roots)),
        (str(loaded.out), str(loaded.project / "config")),
        tuple(os.path.abspath(each) for each in loaded.files),  # noqa: PTH100  as it is spelled, links and all
    )
