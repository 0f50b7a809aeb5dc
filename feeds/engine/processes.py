"""Run tasks in several processes.

They are spawned, not forked: a fork would inherit the open state. Each costs a quarter of a second to start.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ProcessEngine:
    """Run importable functions on small picklable inputs in `jobs` processes."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, task: Callable[[T], R], inputs: Iterable[T]) -> Iterator[R]:
        """Yield the result of `task` for each input, in order; at most three inputs a process are under way."""
        waiting = iter(inputs)
        with ProcessPoolExecutor(self.jobs, get_context("spawn")) as pool:

            def start(count: int) -> Iterator[Future[R]]:
                for given in islice(waiting, count):
                    with _deaf_children():
                        future = pool.submit(task, given)
                    yield future

            try:
                running: deque[Future[R]] = deque(start(self.jobs * 3))
                while running:
                    result = running.popleft().result()
                    running.extend(start(1))
                    yield result
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Let processes that are started here never hear of Ctrl-C or SIGTERM, not even while they still import.

    One goes to the whole process group, systemd sends the other to all processes of a service; the parent alone
    decides what they mean, and hears of them right after.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
