"""Run tasks here, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class InlineEngine:
    """The engine of small builds: nothing to start, nothing to wait for."""

    def run(self, task: Callable[[T], R], inputs: Iterable[T]) -> Iterator[R]:
        """Yield the result of `task` for each input, in order."""
        return map(task, inputs)
