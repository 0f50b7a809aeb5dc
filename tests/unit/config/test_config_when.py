import pytest

from feeds.config.when import when


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("15m", "15m"),
        ("1H", "1h"),
        ("90s", "90s"),
        ("7d", "7d"),
        ("17 3 * * *", "17 3 * * *"),
        ("*/5  8-18 * *  MON-Fri", "*/5 8-18 * * mon-fri"),
        ("0,30 0 1,15 jan-mar 0", "0,30 0 1,15 jan-mar 0"),
        ("0 0 * * 7", "0 0 * * 7"),
        ("10-50/20 * * * *", "10-50/20 * * * *"),
        ("0 0 * * sun-mon", "0 0 * * sun-mon"),
    ],
)
def test_spans_and_crontab_lines_are_kept_in_one_spelling(value: str, kept: str) -> None:
    assert when(value) == kept


@pytest.mark.parametrize(
    "value",
    ["", "15", "m", "0m", "1w", "1.5h", "-1m", "every day", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *",
     "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "* * * foo *",
     "1- * * * *", "1,,2 * * * *", "* * * * fri-mon", "@daily"],
)  # fmt: skip
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        when(value)
