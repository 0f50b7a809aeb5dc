"""Which feeds carry a story: by its topics, by wider ones, and by queries."""

from dataclasses import replace

import pytest

from feeds.model.item import Provider, Story
from feeds.model.taxonomy import Taxonomy, TopicEntry
from feeds.selection.carriers import Carrier, Lineup, carriers, facts_of, wider
from feeds.selection.custom import CustomFeed
from feeds.selection.query import parse_query

DAY = 86_400
STORY = Story("A robot law", "", "https://a.example/1", "article", Provider("News", "news.example"), ("Vision",))


def topic(name: str, parent: str = "", *, takes_in: bool = False) -> TopicEntry:
    return TopicEntry(name, name.lower(), parent=parent, include_children=takes_in)


def taxonomy(*entries: TopicEntry) -> Taxonomy:
    return Taxonomy({entry.name.lower(): entry for entry in entries})


# Everything > Science > AI > Vision; AI takes nothing in
TREE = taxonomy(
    topic("Vision", "AI"),
    topic("AI", "Science"),
    topic("Law", "Science"),
    topic("Science", "Everything", takes_in=True),
    topic("Everything", takes_in=True),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vision", ["Science", "Everything"]),
        ("AI", ["Science", "Everything"]),
        ("Science", ["Everything"]),
        ("Everything", []),
        ("Unlisted", []),
    ],
)
def test_wider_topics_take_in_what_is_below_them_at_any_depth(name: str, expected: list[str]) -> None:
    assert list(wider(name, TREE)) == expected


def test_a_wider_topic_carries_a_story_once_and_its_own_topics_come_first() -> None:
    story = replace(STORY, topics=("Vision", "Law", "Everything"))
    found = [(each.ref, each.via) for each in carriers(story, Lineup(TREE)) if each.kind == "topic"]
    assert found == [("vision", ""), ("law", ""), ("everything", ""), ("science", "Vision")]


def test_a_query_knows_the_wider_topics_and_the_language_of_the_site() -> None:
    facts = facts_of(STORY, Lineup(TREE, language="de"))
    assert (facts.topics, facts.language, facts.link) == ({"vision", "science", "everything"}, "de", "unknown")
    facts = facts_of(replace(STORY, language="fr"), Lineup(TREE, language="de"), "dead")
    assert (facts.language, facts.link) == ("fr", "dead")


def custom(name: str, query: str, **more: object) -> CustomFeed:
    return CustomFeed(name, "", "", "", parse_query(query), **more)  # type: ignore[arg-type]


QUERIES = [
    ("", ""),
    ("topic:science", ""),
    ("topic:ai", None),  # it takes nothing in
    ("age < 7d", "0-604800"),
    ("topic:science age >= 1d", "86400-"),
    ("topic:ai age < 7d", None),
    ("age < 1d age > 1d", None),
    ("link:dead", ""),
    ("link:ok", None),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_custom_feed_carries_what_its_query_finds_at_any_age(query: str, expected: str | None) -> None:
    lineup = Lineup(TREE, topics=False, providers=False, custom=(custom("mine", query),))
    places = [] if expected is None else [Carrier("custom", "mine", "", ages=expected)]
    assert carriers(STORY, lineup, "dead") == (Carrier("all", "", ""), *places)


def test_a_place_in_a_custom_feed_tells_its_bonus() -> None:
    feeds = (custom("by-heat", "", sort="heat", half_life=DAY), custom("new", "", half_life=DAY))
    found = carriers(replace(STORY, heat=8, quality=90), Lineup(custom=feeds))
    assert {each.ref: each.bonus for each in found if each.kind == "custom"} == {"by-heat": 3 * DAY, "new": 0}


def test_a_story_that_follows_another_is_in_no_custom_feed() -> None:
    story = replace(STORY, follows="another")
    assert [each.kind for each in carriers(story, Lineup(TREE, custom=(custom("mine", ""),)))] == ["provider"]
