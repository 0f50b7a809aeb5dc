"""Which items a feed holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import FeedSpec, WindowRow
from feeds.selection import cut, window_digest


def rows(*times: int) -> list[WindowRow]:
    return [WindowRow(f"{place:02}", time, time, "d", "") for place, time in enumerate(times)]


CUTS = [
    ((), 3, 0),
    ((9, 8, 7), 5, 3),
    ((9, 8, 7), 3, 3),
    ((9, 8, 7), 2, 2),
    ((9, 8, 8, 7), 2, 3),
    ((9, 9, 9, 7), 1, 3),
    ((9, 8, 8, 8), 3, 4),
    ((9, 8, 8, 7), 3, 3),
]


@pytest.mark.parametrize(("times", "limit", "kept"), CUTS)
def test_where_the_cut_falls(times, limit, kept):
    assert cut(iter(rows(*times)), limit) == tuple(rows(*times)[:kept])


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 12))
def test_a_cut_never_splits_what_has_one_time(times, limit):
    stream = rows(*sorted(times, reverse=True))
    window = cut(stream, limit)
    assert window == tuple(stream[: len(window)])
    assert len(window) >= min(limit, len(stream))
    assert not {row.published for row in window} & {row.published for row in stream[len(window) :]}
    if len(window) > limit:
        assert len({row.published for row in window[limit - 1 :]}) == 1


def test_no_more_is_read_than_needed():
    stream = iter(rows(9, 8, 7, 6))
    cut(stream, 2)
    assert [row.published for row in stream] == [6]


SPEC = FeedSpec("topics/ai", "topic", "AI")
WINDOW = rows(9, 8)


def test_a_window_is_the_same_as_long_as_its_files_are():
    digest = window_digest(SPEC, WINDOW, "site")
    assert window_digest(SPEC, [replace(row, label="Other") for row in WINDOW], "site") == digest
    others = [
        window_digest(replace(SPEC, title="A.I."), WINDOW, "site"),
        window_digest(replace(SPEC, image="https://x"), WINDOW, "site"),
        window_digest(SPEC, WINDOW[:1], "site"),
        window_digest(SPEC, WINDOW[::-1], "site"),
        window_digest(SPEC, [replace(WINDOW[0], digest="e"), WINDOW[1]], "site"),
        window_digest(SPEC, [replace(WINDOW[0], updated=10), WINDOW[1]], "site"),
        window_digest(SPEC, [replace(WINDOW[0], published=10), WINDOW[1]], "site"),
        window_digest(SPEC, WINDOW, "another"),
    ]
    assert len({digest, *others}) == len(others) + 1
