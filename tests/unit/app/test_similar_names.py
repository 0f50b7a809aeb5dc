"""Names that may be two spellings of one thing: which pairs are proposed, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.app.similar_names import ALMOST, ORDER, SHORT, SPELLING, likely_same


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("AI", "A.I.", SPELLING),
        ("Café", "cafe", SPELLING),
        ("E-Commerce", "eCommerce", SPELLING),
        ("Law & Order", "Order, Law", ORDER),
        ("AI", "Artificial Intelligence", SHORT),
        ("N.L.P.", "Natural language processing", SHORT),
        ("Robot", "Robots", ALMOST),
        ("Computer Vision", "Computer Visions", ALMOST),
        ("Cybersecurity", "Cyber-securty", ALMOST),
        ("Künstliche Intelligenz", "kuenstliche intelligenz", ALMOST),
    ],
)
def test_two_names_that_may_be_one(one, other, why):
    assert list(likely_same([one, "Zoology", other])) == [(0, 2, why)]
    assert list(likely_same([other, one])) == [(0, 1, why)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Web 2.0", "Web 3.0"),
        ("Law", "Lawn"),
        ("Music", "Museums"),
        ("AI", "IA"),
        ("Art", "Artificial Intelligence"),
        ("C", "C++ and more"),
        ("+++", "***"),
        ("", "?"),
    ],
)
def test_two_names_that_are_two(one, other):
    assert list(likely_same([one, other])) == []


def test_three_spellings_are_told_by_the_first():
    assert list(likely_same(["AI", "A.I.", "a i"])) == [(0, 1, SPELLING), (0, 2, SPELLING)]


@given(some.lists(some.text(max_size=12), max_size=12))
def test_every_pair_is_of_two_names_once(names):
    pairs = [(first, second) for first, second, _ in likely_same(names)]
    assert len(set(pairs)) == len(pairs)
    assert all(0 <= first < second < len(names) for first, second in pairs)
