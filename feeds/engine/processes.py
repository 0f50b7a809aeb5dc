"""Run tasks in several processes.

They are spawned, not forked: a fork would inherit the open state. Each costs a quarter of a second to start.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
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
        with ProcessPoolExecutor(self.jobs, get_context("spawn"), _ignore_interrupt) as pool:
            try:
                running: deque[Future[R]] = deque(pool.submit(task, i) for i in islice(waiting, self.jobs * 3))
                while running:
                    result = running.popleft().result()
                    running.extend(pool.submit(task, i) for i in islice(waiting, 1))
                    yield result
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _ignore_interrupt() -> None:
    # Ctrl-C goes to the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
