"""A timetable of named tasks: each by its trigger, and besides whenever somebody wakes it.

Must never lose a run: one that was missed while the machine slept is made up for once, and a task that is woken while
it works is run once more afterwards. Two runs of one task never overlap.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from feeds.schedule.triggers import trigger

log = logging.getLogger("feeds.schedule")

Task = Callable[[], Awaitable[None]]


class Timetable:
    """Tasks in the running event loop. All times are seconds since 1970."""

    def __init__(self) -> None:
        # The jobs are in memory: what is due is written down in the state, and a second scheduler on persistent jobs
        # would run each of them twice.
        every = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=every)
        self._tasks: dict[str, Task] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closed = False

    def add(self, name: str, when: str, task: Task, *, zone: str = "UTC", jitter: int = 0, due: float = 0) -> None:
        """Run `task` by the timetable entry `when`; if its planned time `due` has passed, at once as well."""
        self._tasks[name] = task
        self._scheduler.add_job(self._fire, trigger(when, zone, jitter), args=[name], id=name, name=name)
        if due:
            self.wake(name, due)

    def start(self) -> None:
        """Begin; the loop must be running."""
        self._scheduler.start()

    def wake(self, name: str, at: float | None = None) -> None:
        """Have a task run once more, at `at` (None: now) at the latest."""
        waiting = self._scheduler.get_job(_wake(name))
        moment = datetime.fromtimestamp(at, UTC) if at is not None else datetime.now(UTC)
        if waiting is None or moment < _fire_time(waiting):
            self._scheduler.add_job(
                self._fire, DateTrigger(moment), args=[name], id=_wake(name), name=name, replace_existing=True
            )

    def next_run(self, name: str) -> float:
        """Return when a task runs next."""
        jobs = (self._scheduler.get_job(each) for each in (name, _wake(name)))
        return min(_fire_time(job).timestamp() for job in jobs if job is not None)

    @property
    def running(self) -> tuple[str, ...]:
        """Return the tasks at work."""
        return tuple(self._running)

    async def close(self) -> None:
        """Start nothing more, and wait for what is at work."""
        self._closed = True
        if self._scheduler.running:
            self._scheduler.pause()
        await asyncio.gather(*self._running.values())
        # Only now: shutting down cancels the coroutines it runs, waiting or not (APScheduler 3.11).
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _fire(self, name: str) -> None:
        if self._closed:
            return
        if name in self._running:
            self._again.add(name)
            return
        self._running[name] = asyncio.create_task(self._work(name))

    async def _work(self, name: str) -> None:
        try:
            await self._tasks[name]()
        except Exception:
            log.exception("%s failed", name)
        finally:
            del self._running[name]
        if name in self._again and not self._closed:
            self._again.discard(name)
            await self._fire(name)


def _wake(name: str) -> str:
    return f"{name} once more"


def _fire_time(job: object) -> datetime:
    """Return when a job fires; one added before the start has no time yet but that of its trigger."""
    found = getattr(job, "next_run_time", None) or job.trigger.get_next_fire_time(None, datetime.now(UTC))  # type: ignore[attr-defined]
    return found if isinstance(found, datetime) else datetime.now(UTC)
