"""When a source is asked again, and when it has moved for good.

This module must never ask more often than the bounds allow, whatever a feed says, and must never forget a source for
longer than a week, except one that is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

HOUR, DAY, WEEK = 3_600, 86_400, 7 * 86_400
_REMEMBERED = 20
_JITTER = 0.2
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time from one poll to the next, in seconds."""

    shortest: int = 900
    longest: int = DAY


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the publisher asked for. `ttl` (RSS 2.0) is in minutes, `max_age` (RFC 9111 section 5.2.2.1) in seconds.

    `skip_hours` and `skip_days` are in UTC, the days by their English names. `retry_at` is when Retry-After ends, in
    seconds since 1970, 0 where none was sent.
    """

    ttl: int | None = None
    max_age: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()
    retry_at: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A redirect for good (301 or 308) as it was seen so far: where to, at how many polls, and since when."""

    target: str = ""
    seen: int = 0
    since: int = 0


NO_WISHES = Wishes()


def next_poll(
    published: Iterable[int],
    bounds: Bounds,
    now: int,
    *,
    spread: float,
    wishes: Wishes = NO_WISHES,
    unchanged: int = 0,
    errors: int = 0,
    gone: bool = False,
) -> int | None:
    """Return when to ask a source again (seconds since 1970), or None for one that is gone (410) and is retired.

    `published` are the times of its latest entries, `unchanged` how many polls in a row brought nothing, `errors` how
    many failed in a row. `spread` in 0..1 picks the place within the jitter.
    """
    if gone:
        return None
    retry = now + min(max(wishes.retry_at - now, 0), WEEK)
    if errors > 0:
        return max(_backed_off(bounds, errors, now, spread), retry)
    pace = _pace(published, bounds, now) * (1 + unchanged / 4)
    asked = max((wishes.ttl or 0) * 60, wishes.max_age)
    low = min(max(pace, asked, bounds.shortest), bounds.longest)
    # At the longest wait the jitter goes down, so that the bound holds and a thousand sleeping sources still part.
    if low * (1 + _JITTER) > bounds.longest:
        low = max(bounds.longest / (1 + _JITTER), bounds.shortest)
    high = min(low * (1 + _JITTER), bounds.longest)
    at = now + max(round(low + (high - low) * spread), min(asked, bounds.longest), 1)
    return _in_hours(max(at, retry), wishes, spread)


def seen_moved(move: Move, target: str, now: int) -> Move:
    """Return what is believed after a poll was redirected for good and found a feed at `target`.

    After one that was not redirected, or elsewhere for a time (302, 307), it is `Move()` again.
    """
    return Move(target, move.seen + 1, move.since) if target == move.target else Move(target, 1, now)


def is_confirmed(move: Move, now: int) -> bool:
    """Tell whether a source is asked at its new address from now on: after 3 polls over at least a day."""
    return move.seen >= 3 and now - move.since >= DAY


def _backed_off(bounds: Bounds, errors: int, now: int, spread: float) -> int:
    """Double the wait with every error, up to a day (or what the operator calls shortest, where that is longer)."""
    wait = min(bounds.shortest << min(errors - 1, 20), max(DAY, bounds.shortest))
    return now + round(wait * (1 + _JITTER * spread))


def _pace(published: Iterable[int], bounds: Bounds, now: int) -> float:
    """Return half the median gap between publications, or a tenth of the silence since the last, if that is longer.

    Entries of one batch are one publication. With fewer than two of them an hour is as good as anything.
    """
    moments: list[int] = []
    for moment in sorted(moment for moment in published if 0 < moment <= now):
        if not moments or moment - moments[-1] >= bounds.shortest:
            moments.append(moment)
    latest = moments[-_REMEMBERED:]
    silence = (now - latest[-1]) / 10 if latest else 0
    usual = median(after - before for before, after in pairwise(latest)) / 2 if len(latest) > 1 else HOUR
    return max(usual, silence)


def _in_hours(at: int, wishes: Wishes, spread: float) -> int:
    """Return `at`, or when the next hour begins in which the feed may be read (RSS 2.0, skipHours and skipDays)."""
    skipped = {day.lower() for day in wishes.skip_days}

    def is_open(moment: int) -> bool:
        day = _DAYS[(moment // DAY + 3) % 7]  # 1970 began on a Thursday
        return moment // HOUR % 24 not in wishes.skip_hours and day not in skipped

    if is_open(at):
        return at
    hours = (at - at % HOUR + number * HOUR for number in range(1, 24 * 7 + 1))
    # Who skips every hour of the week did not mean it.
    return next((hour + round(600 * spread) for hour in hours if is_open(hour)), at)
