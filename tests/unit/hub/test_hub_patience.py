import pytest

from feeds.hub import next_try

NOW = 1_700_000_000
MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("fails", "wait"),
    [
        (1, MINUTE),
        (2, 2 * MINUTE),
        (3, 4 * MINUTE),
        (9, 256 * MINUTE),
        (10, 6 * HOUR),
        (11, 6 * HOUR),
        (1_000_000, 6 * HOUR),
    ],
)
def test_each_failure_doubles_the_wait_up_to_six_hours(fails, wait):
    assert next_try(fails, NOW) == NOW + wait


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        ("", MINUTE),
        ("30", MINUTE),
        ("3600", HOUR),
        ("999999999999", DAY),
        ("Tue, 14 Nov 2023 23:13:20 GMT", HOUR),
        ("Tue, 14 Nov 2023 21:13:20 GMT", MINUTE),
        ("soon", MINUTE),
        ("-1", MINUTE),
    ],
)
def test_a_hub_that_says_when_is_believed_up_to_a_day(wish, wait):
    assert next_try(1, NOW, wish) == NOW + wait


def test_a_wish_does_not_shorten_a_wait():
    assert next_try(10, NOW, "60") == NOW + 6 * HOUR
