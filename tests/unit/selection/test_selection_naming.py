"""What a feed is called, and which feeds a story names."""

import pytest

from feeds.model import FeedSpec, Provider, ProviderEntry, Site, Story, Taxonomy, TopicEntry, WindowRow
from feeds.selection import Carrier, Lineup, carriers, feed_spec

SITE = Site("https://feeds.example.org/", "Site", "About it", image="https://feeds.example.org/site.png")
TAXONOMY = Taxonomy(
    {"ai": TopicEntry("AI", "ai", description="Machines", image="https://feeds.example.org/ai.png")},
    {"reuters.com": ProviderEntry("Reuters", "reuters.com")},
)


def labelled(*labels: str) -> list[WindowRow]:
    return [WindowRow(str(place), 1, 1, "d", label) for place, label in enumerate(labels)]


NAMES = [
    ("all", "", (), "", "Site"),
    ("topic", "ai", ("a.i.", "a.i."), "", "AI – Site"),
    ("topic", "ai", (), "Old – Site", "AI – Site"),
    ("topic", "law", ("Law", "LAW", "Law"), "", "Law – Site"),
    ("topic", "law", ("Law", "LAW"), "", "LAW – Site"),
    ("topic", "law", (), "Law – Site", "Law – Site"),
    ("topic", "law", (), "", "law – Site"),
    ("provider", "reuters.com", ("Thomson", "Thomson"), "", "Reuters – Site"),
    ("provider", "x.com", ("X", "X", "Ex"), "", "X – Site"),
    ("provider", "x.com", ("X", "Ex"), "", "x.com – Site"),
    ("provider", "x.com", ("X", "Ex", "Xx"), "", "x.com – Site"),
    ("provider", "x.com", (), "X – Site", "X – Site"),
    ("provider", "x.com", (), "", "x.com – Site"),
]


@pytest.mark.parametrize(("kind", "ref", "labels", "before", "title"), NAMES)
def test_what_a_feed_is_called(kind, ref, labels, before, title):
    assert feed_spec(kind, ref, "key", before, labelled(*labels), TAXONOMY, SITE).title == title


@pytest.mark.parametrize("labels", [("A", "B", "B", "A"), ("B", "A", "A", "B")])
def test_the_order_of_items_names_no_feed(labels):
    assert feed_spec("topic", "x", "key", "", labelled(*labels), TAXONOMY, SITE).title == "A – Site"


def test_a_feed_is_described_and_pictured_as_the_taxonomy_has_it_else_as_the_site():
    image = "https://feeds.example.org/ai.png"
    assert feed_spec("topic", "ai", "topics/ai", "", (), TAXONOMY, SITE) == FeedSpec(
        "topics/ai", "topic", "AI – Site", "Machines", image
    )
    assert feed_spec("provider", "reuters.com", "p/r", "", (), TAXONOMY, SITE) == FeedSpec(
        "p/r", "provider", "Reuters – Site", "The newest of Reuters from Site.", SITE.image
    )
    assert feed_spec("all", "", "all", "", (), TAXONOMY, SITE) == FeedSpec("all", "all", "Site", "About it", SITE.image)


STORY = Story("T", "", "", "article", Provider("Reuters", "reuters.com"), ("AI", "Künstliche Intelligenz"))
EVERYTHING = Carrier("all", "", "")
TOPICS = (Carrier("topic", "ai", "AI"), Carrier("topic", "künstliche intelligenz", "Künstliche Intelligenz"))
PROVIDER = Carrier("provider", "reuters.com", "Reuters")


def test_which_feeds_carry_a_story():
    assert carriers(STORY, Lineup()) == (EVERYTHING, *TOPICS, PROVIDER)
    assert carriers(STORY, Lineup(topics=False)) == (EVERYTHING, PROVIDER)
    assert carriers(STORY, Lineup(providers=False)) == (EVERYTHING, *TOPICS)
    assert carriers(STORY, Lineup(topics=False, providers=False)) == (EVERYTHING,)


def test_a_feed_carries_a_story_once_and_nobody_has_no_feed():
    nameless = Story("T", "", "", "article", Provider("Somebody", ""), ("AI", "ai"))
    assert [(carrier.kind, carrier.ref) for carrier in carriers(nameless, Lineup())] == [("all", ""), ("topic", "ai")]
