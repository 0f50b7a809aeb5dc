"""How long a hub that fails is left alone. One hub, one count: its feeds fail together. Pure; times in seconds."""

from feeds.links.hosts import retry_after
from feeds.links.policy import HOUR

FIRST = 60
LONGEST = 6 * HOUR


def next_try(fails: int, now: int, wish: str = "") -> int:
    """Return when a hub that failed `fails` times in a row is asked again: after a minute, doubled up to six hours.

    `wish` is its Retry-After (RFC 9110, section 10.2.3); it outweighs a shorter wait, and is believed up to a day.
    """
    # 60 s doubled nine times are past six hours already; a count of years must not become a number of megabytes.
    wait = min(FIRST << min(fails - 1, 9), LONGEST)
    return max(now + wait, retry_after(wish, now))
