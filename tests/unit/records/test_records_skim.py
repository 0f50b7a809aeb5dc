"""Leaving a block out must never change what the rest says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Problem
from feeds.records import parse
from feeds.records.skim import skim

CUTS = [
    ("title: A\nrelated:\n  - b\n  - c\nurl: d\n", "title: A\nurl: d\n"),
    ("related:\n- b\n- c\nurl: d\n", "url: d\n"),
    ("title: A\nrelated:\n\n  # why\n  - b\n\n", "title: A\n"),
    ("title: A\nrelated:\n", "title: A\n"),
    ("title: A\nrelated: []\nurl: d\n", "title: A\nrelated: []\nurl: d\n"),
    ("related: [\n{a: b}]\n", "related: [\n{a: b}]\n"),
    ("x:\n  related:\n    - b\n", "x:\n  related:\n    - b\n"),
    ("related_to:\n  - b\n", "related_to:\n  - b\n"),
    ("related:\n  - b\n--- # next\ntitle: A\n", "--- # next\ntitle: A\n"),
    ("title: A\n", "title: A\n"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), CUTS)
def test_what_is_left(text, expected):
    assert skim(text, "related") == expected


LINES = st.sampled_from(
    [
        "title: A",
        "excerpt: |",
        "excerpt: b",
        "  related:",
        "related:",
        "related: []",
        "related: [",
        "  - title: C",
        "    published: false",
        "- title: D",
        "]",
        "# related:",
        "",
        "published: false",
        "heat: &h 1",
        "quality: *h",
        "  - &h x",
        "--- # next",
        "{",
        "}",
        "secured: x",
    ]
)


@given(st.lists(LINES, max_size=8))
def test_a_text_that_reads_whole_reads_the_same_skimmed(lines):
    data = "\n".join(("---", "webUrl: u", *lines, "---", "")).encode()
    whole, skimmed = parse(data, "r.md", ".md"), parse(data, "r.md", ".md", related=False)
    if isinstance(whole, Problem):
        return
    assert not isinstance(skimmed, Problem)
    seen, left = whole.record, skimmed.record
    assert (left.title, left.excerpt, left.held, left.heat) == (seen.title, seen.excerpt, seen.held, seen.heat)


@given(st.binary(max_size=200), st.sampled_from([".md", ".yaml", ".json"]), st.booleans())
def test_no_bytes_are_too_bad(data, ending, related):
    marked = b"---\n" + data + b"\n---\n"
    for given_bytes in (data, marked):
        parsed = parse(given_bytes, "r.md", ending, related=related)
        assert isinstance(parsed, Problem) or parsed.place(("title",)) >= (1, 1)
