"""What there is: items newest first, what feeds hold, records held back; looked at as it is."""

from collections.abc import Sequence

import pytest

from feeds.store import Store
from feeds.store.catalogue import FIRST, PAGE, Catalogue, Contents, HeldRecord, ListedItem, Span
from feeds.store.documents import REMOTE, DocumentRow, SightingRow
from feeds.store.existing import existing_state
from feeds.store.items import ItemRow, Membership


def item(name: str, published: int, story: bytes | None = b"{}") -> ItemRow:
    return ItemRow(name, published, published, published + 1, "", "", 1, story, "dead")


@pytest.fixture
def keep(store: Store):
    def put(rows: Sequence[ItemRow], feed: int = 1) -> None:
        with store.transaction():
            store.items.put(rows)
            store.items.join(Membership(feed, row.published, row.id, "") for row in rows if row.story)

    return put


@pytest.fixture
def ask(store: Store, state_url: str):
    """Return a call that looks at the state as commands that only read do."""

    def look(question):
        with existing_state(state_url) as seen:
            assert seen is not None
            return question(seen.catalogue)

    return look


def test_items_are_newest_first_and_those_of_one_time_by_id(keep, ask):
    keep([item("b", 20), item("a", 20), item("c", 10), item("d", 30), item("gone", 25, None)])
    found = ask(lambda catalogue: list(catalogue.items(Span())))
    assert found[0] == ListedItem("d", 30, 31, b"{}", "dead", "")
    assert [row.id for row in found] == ["d", "a", "b", "c"]
    assert ask(lambda catalogue: catalogue.count(Span())) == 4


@pytest.mark.parametrize(
    ("span", "names"),
    [
        (Span(since=20), ["d", "a", "b"]),
        (Span(until=20), ["c"]),
        (Span(10, 11), ["c"]),
        (Span(feed=2), ["e", "d"]),
        (Span(31, feed=2), ["e"]),
        (Span(feed=7), []),
    ],
)
def test_a_span_has_a_beginning_an_end_and_perhaps_a_feed(store, keep, ask, span, names):
    keep([item("b", 20), item("a", 20), item("c", 10), item("d", 30)])
    with store.transaction():
        store.items.join([Membership(2, 30, "d", "", ages="0-9"), Membership(2, 40, "e", "")])
    if span.feed == 2:
        keep([item("e", 40)], 3)
    assert [row.id for row in ask(lambda catalogue: list(catalogue.items(span)))] == names
    assert ask(lambda catalogue: catalogue.count(span)) == len(names)


def test_a_feed_says_at_which_ages_it_holds_an_item(store, keep, ask):
    keep([item("d", 30)])
    with store.transaction():
        store.items.join([Membership(2, 30, "d", "", ages="0-9")])
    assert [row.ages for row in ask(lambda catalogue: list(catalogue.items(Span(feed=2))))] == ["0-9"]
    assert [row.ages for row in ask(lambda catalogue: list(catalogue.items(Span())))] == [""]


@pytest.mark.parametrize("feed", [None, 1])
def test_no_item_is_lost_between_two_pages(keep, ask, feed):
    many = FIRST + 2 * PAGE + 7
    rows = [item(f"{number:05}", number // 700) for number in range(many)]
    keep(rows)
    expected = sorted(rows, key=lambda row: (-row.published, row.id))
    found = ask(lambda catalogue: list(catalogue.items(Span(feed=feed))))
    assert [row.id for row in found] == [row.id for row in expected]


def test_a_listing_may_be_left_early(keep, ask):
    keep([item(f"{number:05}", number) for number in range(3 * FIRST)])

    def first(catalogue: Catalogue) -> str:
        return next(catalogue.items(Span())).id

    assert ask(first) == f"{3 * FIRST - 1:05}"


def test_feeds_hold_what_was_published_by_then(keep, ask):
    keep([item("a", 10), item("b", 20), item("c", 30)])
    keep([item("c", 30)], 2)
    assert ask(lambda catalogue: catalogue.contents(20)) == {1: Contents(2, 20)}
    assert ask(lambda catalogue: catalogue.contents(30)) == {1: Contents(3, 30), 2: Contents(1, 30)}


def test_records_held_back_come_by_file_each_with_its_own_story_only(store, ask):
    held, mention = SightingRow(True, True, "u1", b"own"), SightingRow(False, True, "u2", b"mention")
    free = SightingRow(True, False, "u3", b"free")
    with store.transaction():
        rows = [DocumentRow("b.md", "", (held, mention), ()), DocumentRow("a.md", "", (held,), ())]
        store.documents.replace([*rows, DocumentRow("c.md", "", (free,), ())])
        store.documents.replace([DocumentRow(f"{REMOTE}x/1", "", (free,), ())])
        first = store.identities.unsettled(9)[0].member
        store.identities.assign({first.ref: "i"})
    found = ask(lambda catalogue: list(catalogue.held()))
    assert sorted(found, key=lambda row: row.file) == found
    assert [(row.file, row.body) for row in found] == [("a.md", b"own"), ("b.md", b"own")]
    assert HeldRecord(first.file, "i", b"own") in found


def test_many_records_held_back_all_come(store, ask):
    held = SightingRow(True, True, "", b"own")
    with store.transaction():
        store.documents.replace([DocumentRow(f"{n:05}.md", "", (held,), ()) for n in range(PAGE + 3)])
    assert [row.file for row in ask(lambda catalogue: list(catalogue.held()))] == [
        f"{n:05}.md" for n in range(PAGE + 3)
    ]
