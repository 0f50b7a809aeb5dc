"""Windows of which the reader wants no more of some providers."""

from dataclasses import dataclass, field

from feeds.model import WindowRow
from feeds.store import Store
from feeds.store.history import Stretch
from feeds.store.items import ItemRow, Membership


@dataclass
class Wish:
    after: int = -1
    full: list[str] = field(default_factory=list)


def keep(store: Store, providers: dict[int, str]) -> None:
    """Keep an item for each time, named by it, of the provider given."""
    rows = [ItemRow(f"{time:04}", time, time, time, "d", "t", 1, b"") for time in providers]
    with store.transaction():
        store.items.put(rows)
        store.items.join(Membership(1, row.published, row.id, "", providers[row.published]) for row in rows)


def test_a_row_tells_its_provider(store: Store) -> None:
    keep(store, {5: "a", 6: ""})
    rows = [WindowRow("0006", 6, 6, "d", "", ""), WindowRow("0005", 5, 5, "d", "", "a")]
    assert list(store.feeds.window(1, 0, 9)) == list(store.feeds.window(1, 0, 9, Wish())) == rows


def test_who_is_full_is_passed_over_from_the_next_page_on(store: Store) -> None:
    keep(store, {time: "few" if time % 100 == 0 else "many" for time in range(1_000)})
    wish = Wish()
    found = []
    for row in store.feeds.window(1, -1, 1_000, wish):
        found.append(row.published)
        wish.full = ["many", "unheard of"]
    assert found == [*range(999, 799, -1), *range(700, -1, -100)]
    assert [row.published for row in store.feeds.window(1, 150, 850, Wish(-1, ["many"]))] == list(range(800, 150, -100))


def test_what_is_too_old_by_now_is_not_read(store: Store) -> None:
    keep(store, dict.fromkeys(range(1_000), "a"))
    wish = Wish()
    found = []
    for row in store.feeds.window(1, 100, 1_000, wish):
        found.append(row.published)
        wish.after = 750
    assert found == list(range(999, 750, -1))
    assert [row.published for row in store.feeds.window(1, 100, 105, Wish(-1))] == [105, 104, 103, 102, 101]


def test_more_providers_are_full_than_a_statement_takes(store: Store) -> None:
    keep(store, {time: f"p{time}" for time in range(700)})
    found = [row.published for row in store.feeds.window(1, -1, 999, Wish(-1, [f"p{time}" for time in range(40_000)]))]
    assert found == list(range(699, 499, -1))


def test_items_are_counted_where_their_ages_have_them(store: Store) -> None:
    with store.transaction():
        places = (("a", 100, ""), ("b", 90, "0-20"), ("c", 50, "0-20"), ("d", 10, "60-"))
        store.items.join(Membership(1, at, key, "", ages=ages) for key, at, ages in places)
    history = store.history
    assert history.ages(1) == ["", "0-20", "60-"]
    assert history.ages(2) == []
    whole = [Stretch(0, 100)]
    some = [Stretch(0, 100, ""), Stretch(80, 100, "0-20"), Stretch(-1, 40, "60-")]
    assert (history.total(1, whole), history.total(1, some), history.total(1, []), history.total(2, whole)) == (
        4,
        3,
        0,
        0,
    )
    assert history.activity(1, whole, 0, 50) == {0: 2, 1: 2}
    assert history.activity(1, some, 0, 50) == {0: 1, 1: 2}
    assert history.activity(1, some, 10, 50) == {1: 2}
