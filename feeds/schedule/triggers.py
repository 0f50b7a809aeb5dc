"""Turn an entry of the timetable into an APScheduler trigger. Must never be handed an entry that was not checked."""

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def trigger(when: str, zone: str, jitter: int) -> CronTrigger | IntervalTrigger:
    """Return the trigger of a span such as `15m` or a crontab line; `jitter` in seconds, only ever later."""
    if " " not in when:
        span = int(when[:-1]) * SECONDS[when[-1]]
        return IntervalTrigger(seconds=span, timezone=zone, jitter=min(jitter, span // 2) or None)
    minute, hour, day, month, weekday = when.split(" ")
    return CronTrigger(
        minute=minute,
        hour=hour,
        day=day,
        month=month,
        day_of_week=",".join(map(_weekday, weekday.split(","))),
        timezone=zone,
        jitter=jitter or None,
    )


def _weekday(part: str) -> str:
    """Return one part of crontab(5)'s day of the week with names: there 0 is Sunday, in APScheduler it is Monday.

    A range is written out, for one that begins on Sunday would end before it begins in a week from Monday.
    """
    days, slash, step = part.partition("/")
    if days == "*":
        days = "0-6" if slash else "*"
    if days == "*":
        return "*"
    first, _, last = days.partition("-")
    ends = [_DAYS.index(end) if end in _DAYS else int(end) for end in (first, last or ("6" if slash else first))]
    return ",".join(_DAYS[number] for number in range(ends[0], ends[1] + 1, int(step or 1)))
