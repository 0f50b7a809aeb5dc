"""Identities, items, and the feeds that carry them."""

from feeds.items.identity import Name
from feeds.model import WindowRow
from feeds.store import Store
from feeds.store.documents import DocumentRow, SightingRow
from feeds.store.feeds import FeedRow
from feeds.store.items import ItemRow, Membership, SightingBody

ALL, AI = FeedRow(1, "all", "", "all"), FeedRow(2, "topic", "ai", "topics/ai", "AI", 5, 3, "digest", '{"a": "b"}')


def item(name: str, published: int, story: bytes | None = b"{}") -> ItemRow:
    return ItemRow(name, published, published, published + 1, "digest of " + name, "told of " + name, 1, story)


def test_unsettled_records_come_before_mentions_and_go_once_assigned(store: Store) -> None:
    mention, own = SightingRow(False, False, "u2", b"2"), SightingRow(True, False, "u1", b"1")
    with store.transaction():
        store.documents.replace([DocumentRow("a.md", "", (mention, own), ())])
    found = store.identities.unsettled(10)
    assert [(entry.member.own, entry.item) for entry in found] == [(True, ""), (False, "")]
    assert store.identities.unsettled(1) == found[:1]
    with store.transaction():
        store.identities.assign({found[0].member.ref: "i", found[1].member.ref: "j"})
    assert store.identities.unsettled(10) == []
    assert [entry.item for entry in store.identities.by_keys(["u1"], ())] == ["i"]
    bodies = [SightingBody("i", "a.md", b"1"), SightingBody("j", "a.md", b"2")]
    assert sorted(store.items.sightings(["i", "j", "k"]), key=lambda row: row.item) == bodies


def test_a_name_is_for_ever_and_follows_its_item_into_another(store: Store) -> None:
    with store.transaction():
        store.identities.remember({"u1": Name("i", 5), "record:a.md": Name("i", 5), "u2": Name("j", 6)}, {})
        store.identities.remember({"u3": Name("j", 7)}, {"i": "j"})
    expected = {"u1": Name("j", 5), "record:a.md": Name("j", 5), "u2": Name("j", 6), "u3": Name("j", 7)}
    assert store.identities.names([*expected, "unknown"]) == expected


def test_stale_items_go_when_settled(store: Store) -> None:
    rows = [DocumentRow(f"{name}.md", "", (SightingRow(True, False, name, b""),), ()) for name in "ab"]
    with store.transaction():
        store.documents.replace(rows)
        store.identities.assign({entry.member.ref: entry.member.keys[0] for entry in store.identities.unsettled(9)})
        store.documents.remove(["a.md", "b.md"])
    assert store.identities.stale(10) == ["a", "b"]
    assert store.identities.stale(1) == ["a"]
    with store.transaction():
        store.identities.settled(["a"])
    assert store.identities.stale(10) == ["b"]


def test_items_are_kept_and_replaced(store: Store) -> None:
    first, second = item("i", 5), item("j", 6)
    with store.transaction():
        store.items.put([first, second])
        store.items.put([item("j", 7, None)])
    assert store.items.get(["i", "j", "k"]) == {"i": first, "j": item("j", 7, None)}


def test_a_window_is_newest_first_and_ties_are_by_id(store: Store) -> None:
    rows = [item("b", 20), item("a", 20), item("c", 10), item("d", 30), item("e", 40)]
    with store.transaction():
        store.items.put(rows)
        store.items.join(Membership(1, row.published, row.id, "AI") for row in rows)
        store.items.join([Membership(2, 40, "e", "Law")])
    found = list(store.feeds.window(1, 10, 30))
    assert found[1] == WindowRow("a", 20, 21, "digest of a", "AI")
    assert [row.id for row in found] == ["d", "a", "b"]
    assert [row.label for row in store.feeds.window(2, 0, 99)] == ["Law"]


def test_a_window_may_be_left_early_and_the_state_written_next(store: Store) -> None:
    rows = [item(f"{number:04}", number) for number in range(900)]
    with store.transaction():
        store.items.put(rows)
        store.items.join(Membership(1, row.published, row.id, "") for row in rows)
    stream = store.feeds.window(1, -1, 1_000)
    assert next(stream).id == "0899"
    stream.close()  # type: ignore[attr-defined]
    with store.transaction():
        store.items.leave([Membership(1, 899, "0899", ""), Membership(1, 0, "0898", "")])
    assert [row.id for row in store.feeds.window(1, 895, 1_000)] == ["0898", "0897", "0896"]


def test_a_window_of_many_at_one_time(store: Store) -> None:
    rows = [item(f"{number:04}", 7 if 100 <= number < 800 else number) for number in range(900)]
    with store.transaction():
        store.items.put(rows)
        store.items.join(Membership(1, row.published, row.id, "") for row in rows)
    expected = sorted(rows, key=lambda row: (-row.published, row.id))
    assert [row.id for row in store.feeds.window(1, -1, 1_000)] == [row.id for row in expected]
    assert [row.id for row in store.feeds.window(1, 6, 7)] == ["0007", *(f"{n:04}" for n in range(100, 800))]


def test_the_clock_finds_the_feeds_of_what_it_passed(store: Store) -> None:
    with store.transaction():
        store.items.join([Membership(1, 10, "i", ""), Membership(2, 20, "i", ""), Membership(3, 20, "j", "")])
    assert [sorted(store.items.feeds_between(*span)) for span in ((0, 9), (9, 10), (10, 20))] == [[], [1], [2, 3]]


def test_leaving_all_forgets_what_is_told_but_not_when(store: Store) -> None:
    with store.transaction():
        store.items.put([item("i", 5)])
        store.items.join([Membership(1, 5, "i", "")])
        store.items.leave_all()
    assert list(store.feeds.window(1, 0, 9)) == []
    assert store.items.get(["i"]) == {"i": item("i", 5, None)}


def test_feeds_are_kept_by_number_and_come_in_bytewise_order(store: Store) -> None:
    keys = ["topics/Z", "topics/a-b", "topics/aB", "topics/ab", "topics/künstliche", "topics/kz", "topics/z"]
    rows = [FeedRow(10 + number, "topic", key, key) for number, key in enumerate(keys)]
    with store.transaction():
        store.feeds.put([*reversed(rows), AI, ALL])
        store.feeds.put([FeedRow(1, "all", "", "all", "Everything")])
    assert [row.key for row in store.feeds.all()] == sorted(["all", "topics/ai", *keys])
    assert store.feeds.all()[:1] == [FeedRow(1, "all", "", "all", "Everything")]
    assert AI in store.feeds.all()


def test_marks(store: Store) -> None:
    with store.transaction():
        store.feeds.put([ALL, AI])
        store.feeds.mark([2, 2])
        store.feeds.mark([2])
    assert store.feeds.stale() == {2}
    with store.transaction():
        store.feeds.mark_all()
    assert store.feeds.stale() == {1, 2}
    with store.transaction():
        store.feeds.unmark()
    assert store.feeds.stale() == set()
