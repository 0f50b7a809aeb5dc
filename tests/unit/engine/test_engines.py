"""Tasks run here or in other processes: the same results, the same order, the same faults."""

import math
from collections.abc import Iterator

import pytest

from feeds.engine import AutomaticEngine, InlineEngine
from feeds.engine.automatic import MANY
from feeds.engine.processes import ProcessEngine

ENGINES = [InlineEngine(), ProcessEngine(2), AutomaticEngine(2)]
NAMES = ["inline", "processes", "automatic"]


@pytest.mark.parametrize("engine", ENGINES, ids=NAMES)
def test_results_come_in_the_order_of_the_inputs(engine):
    numbers = range(MANY + 5, 0, -1)
    assert list(engine.run(math.factorial, iter(numbers))) == [math.factorial(number) for number in numbers]


@pytest.mark.parametrize("engine", ENGINES, ids=NAMES)
def test_nothing_to_do_gives_nothing(engine):
    assert list(engine.run(math.factorial, iter(()))) == []


@pytest.mark.parametrize("engine", ENGINES, ids=NAMES)
def test_a_fault_of_a_task_is_a_fault_of_the_run(engine):
    results = engine.run(math.factorial, [3, 2, -1, *range(MANY)])
    assert [next(results), next(results)] == [6, 2]
    with pytest.raises(ValueError, match="negative"):
        next(results)


def test_few_inputs_start_no_process():
    started = AutomaticEngine(2).run(lambda number: -number, range(MANY - 1))
    assert list(started) == [-number for number in range(MANY - 1)], "a lambda could not be sent to another process"


def test_inputs_are_taken_only_as_they_are_needed():
    taken: list[int] = []

    def inputs() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = ProcessEngine(2).run(math.factorial, inputs())
    assert next(results) == 1
    assert len(taken) <= 2 * 3 + 1
    results.close()
