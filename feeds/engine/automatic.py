"""Run tasks here, or in processes once there turn out to be many."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from feeds.engine.inline import InlineEngine

T = TypeVar("T")
R = TypeVar("R")

# Two processes cost half a second of CPU to start; forty batches of 500 records take three to read.
MANY = 40


class AutomaticEngine:
    """Use processes only where there is enough to do for them to pay."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, task: Callable[[T], R], inputs: Iterable[T]) -> Iterator[R]:
        """Yield the result of `task` for each input, in order."""
        waiting = iter(inputs)
        first = list(islice(waiting, MANY))
        if len(first) < MANY or self.jobs < 2:
            return InlineEngine().run(task, chain(first, waiting))
        from feeds.engine.processes import ProcessEngine  # noqa: PLC0415  15 ms that small builds need not pay

        return ProcessEngine(self.jobs).run(task, chain(first, waiting))
