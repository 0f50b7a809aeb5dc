"""How a host is treated: how fast it may be asked, and when it is better left alone.

Times are seconds since 1970. What is under way is the business of whoever sends the requests, not of this module.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from zlib import crc32

from feeds.links.policy import DAY, HOUR
from feeds.model.link import Observation, Seen

_SECONDS = re.compile(r"([0-9]{1,9})[0-9]*(?:\.[0-9]*)?", re.ASCII)
_SERVED = frozenset((Seen.ALIVE, Seen.MOVED, Seen.TEMPORARY, Seen.GONE, Seen.MISSING, Seen.SOFT))
_FAILING = frozenset((Seen.NO_HOST, Seen.TRANSIENT, Seen.TLS, Seen.BLOCKED))
# The request never got as far as naming a path.
_HOST_WIDE = ("dns-nxdomain", "dns-failure", "refused", "connect-timeout", "host-unreachable", "tls-")


@dataclass(frozen=True, slots=True)
class Pace:
    """How the pace of a host adapts (requests per second) and when its breaker opens (times in seconds)."""

    start: float = 1.0
    step: float = 0.5
    top: float = 5.0
    floor: float = 1 / 60
    streak: int = 20
    quick_millis: int = 1000
    resets: int = 3
    longest_delay: float = 60.0
    remembered: int = 20
    down_urls: int = 5
    down_share: float = 0.8
    canaries: tuple[int, ...] = (15 * 60, HOUR, 6 * HOUR, DAY)


DEFAULT_PACE = Pace()


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of a host.

    `delay` is the Crawl-delay of its robots.txt. `good_streak` counts good answers since the pace last changed,
    `quick_streak` the quick ones among them. `recent` holds one number for each of the last answers: a checksum of the
    URL, negative where it failed. `outages` is 0 while the host is up, else how many canaries it got; the next one may
    go at `canary_at`.
    """

    rate: float = DEFAULT_PACE.start
    next_at: float = 0.0
    parked_until: float = 0.0
    good_streak: int = 0
    quick_streak: int = 0
    resets: int = 0
    delay: float = 0.0
    recent: tuple[int, ...] = ()
    outages: int = 0
    canary_at: float = 0.0

    @property
    def gap(self) -> float:
        """Return the seconds from one request to the next."""
        return max(1 / self.rate, self.delay)

    @property
    def is_down(self) -> bool:
        """Whether only a canary may ask this host."""
        return self.outages > 0

    @property
    def ready_at(self) -> float:
        """Return when the next request may go; while the host is down that one is a canary."""
        return max(self.next_at, self.parked_until, self.canary_at if self.outages else 0.0)


def with_delay(state: HostState, seconds: float, pace: Pace = DEFAULT_PACE) -> HostState:
    """Return the state of a host whose robots.txt asks for this Crawl-delay; more than a minute is not waited."""
    delay = min(max(seconds, 0.0), pace.longest_delay) if math.isfinite(seconds) else 0.0
    return replace(state, delay=delay)


def after_answer(state: HostState, seen: Observation, now: float, pace: Pace = DEFAULT_PACE) -> HostState:
    """Return the state once an answer has come at `now`; a fault on our side changes nothing."""
    if seen.seen in (Seen.LOCAL, Seen.REFUSED):
        return state
    paced = _slower(state, pace) if _pushes_back(state, seen, pace) else _steady(state, seen, pace)
    parked = replace(paced, parked_until=max(state.parked_until, min(float(seen.retry_at), now + DAY)))
    if paced.rate < state.rate:
        parked = replace(parked, next_at=max(state.next_at, now + paced.gap))
    return _broken(parked, seen, now, pace)


def holds_for_host(seen: Observation) -> bool:
    """Tell whether what was seen is as true of every other URL of the host: its name, its port or its certificate.

    A canary's answer can then be judged for all that is due on the host, with no request for any of it.
    """
    return not seen.hops and seen.seen in _FAILING and seen.reason.startswith(_HOST_WIDE)


def retry_after(value: str, now: int) -> int:
    """Return when a host wants to be asked again, 0 for no wish; at most a day from `now`.

    RFC 9110 section 10.2.3: seconds, or a date in one of the three forms of section 5.6.7.
    """
    text = value.strip()
    if match := _SECONDS.fullmatch(text):
        digits = text.partition(".")[0]
        wait = DAY if len(digits) > len(match[1]) else math.ceil(float(text))
    else:
        wait = _seconds_to(text, now)
    return now + min(wait, DAY) if wait > 0 else 0


def _seconds_to(date: str, now: int) -> int:
    try:
        parsed = parsedate_to_datetime(date)
    except (ValueError, IndexError, OverflowError):
        return 0
    # "-0000" gives a naive time, which would be read in the zone of this machine
    return math.ceil((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()) - now


def _pushes_back(state: HostState, seen: Observation, pace: Pace) -> bool:
    return seen.status in (429, 503) or (seen.reason == "reset" and state.resets + 1 >= pace.resets)


def _slower(state: HostState, pace: Pace) -> HostState:
    rate = max(min(state.rate, 1 / state.gap) / 2, pace.floor)
    return replace(state, rate=rate, good_streak=0, quick_streak=0, resets=0)


def _steady(state: HostState, seen: Observation, pace: Pace) -> HostState:
    if seen.seen not in _SERVED:
        resets = state.resets + 1 if seen.reason == "reset" else 0
        return replace(state, good_streak=0, quick_streak=0, resets=resets)
    good, quick = state.good_streak + 1, state.quick_streak + (seen.millis < pace.quick_millis)
    if good < pace.streak:
        return replace(state, good_streak=good, quick_streak=quick, resets=0)
    # More than half were quick, which is what a median below the limit says.
    rate = min(state.rate + pace.step, pace.top) if quick * 2 > good else state.rate
    return replace(state, rate=rate, good_streak=0, quick_streak=0, resets=0)


def _broken(state: HostState, seen: Observation, now: float, pace: Pace) -> HostState:
    if seen.retry_at > now:
        return state  # the host itself said when: no breaker knows better
    failing = seen.seen in _FAILING
    if state.outages:
        return _canary(state, now, pace, failing=failing)
    mark = crc32(seen.url.encode()) + 1
    state = replace(state, recent=(*state.recent, -mark if failing else mark)[-pace.remembered :])
    failed = [number for number in state.recent if number < 0]
    if len(set(failed)) < pace.down_urls or len(failed) < pace.down_share * len(state.recent):
        return state
    return replace(state, outages=1, canary_at=now + pace.canaries[0], recent=())


def _canary(state: HostState, now: float, pace: Pace, *, failing: bool) -> HostState:
    if not failing:
        return replace(state, outages=0, canary_at=0.0, recent=())
    if now < state.canary_at:
        return state  # was under way when the breaker opened
    wait = pace.canaries[min(state.outages, len(pace.canaries) - 1)]
    return replace(state, outages=state.outages + 1, canary_at=now + wait)
