"""The time of a crawl: seconds since 1970 that never jump, so that a corrected clock neither stalls nor hurries it."""

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]


def steady_clock() -> Clock:
    """Return a clock set to the time of now that runs evenly, also while the machine sleeps where the system allows.

    CLOCK_MONOTONIC stands still during sleep: leases that ran out meanwhile would seem to hold.
    """
    source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    start = time.time() - time.clock_gettime(source)
    return lambda: start + time.clock_gettime(source)
