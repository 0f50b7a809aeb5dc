"""A feed by score, against all of its items sorted."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.feed import WindowRow
from feeds.selection.ranking import ranked
from feeds.selection.score import GREATEST


def row(key: str, published: int, bonus: int = 0, provider: str = "") -> WindowRow:
    return WindowRow(key, published, published, "", "", provider, bonus)


def sorted_out(rows: Iterable[WindowRow], limit: int, cap: int | None) -> tuple[WindowRow, ...]:
    """Return what a feed holds, from all there is."""
    taken: Counter[str] = Counter()
    best = []
    for each in sorted(rows, key=lambda row: (-row.published - row.bonus, -row.published, row.id)):
        taken[each.provider] += 1
        if cap is None or not each.provider or taken[each.provider] <= cap:
            best.append(each)
    return tuple(best[:limit])


HALF = 20
ROWS = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(0, GREATEST * HALF), st.sampled_from(["", "a", "b", "c"])),
    max_size=60,
)


@given(ROWS, st.integers(1, 12), st.sampled_from([None, 1, 2]))
def test_what_is_best_of_all_is_found(drawn: list[tuple[int, int, str]], limit: int, cap: int | None) -> None:
    # A few drawn rows many times over: a feed has to be longer than a page for it to matter where reading ends.
    many = [(published - 7 * turn, bonus, provider) for published, bonus, provider in drawn for turn in range(9)]
    rows = [row(f"{number:05}", *each) for number, each in enumerate(many)]
    rows.sort(key=lambda each: (-each.published, each.id))
    assert ranked(iter(rows), limit, cap, HALF) == sorted_out(rows, limit, cap)


def counted(rows: Iterable[WindowRow], read: list[str]) -> Iterator[WindowRow]:
    for each in rows:
        read.append(each.id)
        yield each


@pytest.mark.parametrize(
    ("step", "limit", "cap", "expected"),
    [
        (10, 5, None, 200),  # the first page is older at its end than all bonuses make up for
        (1, 5, None, 400),  # it takes until the 205th
        (0, 5, None, 5_000),  # all of one time: anyone may be the best
        (10, 300, None, 400),
        (10, 5, 1, 5_000),  # one provider only: the feed is never full
    ],
)
def test_no_more_is_read_than_it_takes(step: int, limit: int, cap: int | None, expected: int) -> None:
    rows = [row(f"{number:05}", 100_000 - step * number, provider="a") for number in range(5_000)]
    read: list[str] = []
    found = ranked(counted(rows, read), limit, cap, HALF)
    assert found == tuple(rows[: 1 if cap else limit])
    assert len(read) == expected


def test_the_order_of_equals_is_by_time_and_then_by_id() -> None:
    rows = [row("c", 10), row("a", 5, 5), row("b", 5, 5), row("d", 0, 9)]
    assert [each.id for each in ranked(rows, 9, None, HALF)] == ["c", "a", "b", "d"]


def test_one_provider_has_its_share_and_what_nobody_named_has_none() -> None:
    rows = [row("1", 9, provider="a"), row("2", 8, 0, "a"), row("3", 7), row("4", 6), row("5", 5, 9, "a")]
    assert [each.id for each in ranked(rows, 9, 2, HALF)] == ["5", "1", "3", "4"]


def test_nothing_of_nothing() -> None:
    assert ranked([], 5, None, HALF) == ()
