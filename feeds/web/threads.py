"""Threads for calls that may hang, such as getaddrinfo.

`concurrent.futures` joins its threads when the program ends, so one hanging name would hold up the exit for its whole
time-out; these are daemons and are left behind.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

R = TypeVar("R")
T = TypeVar("T")


class Job(Generic[R]):
    """One call; `started` tells whether a thread has taken it up."""

    def __init__(self, call: Callable[[], R], loop: asyncio.AbstractEventLoop) -> None:
        self.call = call
        self.loop = loop
        self.result: asyncio.Future[R] = loop.create_future()
        self.started = False

    def run(self) -> None:
        """Make the call in this thread and hand the outcome to the loop; nothing for a call nobody waits for."""
        if self.result.cancelled():
            return
        self.started = True
        try:
            value = self.call()
        except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
            self._settle(self.result.set_exception, error)
        else:
            self._settle(self.result.set_result, value)

    def _settle(self, setter: Callable[[T], None], outcome: T) -> None:
        # A loop that is closed by now has nobody left to tell.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settled, setter, outcome)

    def _settled(self, setter: Callable[[T], None], outcome: T) -> None:
        if not self.result.done():
            setter(outcome)


class DaemonThreads:
    """At most `size` threads, started as they are needed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unfinished = 0  # a call given up still holds its thread, so it counts until it returns

    def submit(self, call: Callable[[], R]) -> Job[R]:
        """Queue a call; the loop that runs now awaits `result`."""
        job: Job[R] = Job(call, asyncio.get_running_loop())
        with self._lock:
            self._unfinished += 1
            more = self._unfinished > self._threads and self._threads < self.size
            self._threads += more
        self._jobs.put(job)
        if more:
            threading.Thread(target=self._work, daemon=True, name="feeds-dns").start()
        return job

    def close(self) -> None:
        """Let the idle threads go; one inside a call goes when the call returns."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
            with self._lock:
                self._unfinished -= 1
