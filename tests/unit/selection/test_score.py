"""What a score is worth in seconds."""

import pytest

from feeds.model.item import Provider, Story
from feeds.selection.custom import Sort
from feeds.selection.score import bonus

HALF = 1_000


@pytest.mark.parametrize(
    ("sort", "quality", "heat", "expected"),
    [
        ("newest", 64, 64, 0),
        ("quality", 64, 512, 6 * HALF),
        ("heat", 64, 512, 9 * HALF),
        ("score", 64, 64, 7 * HALF),
        ("score", 48, 0, 5585),
        ("score", None, 8, 3 * HALF),
        ("score", 8, None, 3 * HALF),
        ("score", None, None, 0),
        ("score", 0, 0, 0),
        ("score", 1, 0, 0),
        ("score", -5, 4, 0),
        ("score", 1024, 0, 10 * HALF),
        ("score", 10**9, 10**9, 10 * HALF),
    ],
)
def test_each_doubling_is_one_half_life(sort: Sort, quality: int | None, heat: int | None, expected: int) -> None:
    story = Story("A", "", "", "", Provider("", ""), quality=quality, heat=heat)
    assert bonus(story, sort, HALF) == expected
