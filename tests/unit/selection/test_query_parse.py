"""Queries to trees, and what is said of those that cannot be read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.selection.query import Query, QueryError, parse_query
from feeds.selection.query.parse import DEEPEST, FIELDS, LONGEST
from feeds.selection.query.syntax import Any as Either
from feeds.selection.query.syntax import Condition, Node, Not, conditions

HOUR, DAY, WEEK = 3_600, 86_400, 604_800


def shape(node: Node) -> str:
    """Return a tree with a parenthesis around each group."""
    match node:
        case Condition():
            return node.text
        case Not():
            return f"not {shape(node.part)}"
        case _:
            return f"({(' or ' if isinstance(node, Either) else ' and ').join(map(shape, node.parts))})"


SHAPES = [
    ("", "()"),
    (" \n ", "()"),
    ("a", "a"),
    ("a b", "(a and b)"),
    ("a and b c", "(a and b and c)"),
    ("a or b and c", "(a or (b and c))"),
    ("a b or c d", "((a and b) or (c and d))"),
    ("(a or b) c", "((a or b) and c)"),
    ("not a b", "(not a and b)"),
    ("not a or b", "(not a or b)"),
    ("not (a or b)", "not (a or b)"),
    ("not not a", "not not a"),
    ("-a -b", "(not a and not b)"),
    ("-(a b)", "not (a and b)"),
    ("--a", "not not a"),
    ('-"a b"', 'not "a b"'),
    ("a AND b OR NOT c", "((a and b) or not c)"),
    ('a "and" b', '(a and "and" and b)'),
    ('"or" "not"', '("or" and "not")'),
    ("top-ai", "top-ai"),
    ("-topic:ai,law", "not topic:ai,law"),
    ("topic : ai , law kind:video", "(topic : ai , law and kind:video)"),
    ("a(b)", "(a and b)"),
    ("((a))", "a"),
    ("a\nor\tb", "(a or b)"),
]


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_what_binds_to_what(text: str, expected: str) -> None:
    assert shape(parse_query(text).root) == expected


CONDITIONS = [
    ("Museum", Condition("text", "Museum", (" museum ",))),
    ('"Facial  recognition!"', Condition("text", '"Facial  recognition!"', (" facial recognition ",))),
    ("text:it's", Condition("text", "text:it's", (" it s ",))),
    ("TITLE:Robot,car", Condition("title", "TITLE:Robot,car", (" robot ", " car "))),
    ('topic:ai,"Computer Vision"', Condition("topic", 'topic:ai,"Computer Vision"', ("ai", "Computer Vision"))),
    ("topic:and", Condition("topic", "topic:and", ("and",))),
    ('provider:" Reuters "', Condition("provider", 'provider:" Reuters "', ("Reuters",))),
    ("kind:Video", Condition("kind", "kind:Video", ("video",))),
    ("language:de-AT", Condition("language", "language:de-AT", ("de-at",))),
    ("link:Dead,moved", Condition("link", "link:Dead,moved", ("dead", "moved"))),
    ("has:image,text", Condition("has", "has:image,text", ("image", "text"))),
    ("quality >= 60", Condition("quality", "quality >= 60", sign=">=", number=60)),
    ("heat=0", Condition("heat", "heat=0", sign="=", number=0)),
    ("age < 7d", Condition("age", "age < 7d", ages=((0, 7 * DAY),))),
    ("age <= 12H", Condition("age", "age <= 12H", ages=((0, 12 * HOUR + 1),))),
    ("age > 2w", Condition("age", "age > 2w", ages=((2 * WEEK + 1, None),))),
    ("age >= 1d", Condition("age", "age >= 1d", ages=((DAY, None),))),
    ("age >= 0h", Condition("age", "age >= 0h", ages=((0, None),))),
    ("age < 0h", Condition("age", "age < 0h")),
]


@pytest.mark.parametrize(("text", "expected"), CONDITIONS)
def test_one_condition(text: str, expected: Condition) -> None:
    assert parse_query(text).root == expected


def test_every_field_is_in_the_table() -> None:
    assert {expected.field for _, expected in CONDITIONS} == {*FIELDS}


ALL_FIELDS = "topic, provider, kind, language, link, title, text, has, quality, heat, age"
MISSING = "a condition is missing {}; write one, such as topic:ai"
NUMBER = "quality is compared with a whole number, such as quality >= 60"
AGE = "an age is a number of hours, days or weeks: 12h, 7d or 2w"
FOREIGN = "'{}' means nothing here; {}, or put text that holds it in quotes"
ERRORS = [
    # parentheses
    ("(", 2, MISSING.format("at the end")),
    ("(a or b", 1, "this parenthesis is never closed; add a )"),
    ("a (b (c)", 3, "this parenthesis is never closed; add a )"),
    ("a b)", 4, "this parenthesis was never opened; remove it, or add a ( before"),
    (")", 1, "this parenthesis was never opened; remove it, or add a ( before"),
    ("(a) )b", 5, "this parenthesis was never opened; remove it, or add a ( before"),
    ("()", 2, MISSING.format("before this parenthesis")),
    ("(a and)", 7, MISSING.format("before this parenthesis")),
    # and, or, not
    ("a and", 6, MISSING.format("at the end")),
    ("not", 4, MISSING.format("at the end")),
    ("And a", 1, "nothing stands before or after this 'And'; to look for the word, write \"And\""),
    ("a or or b", 6, "nothing stands before or after this 'or'; to look for the word, write \"or\""),
    # words and values
    ('a "b c', 3, 'this phrase has no end; close it with another "'),
    ("a - b", 3, "'-' has no letter or digit to look for"),
    ('title:robot,"?!"', 13, "'?!' has no letter or digit to look for"),
    ("ai, law", 3, "',' cannot stand here; text that holds it needs quotes"),
    ("topic:", 7, "topic: needs a value here, such as ai"),
    ("topic:ai, and:", 14, "':' cannot stand here; text that holds it needs quotes"),
    ('provider:""', 10, "provider: needs a value here, such as reuters.com"),
    ("kind:video,", 12, "kind: needs a value here, such as video"),
    ("topic:-ai", 7, "topic: needs a value here, and what it must not be is -topic:ai"),
    # signs of other languages
    ("ai && law", 4, FOREIGN.format("&&", "write and instead")),
    ("ai | law", 4, FOREIGN.format("|", "write or instead")),
    ("ai !law", 4, FOREIGN.format("!", "write not instead")),
    ("quality ≥60", 9, FOREIGN.format("≥", "write >= instead")),
    ("language:*", 10, FOREIGN.format("*", "leave it out")),
    ("comput*", 1, "'comput*': words are found whole, '*' stands for nothing; leave it out, or use quotes"),
    # fields
    ("a and qualty >= 60", 7, "'qualty' is nothing to ask for; did you mean quality?"),
    ("Topics:ai", 1, "'Topics' is nothing to ask for; did you mean topic?"),
    ("zzz:1", 1, f"'zzz' is nothing to ask for; there are {ALL_FIELDS}; text with a : needs quotes"),
    ("quality:60", 8, "quality is compared, not listed; write it like quality >= 60"),
    ("age:7d", 4, "age is compared, not listed; write it like age < 7d"),
    ("topic > 3", 7, "topic is listed, not compared; write it like topic:ai"),
    ("has:images", 5, "has is never 'images'; did you mean image?"),
    (
        "link:zzz",
        6,
        "link is never 'zzz'; it is one of unknown, ok, moved, suspect, dead, blocked, excluded",
    ),
    # numbers
    ("quality >= high", 12, NUMBER),
    ("quality >", 10, NUMBER),
    ("quality => 60", 10, NUMBER),
    ("quality > -5", 11, NUMBER),
    ("quality > 1.5", 11, NUMBER),
    ("quality > ٣", 11, NUMBER),
    ("quality > 1234567890", 11, NUMBER),
    ("age < 7", 7, AGE),
    ("age < 7 d", 7, AGE),
    ("age < 7m", 7, AGE),
    ("age < 1234567d", 7, AGE),
    ("age = 7d", 5, "no item stays at one age; write age < 7d, or age >= 7d"),
    # bounds
    ("a" * (LONGEST + 1), LONGEST + 1, "a query is at most 2,000 characters long, and this one has 2,001"),
    ("(" * 51 + "a" + ")" * 51, 52, "this is nested more than 50 deep; make it simpler"),
    ("not " * 51 + "a", 205, "this is nested more than 50 deep; make it simpler"),
]


@pytest.mark.parametrize(("text", "column", "message"), ERRORS)
def test_a_fault_says_what_where_and_how_to_cure_it(text: str, column: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.column, caught.value.message) == (column, message)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["a " * (LONGEST // 2), "(" * DEEPEST + "a" + ")" * DEEPEST, "-" * DEEPEST + "a"])
def test_the_longest_and_the_deepest_can_be_read(text: str) -> None:
    assert {each.text for each in conditions(parse_query(text).root)} == {"a"}


PIECES = st.sampled_from(
    ["(", ")", "-", '"', ":", ",", "<", ">=", "=", " ", "and", "or", "not", "60", "7d", "\n", "é", *FIELDS]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map(" ".join)))
@example("\ud800")
@example("topic:\x00")
def test_whatever_is_written_there_is_a_tree_or_a_fault_in_it(text: str) -> None:
    first, second = outcome(text), outcome(text)
    assert first == second
    assert isinstance(first, Query) or (1 <= first[0] <= len(text) + 1 and first[1])


def outcome(text: str) -> Query | tuple[int, str]:
    try:
        return parse_query(text)
    except QueryError as error:
        return error.column, error.message


@pytest.mark.parametrize(
    ("text", "bounds", "links"),
    [
        ("", (), False),
        ("topic:ai link:dead", (), True),
        ("age < 7d or not (age > 2d and link:ok)", (2 * DAY + 1, 7 * DAY), True),
        ("age < 1d or age >= 24h", (DAY,), False),
        ("age >= 0h", (), False),
    ],
)
def test_a_query_tells_what_else_its_answer_hangs_on(text: str, bounds: tuple[int, ...], links: bool) -> None:
    query = parse_query(text)
    assert (query.bounds, query.asks_links) == (bounds, links)
