import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import pytest

from feeds.schedule import Timetable

NEVER = "17 3 1 1 *"


def run(work: Callable[[Timetable], Awaitable[None]]) -> None:
    async def main() -> None:
        await asyncio.wait_for(work(Timetable()), 20)

    asyncio.run(main())


class Counter:
    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.runs, self.at_once, self.most = seconds, 0, 0, 0
        self.ended = asyncio.Event()

    async def __call__(self) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        self.runs += 1
        self.ended.set()


def test_a_task_runs_by_its_entry_and_again() -> None:
    async def work(table: Timetable) -> None:
        task = Counter()
        table.add("task", "1s", task)
        table.start()
        while task.runs < 2:
            task.ended.clear()
            await task.ended.wait()
        await table.close()

    run(work)


def test_a_task_is_woken_at_once_and_only_then() -> None:
    async def work(table: Timetable) -> None:
        task, other = Counter(), Counter()
        table.add("task", NEVER, task)
        table.add("other", NEVER, other)
        table.start()
        table.wake("task")
        await task.ended.wait()
        await table.close()
        assert (task.runs, other.runs) == (1, 0)

    run(work)


def test_woken_while_it_works_it_runs_once_more_and_never_beside_itself() -> None:
    async def work(table: Timetable) -> None:
        task = Counter(0.2)
        table.add("task", NEVER, task)
        table.start()
        table.wake("task")
        await asyncio.sleep(0.1)
        for _ in range(5):
            table.wake("task")
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.6)
        await table.close()
        assert (task.runs, task.most) == (2, 1)

    run(work)


def test_the_earlier_of_two_wake_ups_counts() -> None:
    async def work(table: Timetable) -> None:
        table.add("task", NEVER, Counter())
        table.start()
        soon, late = time.time() + 50, time.time() + 500
        table.wake("task", late)
        table.wake("task", soon)
        table.wake("task", late)
        assert abs(table.next_run("task") - soon) < 0.01
        await table.close()

    run(work)


@pytest.mark.parametrize(("due", "runs"), [(1, 1), (0, 0), (2**32, 0)])
def test_a_run_that_was_missed_is_made_up_for_once(due: float, runs: int) -> None:
    async def work(table: Timetable) -> None:
        task = Counter()
        table.add("task", NEVER, task, due=due)
        table.start()
        await asyncio.sleep(0.1)
        await table.close()
        assert task.runs == runs

    run(work)


def test_closing_waits_for_what_is_at_work_and_starts_nothing_more() -> None:
    async def work(table: Timetable) -> None:
        task = Counter(0.3)
        table.add("task", NEVER, task)
        table.start()
        table.wake("task")
        await asyncio.sleep(0.1)
        assert table.running == ("task",)
        table.wake("task")
        await asyncio.sleep(0.02)
        await table.close()
        assert task.runs == 1
        await asyncio.sleep(0.1)
        assert task.runs == 1

    run(work)


def test_a_task_that_fails_is_told_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    async def work(table: Timetable) -> None:
        runs = 0
        done = asyncio.Event()

        async def task() -> None:
            nonlocal runs
            runs += 1
            if runs == 1:
                raise OSError("no luck")
            done.set()

        table.add("task", NEVER, task)
        table.start()
        table.wake("task")
        await asyncio.sleep(0.1)
        table.wake("task")
        await done.wait()
        await table.close()

    with caplog.at_level(logging.ERROR):
        run(work)
    assert [record.getMessage() for record in caplog.records] == ["task failed"]
