"""Which sightings are one story, and whether its id is the one it always had."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.identity import Member, Name, Resolution, mint, record_name, resolve

A, B, C, D = "a.example/a", "b.example/b", "c.example/c", "d.example/d"


def own(file: str, *keys: str) -> tuple[str, bool, tuple[str, ...]]:
    return file, True, keys


def mention(file: str, *keys: str) -> tuple[str, bool, tuple[str, ...]]:
    return file, False, keys


@dataclass
class Ledger:
    """What the state remembers between builds."""

    names: dict[str, Name] = field(default_factory=dict)
    now: int = 0
    merged: dict[str, str] = field(default_factory=dict)

    def build(self, *said: tuple[str, bool, tuple[str, ...]]) -> list[str]:
        """Resolve all that is said now; return the id of each, in the order given."""
        self.now += 1
        resolution = resolve([Member(ref, *one) for ref, one in enumerate(said)], self.names, self.now)
        self.names.update(resolution.names)
        for old, new in resolution.merged.items():
            moved = {key: Name(new, name.since) for key, name in self.names.items() if name.item == old}
            self.names.update(moved)
        self.merged.update(resolution.merged)
        return [resolution.items[ref] for ref in range(len(said))]


def test_ids_are_frozen():
    # Never change these: a reader would show every item once more.
    assert mint("reuters.com/article/1") == "3f1dbaf2-5e27-56cf-90c5-f4a913b0bf1a"
    assert mint(record_name("records/a.md")) == "c201fb93-0cfc-578f-a6f5-e4dbe30df718"
    assert UUID(mint("x")).version == 5


FIRST_IDS = [
    ("a record", [own("1", A)], [A]),
    ("a record with more URLs", [own("1", B, A)], [B]),
    ("a record without a URL", [own("1")], ["record:1"]),
    ("two records without a URL", [own("1"), own("2")], ["record:1", "record:2"]),
    ("two records", [own("1", A), own("2", B)], [A, B]),
    ("two records of one story", [own("1", A), own("2", A)], [A, A]),
    ("a mention", [mention("1", A)], [A]),
    ("two mentions of one story", [mention("1", A), mention("2", A)], [A, A]),
    ("two mentions in one file", [mention("1", A), mention("1", B)], [A, B]),
    ("a mention of a record", [mention("1", B), own("2", C, B)], [C, C]),
    ("a mention in the record itself", [own("1", A), mention("1", A), mention("1", B)], [A, A, B]),
    ("a mention's own URL counts less", [mention("1", A, B), own("2", C, B)], [C, C]),
    ("a chain", [mention("1", A, B), mention("2", B, C), mention("3", C, D)], [A, A, A]),
    ("two groups that turn out to be one", [mention("1", A), mention("2", B), mention("3", A, B)], [A, A, A]),
]


@pytest.mark.parametrize(("said", "minted"), [row[1:] for row in FIRST_IDS], ids=[row[0] for row in FIRST_IDS])
def test_an_id_is_minted_from_the_first_name(said, minted):
    assert Ledger().build(*said) == [mint(name) for name in minted]


def test_nothing_said_is_nothing_resolved():
    assert resolve([], {}, 1) == Resolution({}, {}, {})


def test_an_edited_url_keeps_the_id():
    ledger = Ledger()
    assert ledger.build(own("1", A)) == ledger.build(own("1", B)) == ledger.build(own("1")) == [mint(A)]


def test_a_renamed_file_keeps_the_id():
    ledger = Ledger()
    assert ledger.build(own("1", A)) == ledger.build(own("2", A)) == ledger.build(own("2", B)) == [mint(A)]


def test_a_url_that_comes_later_keeps_the_id():
    ledger = Ledger()
    assert ledger.build(own("1")) == ledger.build(own("1", A)) == [mint("record:1")]


def test_a_mention_by_an_old_url_means_the_record_that_had_it():
    ledger = Ledger()
    ledger.build(own("1", A))
    ledger.build(own("1", B))
    assert ledger.build(own("1", B), mention("2", A)) == [mint(A), mint(A)]


def test_mentions_by_both_urls_are_one_story_still_when_the_record_is_gone():
    ledger = Ledger()
    ledger.build(own("1", A))
    ledger.build(own("1", B))
    assert ledger.build(mention("2", A), mention("3", B)) == [mint(A), mint(A)]


def test_a_story_first_mentioned_and_then_told_is_one_item():
    ledger = Ledger()
    assert ledger.build(mention("1", A)) == [mint(A)]
    assert ledger.build(mention("1", A), own("2", B, A)) == [mint(A), mint(A)]


def test_a_copy_parts_from_the_original_when_its_url_is_corrected():
    ledger = Ledger()
    ledger.build(own("1", A))
    assert ledger.build(own("1", A), own("2", A)) == [mint(A), mint(A)]
    assert ledger.build(own("1", A), own("2", B)) == [mint(A), mint(B)]
    assert ledger.build(own("1", A), own("2", C)) == [mint(A), mint(B)]


def test_of_two_files_that_knew_the_story_the_one_that_still_has_its_url_keeps_the_id():
    ledger = Ledger()
    ledger.build(own("1", A))
    ledger.build(own("1", A), own("2", A))
    assert ledger.build(own("1", B), own("2", A)) == [mint(B), mint(A)]


def test_two_records_that_swap_urls_keep_their_ids():
    ledger = Ledger()
    before = ledger.build(own("1", A), own("2", B))
    assert ledger.build(own("1", B), own("2", A)) == before
    assert ledger.build(own("1", A), own("2", B)) == before
    assert not ledger.merged


def test_new_evidence_merges_two_items_and_its_loss_parts_them_again():
    ledger = Ledger()
    ledger.build(own("1", A))
    ledger.build(own("1", A), own("2", B))
    assert ledger.build(own("1", A, B), own("2", B)) == [mint(A), mint(A)]
    assert ledger.merged == {mint(B): mint(A)}
    assert ledger.build(own("1", A), own("2", B)) == [mint(A), mint(B)]


def test_of_two_merged_items_the_older_id_stays():
    ledger = Ledger()
    ledger.build(own("9", D))
    ledger.build(own("9", D), own("1", A))
    assert ledger.build(own("9", D, A), own("1", A)) == [mint(D), mint(D)]


def test_a_new_record_by_an_old_url_of_another_gets_an_id_of_its_own():
    ledger = Ledger()
    ledger.build(own("1", A))
    ledger.build(own("1", B))
    first, second = ledger.build(own("1", B), own("2", A))
    assert first == mint(A)
    assert second != first
    assert ledger.build(own("1", B), own("2", A)) == [first, second]


def test_even_the_second_choice_of_an_id_may_be_taken():
    first, second = mint(A), mint(f"{A} {record_name('2')}")
    names = {key: Name(first, 1) for key in (A, B, record_name("1"))}
    names |= {key: Name(second, 2) for key in (C, record_name("3"))}
    members = [Member(0, "1", True, (B,)), Member(1, "3", True, (C,)), Member(2, "2", True, (A,))]
    items = resolve(members, names, 3).items
    assert (items[0], items[1]) == (first, second)
    assert len(set(items.values())) == 3


def test_an_old_url_of_two_records_ago_mints_no_id_that_lives_on_elsewhere():
    ledger = Ledger()
    ledger.build(own("1", A), own("2", B))
    ledger.build(own("1", B), own("2", A))  # swapped: 2 goes on under the id that its old URL B gave it
    ids = ledger.build(own("1", C), own("2", A), own("9", B))
    assert ids[:2] == [mint(A), mint(B)]
    assert len(set(ids)) == 3


def test_a_remembered_name_keeps_its_age_when_it_changes_hands():
    known = {A: Name(mint(B), 5), B: Name(mint(B), 5), record_name("1"): Name(mint(B), 5)}
    resolution = resolve([Member(0, "1", True, (B,)), Member(1, "2", True, (A,))], known, 9)
    assert resolution.items[0] == mint(B)
    assert resolution.names[A] == Name(resolution.items[1], 5)
    assert resolution.names[record_name("2")].since == 9


KEYS = st.lists(st.sampled_from("abcdef"), max_size=3, unique=True).map(tuple)
FILES = st.sampled_from(["1", "2", "3", "4"])


@st.composite
def closed_members(draw: st.DrawFn) -> tuple[list[Member], dict[str, Name]]:
    records = draw(st.dictionaries(FILES, KEYS))
    mentions = draw(st.lists(st.tuples(FILES, KEYS.filter(bool)), max_size=5))
    said = [(file, True, keys) for file, keys in records.items()] + [(file, False, keys) for file, keys in mentions]
    items = [mint(name) for name in "abcdefgh"]
    spoken = [*"abcdef", *map(record_name, "1234")]
    names = draw(st.dictionaries(st.sampled_from(spoken), st.builds(Name, st.sampled_from(items), st.integers(1, 3))))
    return [Member(ref, *one) for ref, one in enumerate(said)], names


@given(closed_members(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(given_members, chance):
    members, names = given_members
    shuffled = chance.sample(members, len(members))
    mixed = dict(chance.sample(sorted(names.items(), key=lambda pair: pair[0]), len(names)))
    assert resolve(shuffled, mixed, 9) == resolve(members, names, 9)


@given(closed_members())
def test_what_must_hold_of_any_resolution(given_members):
    members, names = given_members
    resolution = resolve(members, names, 9)
    by_key: dict[str, str] = {}
    for member in members:
        item = resolution.items[member.ref]
        assert all(by_key.setdefault(key, item) == item for key in member.keys), "one URL, one item"
        for name in member.names:
            assert (resolution.names.get(name) or names[name]).item == item, "every name is remembered"
    live = set(resolution.items.values())
    assert not live & resolution.merged.keys(), "what went up in another is nobody's"
    assert set(resolution.merged.values()) <= live


@given(closed_members())
def test_once_resolved_it_stays_so(given_members):
    members, names = given_members
    first = resolve(members, names, 9)
    merged = {key: Name(first.merged.get(name.item, name.item), name.since) for key, name in names.items()}
    again = resolve(members, {**merged, **first.names}, 10)
    assert again.items == first.items
    assert not again.names
    assert not again.merged
