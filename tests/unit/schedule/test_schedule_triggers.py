from datetime import UTC, datetime, timedelta

import pytest

from feeds.schedule.triggers import trigger

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)  # a Wednesday


def times(when: str, zone: str = "UTC", count: int = 3, start: datetime = NOON) -> list[str]:
    timer = trigger(when, zone, 0)
    found, last = [], None
    now = start
    while len(found) < count:
        last = timer.get_next_fire_time(last, now)
        found.append(last.astimezone(UTC).strftime("%a %d %H:%M"))
        now = last + timedelta(microseconds=1)
    return found


def test_a_crontab_line_names_times_of_day() -> None:
    assert times("17 3 * * *") == ["Thu 26 03:17", "Fri 27 03:17", "Sat 28 03:17"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("0", ["Sun 29", "Sun 05", "Sun 12"]),
        ("7", ["Sun 29", "Sun 05", "Sun 12"]),
        ("1", ["Mon 30", "Mon 06", "Mon 13"]),
        ("sun", ["Sun 29", "Sun 05", "Sun 12"]),
        ("1-5", ["Thu 26", "Fri 27", "Mon 30"]),
        ("0-1", ["Sun 29", "Mon 30", "Sun 05"]),
        ("5-7", ["Fri 27", "Sat 28", "Sun 29"]),
        ("sat,sun", ["Sat 28", "Sun 29", "Sat 04"]),
        ("mon-fri/2", ["Fri 27", "Mon 30", "Wed 01"]),
        ("*/2", ["Thu 26", "Sat 28", "Sun 29"]),
        ("*", ["Thu 26", "Fri 27", "Sat 28"]),
    ],
)
def test_days_of_the_week_are_those_of_crontab(days: str, expected: list[str]) -> None:
    assert times(f"0 6 * * {days}") == [f"{day} 06:00" for day in expected]


def test_times_of_day_are_those_of_the_zone_also_when_its_clocks_change() -> None:
    # 29 March 2026: Berlin goes from UTC+1 to UTC+2
    assert times("0 6 * * *", "Europe/Berlin", 5) == [
        "Thu 26 05:00", "Fri 27 05:00", "Sat 28 05:00", "Sun 29 04:00", "Mon 30 04:00",
    ]  # fmt: skip


@pytest.mark.parametrize(("span", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86_400)])
def test_a_span_repeats(span: str, seconds: int) -> None:
    timer = trigger(span, "UTC", 0)
    first = timer.get_next_fire_time(None, NOON)
    second = timer.get_next_fire_time(first, first + timedelta(seconds=1))
    assert (second - first).total_seconds() == seconds


def test_jitter_only_delays_and_never_by_more_than_half_a_span() -> None:
    timer = trigger("10s", "UTC", 3600)
    first = timer.get_next_fire_time(None, NOON)
    for _ in range(50):
        late = timer.get_next_fire_time(first, first + timedelta(seconds=1)) - first - timedelta(seconds=10)
        assert timedelta(0) <= late <= timedelta(seconds=5)
