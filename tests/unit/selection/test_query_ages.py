"""Spans of time, against one answer for each second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.selection.query import ALWAYS, NEVER, decode, encode, holds
from feeds.selection.query.ages import Ages, bounds, complement, intersection, union

LAST = 40
SECONDS = range(LAST + 2)


def _spans(edges: list[int], endless: bool) -> Ages:
    ends: list[int | None] = [*sorted(edges), *([None] if len(edges) % 2 else [])]
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    found = tuple((start, end) for start, end in pairs if start is not None)
    return complement(found) if endless else found


AGES = st.builds(_spans, st.lists(st.integers(0, LAST), unique=True, max_size=6), st.booleans())


def seconds(ages: Ages) -> set[int]:
    return {second for second in SECONDS if holds(ages, second)}


@given(AGES, AGES)
def test_sets_of_ages_are_sets(one: Ages, other: Ages) -> None:
    assert seconds(union(one, other)) == seconds(one) | seconds(other)
    assert seconds(intersection(one, other)) == seconds(one) & seconds(other)
    assert seconds(complement(one)) == set(SECONDS) - seconds(one)


@given(AGES, AGES)
def test_one_set_is_written_in_one_way(one: Ages, other: Ages) -> None:
    for found in (union(one, other), intersection(one, other), complement(one)):
        edges = [edge for span in found for edge in span]
        assert None not in edges[:-1]
        finite = [edge for edge in edges if edge is not None]
        assert finite == sorted(set(finite))
    assert union(one, other) == union(other, one)
    assert complement(complement(one)) == one


@given(AGES)
def test_what_is_encoded_is_decoded(ages: Ages) -> None:
    assert decode(encode(ages)) == ages


@pytest.mark.parametrize(
    ("ages", "text"),
    [
        (ALWAYS, ""),
        (NEVER, "-"),
        (((0, 604_800),), "0-604800"),
        (((0, 10), (20, None)), "0-10,20-"),
    ],
)
def test_the_text_of_ages(ages: Ages, text: str) -> None:
    assert (encode(ages), decode(text)) == (text, ages)


@pytest.mark.parametrize(("age", "expected"), [(-1, False), (0, True), (9, True), (10, False), (20, True), (99, True)])
def test_a_span_holds_its_start_and_not_its_end(age: int, expected: bool) -> None:
    assert holds(((0, 10), (20, None)), age) is expected


def test_bounds_are_where_something_begins_or_ends() -> None:
    assert bounds([((0, 10),), ((5, 10), (20, None)), ALWAYS, NEVER]) == (5, 10, 20)
