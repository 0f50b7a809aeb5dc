from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.clusters.candidate import DAY, DEFAULT_POLICY, HOUR, Candidate, Policy
from feeds.clusters.cluster import cluster, leads
from feeds.clusters.likeness import same_story
from feeds.clusters.rare_words import pairs
from feeds.clusters.readings import Readings

TITLES = (
    "Fears raised over facial recognition use at Moscow protests",
    "Facial recognition use at Moscow protests raises fears - Reuters",
    "Fears raised over facial recognition use at Moscow protests, lawyers say",
    "Moscow protests: fears raised over use of facial recognition cameras by police",
    "Facial recognition cameras at Moscow protests and metro stations raised fears of arrests",
    "Police use of facial recognition cameras at Moscow metro stations",
    "Museum returns looted bronzes to Benin",
    "Looted bronzes returned to Benin by museum",
    "Museum returns looted bronzes to Benin, opens hall",
    "Week 12: results of the county league",
    "Week 13: results of the county league",
)


def item(name, title, published=0, domain="", **more):
    return Candidate(name, title, "", domain or f"{name}.example", published, **more)


def groups(found):
    return {frozenset(members) for members in found.members.values()}


def test_the_same_story_of_several_providers_is_one_cluster():
    found = cluster([item(f"i{place:02}", title, place * HOUR) for place, title in enumerate(TITLES)])
    assert {"i00", "i01", "i02"} <= set(found.members["i00"])
    assert found.members["i06"] == ("i06", "i07", "i08")
    assert found.leader["i09"] == "i09"
    assert found.leader["i10"] == "i10"


def test_two_that_resemble_a_third_are_not_joined_by_it():
    words = ["alpine", "brewery", "closes", "cellar", "distillery", "elects", "farmer"]
    titles = [" ".join(words[:5]), " ".join(words[1:6]), " ".join(words[2:7])]
    policy = Policy(join=0.6)
    chain = [item(f"i{place}", title, place) for place, title in enumerate(titles)]
    assert same_story(chain[0], chain[1], policy)
    assert same_story(chain[1], chain[2], policy)
    assert not same_story(chain[0], chain[2], policy)
    found = cluster(chain, policy=policy)
    assert len(groups(found)) == 1
    assert all(len(members) == 2 for members in found.members.values())


def test_what_was_together_stays_at_a_score_that_would_not_join_it():
    one = item("a", "Author withdraws from festival over oil links")
    other = item("b", "Author pulls out of festival over oil links", 1)
    assert same_story(one, other) is None
    assert cluster([one, other]).members == {}
    assert cluster([one, other], {"a": "a", "b": "a"}).members == {"a": ("a", "b")}


def test_what_no_longer_resembles_at_all_leaves():
    retitled = item("b", "Bridge in Porto shut over cracks", 1)
    found = cluster([item("a", "Author withdraws from festival"), retitled], {"a": "a", "b": "a"})
    assert found.members == {}
    assert found.leader == {"a": "a", "b": "b"}


def test_members_stay_together_when_their_leader_is_gone():
    left = [item("b", TITLES[0], 1), item("c", TITLES[0], 2)]
    assert cluster(left, {"b": "a", "c": "a"}).members == {"b": ("b", "c")}


@pytest.mark.parametrize(
    ("group", "before", "expected"),
    [
        ([item("a", "", 1), item("b", "", 2)], set(), "a"),
        ([item("b", "", 1), item("a", "", 1)], set(), "a"),
        ([item("a", "", 1), item("b", "", 2, quality=1)], set(), "b"),
        ([item("a", "", 1, quality=99), item("b", "", 2, curated=True)], set(), "b"),
        ([item("a", "", 1), item("b", "", 2)], {"b"}, "b"),
        ([item("a", "", 1, quality=84), item("b", "", 2, quality=80)], {"b"}, "b"),
        ([item("a", "", 1, quality=85), item("b", "", 2, quality=80)], {"b"}, "a"),
        ([item("a", "", 1, curated=True), item("b", "", 2, quality=99)], {"b"}, "a"),
        ([item("a", "", 1, quality=99), item("b", "", 2, curated=True)], {"b"}, "b"),
        ([item("a", "", 1, quality=84), item("b", "", 2, quality=80), item("c", "", 3, quality=83)], {"b", "c"}, "c"),
    ],
)
def test_who_leads(group, before, expected):
    assert leads(group, before).id == expected


def test_the_leader_is_shown_first_and_the_others_by_time():
    group = [item("a", TITLES[0], 1), item("b", TITLES[0], 2, curated=True), item("c", TITLES[0], 0)]
    assert cluster(group).members == {"b": ("b", "c", "a")}


def test_a_newcomer_takes_no_lead_from_an_item_that_was_alone():
    known = item("b", TITLES[0], 2, quality=50)
    group = [known, item("a", TITLES[0], 1, quality=52)]
    assert cluster(group).leader["b"] == "a"
    assert cluster(group, cluster([known]).leader).leader["a"] == "b"


def test_nothing_in_nothing_out():
    assert cluster([]).leader == {}


def test_of_many_with_one_word_only_the_nearest_are_looked_at():
    policy = replace(DEFAULT_POLICY, trials=3)
    many = [item(f"{place:03}", f"Volcano erupts number{place}x", place) for place in range(200)]
    found = list(pairs(Readings(many, policy), policy))
    assert len(found) <= 3 * len(many)
    assert all(later - earlier <= policy.postings for earlier, later in found)


def test_what_lies_before_the_window_is_not_looked_at():
    old, new = item("a", TITLES[0], 0), item("b", TITLES[0], 5 * DAY)
    assert list(pairs(Readings([old, new], DEFAULT_POLICY), DEFAULT_POLICY)) == []


QUALITIES = st.one_of(st.none(), st.integers(40, 60))
DRAFTS = st.lists(
    st.tuples(st.sampled_from(TITLES), st.integers(0, 6 * DAY), st.sampled_from("pqrst"), st.booleans(), QUALITIES),
    max_size=14,
)
ITEMS = DRAFTS.map(
    lambda drafts: [
        Candidate(f"i{place:02}", title, "", f"{domain}.example", at, curated, quality)
        for place, (title, at, domain, curated, quality) in enumerate(drafts)
    ]
)


@st.composite
def histories(draw):
    """Items, what is remembered of an earlier run over some of them, and the items in another order."""
    items = draw(ITEMS)
    earlier = [each for each in items if draw(st.booleans())]
    return items, cluster(earlier).leader, draw(st.permutations(items))


@settings(deadline=None)
@given(histories())
def test_the_order_of_items_does_not_matter(history):
    items, remembered, shuffled = history
    assert cluster(shuffled, remembered) == cluster(items, remembered)


@settings(deadline=None)
@given(histories())
def test_clustering_again_changes_nothing(history):
    items, remembered, _ = history
    found = cluster(items, remembered)
    assert cluster(items, found.leader) == found


@settings(deadline=None)
@given(histories(), st.integers(0, 6 * DAY))
def test_an_unrelated_item_changes_nothing(history, published):
    items, remembered, _ = history
    found = cluster(items, remembered)
    more = cluster([*items, item("zz", "Zebrafish quietly outlast comets", published)], remembered)
    assert more.members == found.members
    assert more.leader == {**found.leader, "zz": "zz"}


@settings(deadline=None)
@given(histories())
def test_every_member_matches_the_first_of_its_cluster(history):
    items, remembered, _ = history
    by_id = {each.id: each for each in items}
    kept = replace(DEFAULT_POLICY, join=DEFAULT_POLICY.stay)
    for members in cluster(items, remembered).members.values():
        first, *others = sorted((by_id[each] for each in members), key=lambda each: (each.published, each.id))
        assert all(same_story(first, other, kept) for other in others)


@settings(deadline=None)
@given(histories())
def test_everyone_is_led_by_one_of_the_same_cluster(history):
    items, remembered, _ = history
    found = cluster(items, remembered)
    assert found.leader.keys() == {each.id for each in items}
    assert {each: leader for leader, group in found.members.items() for each in group} == {
        each: leader for each, leader in found.leader.items() if leader in found.members
    }
    assert all(leader == each for each, leader in found.leader.items() if leader not in found.members)
