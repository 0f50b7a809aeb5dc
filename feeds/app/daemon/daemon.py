"""One process of `feeds run`: signals, settings, servers, and whose turn it is when several share a state.

Must never end for a fault that can pass: bad settings leave the old ones in force, a lost database is waited for.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from feeds.app.daemon.desks import Desks
from feeds.app.daemon.lease import LEASE_SECONDS, give_back, renew
from feeds.app.daemon.reign import Reign
from feeds.errors import ConfigError, FeedsError
from feeds.schedule.supervisor import Supervisor

if TYPE_CHECKING:
    from feeds.config.load import Loaded

log = logging.getLogger("feeds.daemon")

# The tasks, a heartbeat beside them, and what looks at the state for /health.
THREADS = 8
STANDBY_SECONDS = 1.0


class Daemon:
    """A daemon for the settings that `load` reads, now and again whenever they change."""

    def __init__(self, load: Callable[[], "Loaded"], *, serve: bool) -> None:
        self._load, self._serve = load, serve
        self._loaded = load()
        self._supervisor = Supervisor(os.environ)
        self._stop = asyncio.Event()
        self._reign: Reign | None = None
        self._threads = ThreadPoolExecutor(THREADS, "feeds")
        self._standing_by = ""

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; a second one ends the process on the spot."""
        self._listen()
        await self._claim()  # a state that cannot be used at all is a person's mistake: fail at once
        watchdog = asyncio.create_task(self._give_signs_of_life())
        try:
            while not self._stop.is_set():
                await self._live()
        finally:
            self._stop.set()
            self._supervisor.stopping()
            await watchdog
            self._threads.shutdown()
        log.info("stopped; nothing is lost")

    async def _live(self) -> None:
        """Serve and work with the settings in force, until they change so that the servers must be made anew."""
        async with Desks(
            self._loaded, serve=self._serve, threads=self._threads, standing_by=lambda: bool(self._standing_by)
        ) as desks:
            served = desks.key
            while not self._stop.is_set() and served == desks.key_of(self._loaded):
                await self._work_or_stand_by(desks)

    async def _work_or_stand_by(self, desks: Desks) -> None:
        loaded = self._loaded
        try:
            holder = await self._claim()
        except FeedsError as error:
            holder = f"nobody: {error}"
        if holder:
            await self._stand_by(holder)
            return
        if self._standing_by:
            log.info("taking over")
            self._standing_by = ""
        self._reign = Reign(loaded, self._threads, desks.look, self.reload)
        self._supervisor.ready("at work")
        log.info("at work", extra={"records": ", ".join(map(str, loaded.record_roots)), "out": str(loaded.out)})
        try:
            if not self._stop.is_set():
                await self._reign.last()
        finally:
            self._reign = None
            with suppress(FeedsError):  # it runs out by itself
                await asyncio.get_running_loop().run_in_executor(self._threads, give_back, loaded.state_url)

    async def _stand_by(self, holder: str) -> None:
        if self._standing_by != holder:
            log.info("standing by: %s is at work on this state", holder)
            self._supervisor.ready(f"standing by for {holder}")
            self._standing_by = holder
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), STANDBY_SECONDS)

    async def _claim(self) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, renew, self._loaded.state_url)

    # --- signals and settings

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop, number)
        loop.add_signal_handler(signal.SIGHUP, self.reload)

    def _asked_to_stop(self, number: int) -> None:
        if self._stop.is_set():
            log.warning("stopping on the spot")
            os._exit(128 + number)  # the state and the feeds stand a kill at any moment
        log.info("stopping: what is under way comes to its end")
        self._stop.set()
        if self._reign:
            self._reign.end()

    def reload(self) -> None:
        """Read the settings again; with a fault in them the old ones stay."""
        self._supervisor.reloading()
        try:
            loaded = self._load()
        except ConfigError as error:
            log.error(
                "the settings have faults; the old ones stay in force (all of them: feeds config check):\n%s", error
            )
        else:
            if loaded != self._loaded:
                log.info("the settings have changed")
                self._loaded = loaded
                if self._reign:
                    self._reign.end()
        self._supervisor.ready("at work" if self._reign else "standing by")

    # --- signs of life

    async def _give_signs_of_life(self) -> None:
        """Tell systemd that this process lives: the loop turns, and the state answered within the last lease."""
        seconds = self._supervisor.beat_seconds
        while seconds and not self._stop.is_set():
            if self._reign is None or self._reign.silent_for() < 2 * LEASE_SECONDS:
                self._supervisor.alive()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)
