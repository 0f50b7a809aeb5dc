"""Judge how things stand: whether readers get what they should, and what somebody ought to look at. Pure.

Not ready is what a person has to be woken for: nothing is published, or what is published grows old. All else is a
warning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.app.standing import Status, Tick
from feeds.app.ticks import BUILD, CHECK, POLL, PUSH

if TYPE_CHECKING:
    from feeds.config.schedule_settings import ScheduleSettings
    from feeds.config.settings import Settings

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# How many periods of the timetable a task may miss, and one of a minute not more often than the daemon tries again.
PERIODS, LEAST_SECONDS = 3, 300
# A site with more dead links than that has a fault of its own, such as a host that moved.
DEAD_SHARE, DEAD_LEAST = 0.1, 10
# Where one feed of three fails that is worth a word, where one of hundreds does it is any day.
FAILING_SHARE = 0.1
# Tasks that a command does by hand, which says more of a fault than the one line that is kept of it.
BY_HAND = frozenset((BUILD, CHECK, POLL, PUSH))


@dataclass(frozen=True, slots=True)
class Health:
    """Whether all is well: `why` not, with a cure in each, and `warnings` that do not count against it.

    `standby` is a daemon that waits for another one to end: it is fine as long as it can read the state.
    """

    ready: bool
    why: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    standby: bool = False


def health(status: Status, settings: "Settings", *, standby: bool = False) -> Health:
    """Return the judgement on a status, under the timetable of these settings."""
    if status.fault:
        return Health(ready=False, why=(f"the state cannot be read: {status.fault} (feeds doctor)",), standby=standby)
    why, warnings = tuple(_why_not(status, settings)), tuple(_warnings(status, settings))
    if standby:
        return Health(ready=True, warnings=(*why, *warnings), standby=True)
    return Health(not why, why, warnings)


def period(when: str) -> int:
    """Return how many seconds lie between two runs of a timetable entry at most, roughly for crontab lines."""
    if " " not in when:
        return int(when[:-1]) * SECONDS[when[-1]]
    _, hour, day, month, weekday = when.split(" ")
    spans = ((month, 366), (day, 31), (weekday, 7), (hour, 1))
    return next((days * SECONDS["d"] for part, days in spans if part != "*"), SECONDS["h"])


def _why_not(status: Status, settings: "Settings") -> Iterator[str]:
    build, patience = status.tick(BUILD), _patience(settings.schedule, BUILD)
    if not status.published:
        yield f"nothing was published yet{_last(build)}: feeds build"
        return
    if not status.out_there:
        yield f"the output {status.out} is gone: feeds build"
    if build.fails and status.now - build.good > patience:
        last = f"the last good one was {span(status.now - build.good)} ago" if build.good else "none ever went well"
        yield f"the build has failed {times(build.fails)}, {last}{_last(build)}: feeds build"
    elif _is_overdue(status, build, patience):
        yield f"the build has been due for {span(status.now - build.due)}, nobody runs it: feeds run, or feeds build"


def _warnings(status: Status, settings: "Settings") -> Iterator[str]:
    for tick in status.ticks:
        patience = _patience(settings.schedule, tick.name)
        if tick.fails and (tick.name != BUILD or status.now - tick.good <= patience):
            more = tick.name if tick.name in BY_HAND else "doctor"
            yield f"{tick.name} has failed {times(tick.fails)}{_last(tick)}: feeds {more}"
        elif tick.name != BUILD and _is_overdue(status, tick, patience):
            yield f"{tick.name} has been due for {span(status.now - tick.due)}: feeds run"
    if status.daemon.name and not status.daemon.alive:
        yield f"the daemon {status.daemon.name} ended without a word: feeds run"
    yield from (
        f"there is no folder of records {each.path}: feeds config show" for each in status.sources if not each.there
    )
    yield from _about_data(status)
    for hub in status.hubs:
        if hub.fails:
            how = f"has failed {times(hub.fails)}{brackets(hub.detail)}, {hub.waiting:,} feeds wait for it"
            yield f"the hub {hub.url} {how}: feeds push"


def _about_data(status: Status) -> Iterator[str]:
    if errors := status.problem_count("error"):
        yield f"{errors:,} faults keep records from being published: feeds build --json"
    dead = status.links.verdicts.get("dead", 0)
    if dead >= DEAD_LEAST and dead > DEAD_SHARE * status.links.total:
        yield f"{dead:,} of {status.links.total:,} links are dead: feeds links --state dead"
    failing = status.remote.standings.get("failing", 0)
    if failing > FAILING_SHARE * status.remote.total:
        yield f"{failing:,} of {status.remote.total:,} remote feeds fail: feeds sources list"


def _patience(schedule: "ScheduleSettings", name: str) -> int:
    return max(PERIODS * period(str(getattr(schedule, name, "1h"))), LEAST_SECONDS)


def _is_overdue(status: Status, tick: Tick, patience: int) -> bool:
    """Tell whether a planned run has not even begun, long after its time; one that is at work is not overdue."""
    at_work = tick.name == BUILD and status.builder.alive
    return bool(tick.due) and tick.started < tick.due and status.now - tick.due > patience and not at_work


def times(number: int) -> str:
    """Return `once` or `7 times`."""
    return "once" if number == 1 else f"{number:,} times"


def _last(tick: Tick) -> str:
    return brackets(tick.detail) if tick.fails else ""


def brackets(said: str) -> str:
    """Return what was said in parentheses after a space, "" for nothing."""
    return f" ({said})" if said else ""


def span(seconds: int) -> str:
    """Return a span of time in words, in the largest unit that fits twice."""
    for name, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if abs(seconds) >= 2 * size:
            return f"{abs(seconds) // size:,} {name}"
    return f"{abs(seconds)} second{'' if abs(seconds) == 1 else 's'}"
