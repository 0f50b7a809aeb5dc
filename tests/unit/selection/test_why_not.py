"""What is told of an item that a custom feed does not ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.item import Provider, Story
from feeds.selection.query import Facts, matches, parse_query, why_not

DAY = 86_400
STORY = Story(
    "A robot law", "Words", "https://a.example/1", "article", Provider("Reuters", "reuters.com"), ("Law",), quality=42
)
FACTS = Facts(STORY, frozenset({"law"}), "en", "ok")
SAID = [
    ("topic:law and quality >= 40", ""),
    ("", ""),
    ("topic:law and quality >= 60 and kind:video", "quality >= 60 is not met: 42"),
    ("quality >= 60 topic:ai", "quality >= 60 is not met: 42"),
    ("topic:ai", "topic:ai is not met: Law"),
    ("provider:bbc.com", "provider:bbc.com is not met: reuters.com"),
    ("kind:video", "kind:video is not met: article"),
    ("language:de", "language:de is not met: en"),
    ("link:dead", "link:dead is not met: ok"),
    ("heat > 3", "heat > 3 is not met: it has none"),
    ("age < 7d", "age < 7d is not met: it is 8.0 days old"),
    ("has:image", "has:image is not met: it has none"),
    ("title:robots", "title:robots is not met: it does not say so"),
    ("not topic:law", "it must not be topic:law"),
    ("-(topic:law or kind:video)", "it must not be (topic:law or kind:video)"),
    ("topic:law and (kind:video or heat > 3)", "kind:video is not met: article and heat > 3 is not met: it has none"),
]


@pytest.mark.parametrize(("query", "said"), SAID)
def test_the_first_part_that_says_no_is_told_with_what_the_item_has(query: str, said: str) -> None:
    assert why_not(parse_query(query), FACTS, 8 * DAY) == said


TESTS = ["topic:law", "topic:ai", "age < 7d", "age > 2d", "quality > 1", "heat > 1", "title:robot"]
QUERIES = st.recursive(
    st.sampled_from(TESTS),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map("({0[0]} {0[1]} {0[2]})".format),
    ),
    max_leaves=6,
)


@given(QUERIES, st.integers(0, 10 * DAY))
def test_there_is_a_reason_exactly_where_the_query_does_not_hold(text: str, age: int) -> None:
    query = parse_query(text)
    assert (why_not(query, FACTS, age) == "") == matches(query, FACTS, age)
