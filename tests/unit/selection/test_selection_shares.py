"""How much of a feed one provider gets."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Provider, WindowRow
from feeds.selection import EVERYTHING, TURN, Share, Shares, cut, sharer

HOUR = 3_600
LONG_AGO = -(2**62)


def row(name: str, published: int, provider: str) -> WindowRow:
    return WindowRow(name, published, published, "d", "", provider)


def stream(rows: list[WindowRow]) -> list[WindowRow]:
    return sorted(rows, key=lambda each: (-each.published, each.id))


def fill(rows: list[WindowRow], limit: int, share: Share, after: int = LONG_AGO) -> tuple[WindowRow, ...]:
    return Shares(share, limit, after).cut(iter(stream(rows)))


def of(*places: tuple[str, int]) -> list[WindowRow]:
    """Return rows of `(provider, published)`, named by their place."""
    return [row(f"{number:02}", published, provider) for number, (provider, published) in enumerate(places)]


BURST = of(*[("a", 90 - n) for n in range(6)], ("b", 50), ("c", 40), ("b", 30))
NAMELESS = of(*[("", 90 - n) for n in range(6)], ("b", 50))
AT_ONCE = of(*[("a", 90)] * 5, ("b", 90), ("b", 80), ("c", 80), ("d", 80))
# a publishes every hour, b every other day; a day is what a newer item of its provider makes an item older by.
PACES = of(*[("a", 100 * TURN - n * HOUR) for n in range(8)], ("b", 99 * TURN), ("b", 97 * TURN), ("b", 95 * TURN))
GONE = of(*[("a", 1000 * TURN - n * HOUR) for n in range(8)], ("long gone", 900 * TURN))

SHARES = [
    ("no share", BURST, 4, EVERYTHING, "0 1 2 3"),
    ("a cap", BURST, 4, Share(2), "0 1 6 7"),
    ("a cap of one", BURST, 4, Share(1), "0 6 7"),
    ("a cap leaves places free", BURST, 20, Share(2), "0 1 6 7 8"),
    ("a cap nobody reaches", BURST, 9, Share(9), "0 1 2 3 4 5 6 7 8"),
    ("a cap on one time goes by id, the end is not split", AT_ONCE, 4, Share(2), "0 1 5 6 7 8"),
    ("who has no name has no cap", NAMELESS, 5, Share(1), "0 1 2 3 4"),
    ("nor turns", NAMELESS, 5, Share(None, TURN), "0 1 2 3 4"),
    ("turns", BURST, 4, Share(None, TURN), "0 1 6 7"),
    ("turns and a cap", BURST, 5, Share(1, TURN), "0 6 7"),
    ("turns of one provider alone", BURST[:6], 4, Share(None, TURN), "0 1 2 3"),
    ("turns fill the feed", BURST, 9, Share(None, TURN), "0 1 2 3 4 5 6 7 8"),
    ("turns by the day", PACES, 5, Share(None, TURN), "0 1 2 3 8"),
    ("turns do not look back for ever", GONE, 5, Share(None, TURN), "0 1 2 3 4"),
    ("turns part those of one time by provider", AT_ONCE, 3, Share(None, TURN), "0 5 7 8"),
]


@pytest.mark.parametrize(("rows", "limit", "share", "kept"), [case[1:] for case in SHARES], ids=[c[0] for c in SHARES])
def test_what_gets_in(rows, limit, share, kept):
    assert " ".join(str(int(each.id)) for each in fill(rows, limit, share)) == kept


def test_what_is_too_old_takes_no_place():
    assert [each.published for each in fill(BURST, 9, Share(2), 40)] == [90, 89, 50]


PLACES = st.tuples(st.sampled_from(("", "a", "a", "a", "b", "c")), st.integers(0, 12))
LISTS = st.lists(PLACES, max_size=24).map(lambda places: of(*places))
LIMITS = st.integers(1, 8)
ANY_SHARE = st.builds(Share, st.one_of(st.none(), st.integers(1, 4)), st.integers(0, 4))


def by_definition(rows: list[WindowRow], limit: int, share: Share) -> tuple[WindowRow, ...]:
    """Return the window as the documents describe it, with every row looked at."""
    newer: Counter[str] = Counter()
    ages: list[tuple[int, WindowRow]] = []
    for each in stream(rows):
        rank = newer[each.provider] if each.provider else 0
        newer[each.provider] += 1
        if share.cap is None or rank < share.cap:
            ages.append((share.step * rank - each.published, each))
    allowed = sorted(age for age, _ in ages)[:limit]
    return tuple(each for age, each in ages if age <= allowed[-1])


@given(LISTS, LIMITS, ANY_SHARE)
def test_a_window_is_what_the_definition_says(rows, limit, share):
    assert fill(rows, limit, share) == by_definition(rows, limit, share)


@given(LISTS, LIMITS)
def test_without_a_share_it_is_the_newest(rows, limit):
    assert fill(rows, limit, EVERYTHING) == cut(stream(rows), limit)


@given(LISTS, LIMITS, ANY_SHARE)
def test_it_is_newest_first_full_where_it_can_be_and_never_over_the_cap(rows, limit, share):
    window = fill(rows, limit, share)
    assert list(window) == stream(list(window))
    counts = Counter(each.provider for each in rows)
    most = {name: count if share.cap is None or not name else min(count, share.cap) for name, count in counts.items()}
    assert len(window) >= min(limit, sum(most.values()))
    assert all(count <= most[name] for name, count in Counter(each.provider for each in window).items())


@given(LISTS, LIMITS, ANY_SHARE, st.randoms(use_true_random=False))
def test_what_left_never_comes_back_whatever_arrives_with_whatever_date(rows, limit, share, chance):
    arrivals = list(rows)
    chance.shuffle(arrivals)
    left: set[str] = set()
    for number in range(1, len(arrivals) + 1):
        window = {each.id for each in fill(arrivals[:number], limit, share)}
        assert not window & left
        left |= {each.id for each in arrivals[:number]} - window


@dataclass
class Shelf:
    """Rows handed out in pages, as the store does, without what is not in demand any more."""

    rows: list[WindowRow]
    page: int
    read: int = 0

    def window(self, demand: Shares):
        rest = stream(self.rows)
        while rest:
            wanted = [each for each in rest if each.published > demand.after and each.provider not in demand.full]
            page = list(islice(wanted, self.page))
            self.read += len(page)
            yield from page
            if len(page) < self.page:
                return
            rest = rest[rest.index(page[-1]) + 1 :]


@given(LISTS, LIMITS, ANY_SHARE, st.integers(1, 5))
def test_what_is_not_in_demand_would_not_have_got_in(rows, limit, share, page):
    shares = Shares(share, limit, LONG_AGO)
    assert shares.cut(Shelf(rows, page).window(shares)) == fill(rows, limit, share)


@pytest.mark.parametrize("share", [Share(5), Share(None, TURN), Share(5, TURN)])
def test_few_rows_are_read_however_much_one_publishes(share):
    loud = of(*[("loud", 2_000 * TURN - n * 60) for n in range(20_000)])
    quiet = [row(f"quiet {n}", 1_980 * TURN - n * HOUR, f"q{n % 7}") for n in range(300)]
    shelf = Shelf(loud + quiet, 200)
    shares = Shares(share, 50, LONG_AGO)
    window = shares.cut(shelf.window(shares))
    assert len(window) >= (40 if share.cap else 50)
    assert sum(each.provider == "loud" for each in window) <= 25
    assert shelf.read <= 600


NAMES = [
    (Provider("Reuters", "reuters.com"), "reuters.com"),
    (Provider("Reuters News", "reuters.com"), "reuters.com"),
    (Provider("The  Courant", ""), "the courant"),
    (Provider("", ""), ""),
]


@pytest.mark.parametrize(("provider", "name"), NAMES)
def test_who_shares(provider, name):
    assert sharer(provider) == name
