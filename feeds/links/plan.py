"""How long politeness takes. A lower bound: no run can be faster, however many machines it has."""

from collections.abc import Mapping
from dataclasses import dataclass

from feeds.links.hosts import DEFAULT_PACE, Pace

_NO_GAPS: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """What a check of all that is due means; times in seconds.

    `seconds` is the least time if every host lets itself be asked ever faster, `seconds_at_start` that at the pace each
    begins with; `slowest` is the host that sets it, "" for nothing to do.
    """

    urls: int
    hosts: int
    seconds: float
    seconds_at_start: float
    slowest: str


def crawl_plan(counts: Mapping[str, int], pace: Pace = DEFAULT_PACE, gaps: Mapping[str, float] = _NO_GAPS) -> CrawlPlan:
    """Return the plan for so many URLs per host; `gaps` are Crawl-delays in seconds, of the hosts that have one."""
    times = {host: ramped_time(count, pace, gaps.get(host, 0.0)) for host, count in counts.items() if count > 0}
    slowest = min(times, key=lambda host: (-times[host], host), default="")
    at_start = least_time(counts, 1 / pace.start, {host: max(gap, 1 / pace.start) for host, gap in gaps.items()})
    return CrawlPlan(sum(counts[host] for host in times), len(times), times.get(slowest, 0.0), at_start, slowest)


def least_time(counts: Mapping[str, int], gap: float, gaps: Mapping[str, float] = _NO_GAPS) -> float:
    """Return the least seconds from the first request to the last, `gap` apart on each host (`gaps`: on that host)."""
    return max((gaps.get(host, gap) * (count - 1) for host, count in counts.items() if count > 0), default=0.0)


def ramped_time(count: int, pace: Pace = DEFAULT_PACE, delay: float = 0.0) -> float:
    """Return the least seconds for `count` requests to one host that answers well and quickly, so its pace grows."""
    left, rate, seconds = max(count - 1, 0), pace.start, 0.0
    while left > pace.streak and rate < pace.top:
        seconds += pace.streak * max(1 / rate, delay)
        left -= pace.streak
        rate = min(rate + pace.step, pace.top)
    return seconds + left * max(1 / rate, delay)


def within(counts: Mapping[str, int], gap: float, seconds: float, gaps: Mapping[str, float] = _NO_GAPS) -> int:
    """Return how many of these URLs a budget of `seconds` can reach at most."""
    if seconds < 0:
        return 0
    return sum(min(count, int(seconds / gaps.get(host, gap)) + 1) for host, count in counts.items() if count > 0)
