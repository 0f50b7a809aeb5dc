"""What a build keeps while all places are given out anew."""

from feeds.store import Store
from feeds.store.items import ItemRow, Membership


def place(feed: int, published: int, item: str, page: int = 0) -> Membership:
    return Membership(feed, published, item, "", page=page)


def test_items_come_back_on_their_pages_and_what_is_told_no_more_leaves_a_tombstone(store: Store) -> None:
    kept = [place(1, 10, "a", 1), place(2, 10, "a", 3), place(1, 20, "b", 2), place(1, 30, "c"), place(1, 99, "d")]
    with store.transaction():
        store.items.put([ItemRow(each, 1, 1, 1, "", "", 1, b"told") for each in "abcd"])
        store.items.join(kept)
        store.items.leave_all()
        # b is of another time now, c and d are told no more, and nobody can have seen d.
        store.items.put([ItemRow(each, 1, 1, 1, "", "", 2, b"told") for each in "ab"])
        store.items.join([place(1, 10, "a"), place(2, 10, "a"), place(3, 10, "a"), place(1, 25, "b")])
        store.history.restore(50, 100)
    keys = [(1, 10, "a"), (1, 25, "b"), (2, 10, "a"), (3, 10, "a")]
    assert {(each.feed, each.item): each.page for each in store.items.places(keys)} == {
        (1, "a"): 1,
        (1, "b"): 0,
        (2, "a"): 3,
        (3, "a"): 0,
    }
    assert store.history.tombstones(1, 0, 9) == [("c", 100)]
    with store.transaction():
        store.items.leave_all()
        store.history.restore(50, 200)
    assert store.history.tombstones(1, 0, 9) == [("a", 200), ("b", 200), ("c", 100)]
