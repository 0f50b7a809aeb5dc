import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.remote.interval import Bounds, Move, Wishes, is_confirmed, next_poll, seen_moved

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOW = 1_714_564_800  # Wednesday, 1 May 2024, 12:00 UTC
BOUNDS = Bounds(15 * MINUTE, DAY)


def every(gap, count=20, last=0):
    """Return the times of entries that came every `gap` seconds, the last of them `last` seconds ago."""
    return [NOW - last - number * gap for number in range(count)]


def wait(published=(), spread=0.0, **how):
    at = next_poll(published, BOUNDS, NOW, spread=spread, **how)
    assert at is not None
    return at - NOW


PACES = {
    "nothing is known": ([], HOUR),
    "one entry": ([NOW], HOUR),
    "every ten minutes": (every(10 * MINUTE), 15 * MINUTE),
    "every hour": (every(HOUR), 30 * MINUTE),
    "every day": (every(DAY), 12 * HOUR),
    "every week": (every(7 * DAY), 20 * HOUR),  # a day, less what the jitter may add
    "twenty a day in one batch": ([NOW - day * DAY - n for day in range(9) for n in range(20)], 12 * HOUR),
    "a burst now and then": ([*every(HOUR, 5), *every(DAY, 10, last=DAY)], 12 * HOUR),
    "only the latest twenty count": ([*every(HOUR, 20), *every(DAY, 400, last=DAY)], 30 * MINUTE),
    "silent for a night": (every(HOUR, last=10 * HOUR), HOUR),
    "silent for a week": (every(HOUR, last=5 * DAY), 12 * HOUR),
    "silent for a year": (every(HOUR, last=365 * DAY), 20 * HOUR),
    "the future and the year 0 do not count": ([*every(HOUR), NOW + 1, NOW + DAY, 0, -5], 30 * MINUTE),
}


@pytest.mark.parametrize("name", PACES)
def test_pace(name):
    published, seconds = PACES[name]
    assert wait(published) == seconds
    assert wait(reversed(published)) == seconds


WAITS = {
    "unchanged four times": ({"unchanged": 4}, HOUR),
    "unchanged for ever": ({"unchanged": 4000}, 20 * HOUR),
    "ttl": ({"wishes": Wishes(ttl=60)}, HOUR),
    "a shorter ttl than the pace": ({"wishes": Wishes(ttl=10)}, 30 * MINUTE),
    "an absurd ttl": ({"wishes": Wishes(ttl=1_000_000)}, DAY),
    "max-age": ({"wishes": Wishes(max_age=2 * HOUR)}, 2 * HOUR),
    "retry-after": ({"wishes": Wishes(retry_at=NOW + 2 * DAY)}, 2 * DAY),
    "retry-after is over": ({"wishes": Wishes(retry_at=NOW - 5)}, 30 * MINUTE),
    "retry-after in a year": ({"wishes": Wishes(retry_at=NOW + 365 * DAY)}, 7 * DAY),
    "one error": ({"errors": 1}, 15 * MINUTE),
    "two errors": ({"errors": 2}, 30 * MINUTE),
    "five errors": ({"errors": 5}, 4 * HOUR),
    "eight errors": ({"errors": 8}, DAY),
    "errors for ever": ({"errors": 10**9}, DAY),
    "an error and retry-after": ({"errors": 1, "wishes": Wishes(retry_at=NOW + HOUR)}, HOUR),
    "an error that outlasts retry-after": ({"errors": 5, "wishes": Wishes(retry_at=NOW + HOUR)}, 4 * HOUR),
    "this hour is skipped": ({"wishes": Wishes(skip_hours=frozenset([12]))}, HOUR),
    "these hours are skipped": ({"wishes": Wishes(skip_hours=frozenset(range(6, 24)))}, 12 * HOUR),
    "this day is skipped": ({"wishes": Wishes(skip_days=frozenset(["Wednesday"]))}, 12 * HOUR),
    "midnight to six, and tomorrow": (
        {"wishes": Wishes(skip_hours=frozenset(range(12, 24)), skip_days=frozenset(["thursday"]))},
        36 * HOUR,
    ),
    "another hour is skipped": ({"wishes": Wishes(skip_hours=frozenset([13]))}, 30 * MINUTE),
    "every hour is skipped": ({"wishes": Wishes(skip_hours=frozenset(range(24)))}, 30 * MINUTE),
    "an hour is skipped after retry-after": (
        {"wishes": Wishes(skip_hours=frozenset([14]), retry_at=NOW + 2 * HOUR)},
        3 * HOUR,
    ),
}


@pytest.mark.parametrize("name", WAITS)
def test_wishes_and_failures_of_an_hourly_source(name):
    how, seconds = WAITS[name]
    assert wait(every(HOUR), **how) == seconds


SPREADS = [
    (every(HOUR), {}, 30 * MINUTE, 36 * MINUTE),
    (every(7 * DAY), {}, 20 * HOUR, DAY),
    (every(HOUR), {"errors": 1}, 15 * MINUTE, 18 * MINUTE),
    (every(HOUR), {"wishes": Wishes(skip_hours=frozenset([12]))}, HOUR, HOUR + 10 * MINUTE),
]


@pytest.mark.parametrize(("published", "how", "low", "high"), SPREADS)
def test_jitter(published, how, low, high):
    assert (wait(published, 0.0, **how), wait(published, 1.0, **how)) == (low, high)
    assert low < wait(published, 0.5, **how) < high


def test_a_source_that_is_gone_is_not_asked_again():
    assert next_poll(every(HOUR), BOUNDS, NOW, spread=0.5, gone=True) is None


@given(
    st.lists(st.integers(-DAY, NOW + DAY), max_size=30),
    st.floats(0, 1),
    st.integers(0, 50),
    st.integers(60, 30 * DAY),
    st.integers(0, 30 * DAY),
    st.none() | st.integers(0, 10**6),
)
def test_the_bounds_hold_whatever_a_feed_says(published, spread, unchanged, shortest, more, ttl):
    bounds = Bounds(shortest, shortest + more)
    at = next_poll(published, bounds, NOW, spread=spread, unchanged=unchanged, wishes=Wishes(ttl=ttl))
    assert at is not None
    assert bounds.shortest <= at - NOW <= bounds.longest


NEW, OTHER = "https://new.example/feed", "https://other.example/feed"
MOVES = {
    "never": ([], False),
    "three times in a day": ([(NEW, 0), (NEW, HOUR), (NEW, DAY)], True),
    "three times in an hour": ([(NEW, 0), (NEW, 60), (NEW, HOUR)], False),
    "often in less than a day": ([(NEW, hour * HOUR) for hour in range(24)], False),
    "twice in a week": ([(NEW, 0), (NEW, 7 * DAY)], False),
    "first elsewhere": ([(OTHER, 0), (NEW, DAY), (NEW, DAY + HOUR), (NEW, 2 * DAY - 1)], False),
    "at last": ([(OTHER, 0), (NEW, DAY), (NEW, DAY + HOUR), (NEW, 2 * DAY)], True),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_holds_after_three_polls_and_a_day(name):
    polls, holds = MOVES[name]
    move, at = Move(), 0
    for target, at in polls:
        move = seen_moved(move, target, NOW + at)
    assert is_confirmed(move, NOW + at) is holds
