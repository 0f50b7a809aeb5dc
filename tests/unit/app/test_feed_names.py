"""What --feed may be given: keys, or the last part of one."""

import pytest

from feeds.app.feed_names import named_key
from feeds.errors import UsageError

# As the state has them: by key, so that topics/weekly comes before weekly.
KEYS = ["all", "providers/city.example", "topics/ai", "topics/weekly", "weekly"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("all", "all"),
        ("ai", "topics/ai"),
        (" /Topics/AI/ ", "topics/ai"),
        ("city.example", "providers/city.example"),
        ("weekly", "weekly"),
        ("topics/weekly", "topics/weekly"),
    ],
)
def test_the_feed_that_is_meant(typed: str, key: str) -> None:
    assert named_key(KEYS, typed) == key


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("topics/weeky", "--feed: 'topics/weeky' is no feed; did you mean topics/weekly?"),
        ("/", "--feed: '/' is no feed; see them all: feeds list feeds"),
    ],
)
def test_what_means_none_is_told_with_what_does(typed: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        named_key(KEYS, typed)
    assert str(caught.value) == why
