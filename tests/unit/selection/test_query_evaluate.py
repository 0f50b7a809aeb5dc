"""What a query finds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.item import Enclosure, Image, Provider, Story
from feeds.model.taxonomy import ProviderEntry, Taxonomy, TopicEntry
from feeds.selection.query import ALWAYS, NEVER, Facts, Query, ages, decode, encode, holds, matches, parse_query
from feeds.selection.query import resolved as resolve
from feeds.selection.query.syntax import All, Condition, Node, Not

DAY = 86_400
STORY = Story(
    title="Ein Café der Straße: ROBOTS' law",
    summary="Museum opens. हिन्दी की किताब",
    link="https://a.example/1",
    kind="Video",
    provider=Provider("City Museum", "museum.example"),
    topics=("Computer Vision",),
    images=(Image("https://a.example/1.jpg"),),
    quality=60,
)
FACTS = Facts(STORY, frozenset({"computer vision", "science"}), "de-AT", "moved")

FOUND = [
    ("", True),
    # topics: folded, with those that take the story in
    ('topic:"computer  VISION"', True),
    ("topic:Science", True),
    ("topic:law", False),
    ("topic:law,science", True),
    ("topic:computer", False),
    # providers
    ("provider:museum.example", True),
    ("provider:MUSEUM.example", True),
    ('provider:"city museum"', True),
    ("provider:city", False),
    ("provider:www.museum.example", False),
    ("provider:other.example,museum.example", True),
    # kinds, languages, links
    ("kind:video", True),
    ("kind:article", False),
    ("kind:article,VIDEO", True),
    ("language:de", True),
    ("language:DE-at", True),
    ("language:de-CH", False),
    ("language:d", False),
    ("language:en,de", True),
    ("link:moved", True),
    ("link:ok,dead", False),
    # words: whole, in any case and any form, in a row, never from the title into the summary
    ("robots", True),
    ("robot", False),
    ("straße", True),
    ("STRASSE", True),
    ("cafe", False),
    ("cafe\u0301", True),
    ('"der strasse"', True),
    ('"strasse der"', False),
    ('"strasse, robots"', True),
    ("museum", True),
    ("title:museum", False),
    ("title:robots,museum", True),
    ("text:museum", True),
    ('"law museum"', False),
    ("की", True),
    ("का", False),
    ("क", False),
    # numbers
    ("quality >= 60", True),
    ("quality > 60", False),
    ("quality <= 60", True),
    ("quality < 60", False),
    ("quality = 60", True),
    ("heat < 5", False),
    ("heat >= 0", False),
    ("not heat >= 0", True),
    # parts
    ("has:image", True),
    ("has:enclosure", False),
    ("has:text", False),
    ("has:text,image", True),
    # together
    ("museum robots", True),
    ("museum and absent", False),
    ("museum or absent", True),
    ("absent or not absent", True),
    ("museum -robots", False),
    ("absent or museum and robots", True),
    ("(absent or museum) and absent", False),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_what_is_found(text: str, expected: bool) -> None:
    query = parse_query(text)
    assert ages(query, FACTS) == (ALWAYS if expected else NEVER)
    assert matches(query, FACTS, 0) is expected
    assert matches(parse_query(f"not ({text})"), FACTS, 0) is not expected if text else True


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"enclosure": Enclosure("https://a.example/1.mp3", "audio/mpeg")}, "has:enclosure"),
        ({"content": "<p>All of it.</p>"}, "has:text"),
        ({"heat": 0}, "heat < 1"),
        ({"provider": Provider("Ünïted Presß", "")}, 'provider:"ÜNÏTED PRESSS"'),
        ({"title": "", "summary": ""}, "not museum"),
        ({"kind": ""}, "-kind:video"),
    ],
)
def test_what_another_story_has(change: dict[str, object], text: str) -> None:
    assert matches(parse_query(text), replace_story(change), 0)
    assert not matches(parse_query(text), FACTS, 0)


def replace_story(change: dict[str, object]) -> Facts:
    return Facts(replace(STORY, **change), FACTS.topics, FACTS.language)  # type: ignore[arg-type]


def test_nothing_is_known_of_a_page_nobody_asked() -> None:
    assert matches(parse_query("link:unknown"), Facts(STORY, frozenset(), "en"), 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age < 7d", ((0, 7 * DAY),)),
        ("robots age < 7d", ((0, 7 * DAY),)),
        ("absent age < 7d", NEVER),
        ("absent or age < 7d", ((0, 7 * DAY),)),
        ("robots or age < 7d", ALWAYS),
        ("age >= 1d age < 7d", ((DAY, 7 * DAY),)),
        ("age < 1d or age >= 7d", ((0, DAY), (7 * DAY, None))),
        ("not age < 7d", ((7 * DAY, None),)),
        ("age < 7d age > 7d", NEVER),
        ("age < 7d or age >= 168h", ALWAYS),
        ("-(age < 1d or quality > 60 or age >= 1w)", ((DAY, 7 * DAY),)),
    ],
)
def test_at_which_ages(text: str, expected: object) -> None:
    assert ages(parse_query(text), FACTS) == expected


TESTS = ["robots", "absent", "age < 7d", "age <= 2d", "age > 2d", "age >= 9d", "quality > 1", "heat > 1"]
QUERIES = st.recursive(
    st.sampled_from(TESTS),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map("({0[0]} {0[1]} {0[2]})".format),
    ),
    max_leaves=8,
)
EDGES = sorted({max(0, day * DAY + off) for day in (0, 2, 7, 9) for off in (-1, 0, 1)})


def simply(node: Node, age: int) -> bool:
    """Return the answer at one age, without spans."""
    match node:
        case Condition(field="age"):
            return holds(node.ages, age)
        case Condition():
            return matches(Query(node), FACTS, 0)
        case Not():
            return not simply(node.part, age)
        case All():
            return all(simply(part, age) for part in node.parts)
        case _:
            return any(simply(part, age) for part in node.parts)


@given(QUERIES)
def test_the_ages_are_those_at_which_the_query_holds(text: str) -> None:
    query = parse_query(text)
    found = ages(query, FACTS)
    assert [holds(found, age) for age in EDGES] == [simply(query.root, age) for age in EDGES]
    assert decode(encode(found)) == found
    assert {edge for span in found for edge in span if edge} <= set(query.bounds)


VISION = TopicEntry("Computer Vision", "computer-vision", ("CV", "Seeing"))
MUSEUM = ProviderEntry("City Museum", "museum.example", ("old.example", "The Museum"))
TAXONOMY = Taxonomy(
    {"computer vision": VISION, "cv": VISION, "seeing": VISION},
    {"museum.example": MUSEUM, "old.example": MUSEUM, "the museum": MUSEUM},
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("topic:cv,law", ("Computer Vision", "law")),
        ("not topic:SEEING", ("Computer Vision",)),
        ("topic:law or topic:cv", ("law", "Computer Vision")),
        ("(provider:Old.Example kind:video)", ("museum.example", "video")),
        ('provider:"THE museum","City Museum"', ("museum.example", "City Museum")),
        ("title:cv", (" cv ",)),
    ],
)
def test_other_names_stand_for_the_main_one(text: str, values: tuple[str, ...]) -> None:
    found = resolve(parse_query(text), TAXONOMY)
    assert tuple(value for each in leaves(found.root) for value in each.values) == values
    assert found.text == text


def leaves(node: Node) -> list[Condition]:
    match node:
        case Condition():
            return [node]
        case Not():
            return leaves(node.part)
        case _:
            return [each for part in node.parts for each in leaves(part)]


def test_a_story_is_found_by_another_name() -> None:
    for text in ("topic:cv", "provider:old.example", 'provider:"the museum"'):
        query = parse_query(text)
        assert not matches(query, FACTS, 0)
        assert matches(resolve(query, TAXONOMY), FACTS, 0)
