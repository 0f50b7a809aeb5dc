"""What is written and what is deleted."""

import pytest

from feeds.model import Artifact
from feeds.publish import digest, plan

ONE, TWO = Artifact("ai.rss", b"1"), Artifact("ai.json", b"2")
NEW = {artifact.path: digest(artifact.body) for artifact in (ONE, TWO)}

PLANS = [
    ("nothing", (), {}, (), (), (), 0),
    ("all new", (ONE, TWO), {}, (), (ONE, TWO), (), 0),
    ("all as before", (ONE, TWO), NEW, (), (), (), 2),
    ("one changed", (ONE, TWO), {**NEW, "ai.rss": "other"}, (), (ONE,), (), 1),
    ("one more", (ONE, TWO), {"ai.rss": NEW["ai.rss"]}, (), (TWO,), (), 1),
    ("one less", (ONE,), NEW, (), (), ("ai.json",), 1),
    ("all gone, in order", (), {"b": "x", "a": "y"}, (), (), ("a", "b"), 0),
    ("one renamed", (TWO,), {"ai.old": NEW["ai.json"]}, (), (TWO,), ("ai.old",), 0),
    ("one damaged", (ONE, TWO), NEW, ("ai.rss",), (ONE,), (), 1),
    ("damage to a file of another feed", (ONE,), {"ai.rss": NEW["ai.rss"]}, ("law.rss",), (), (), 1),
    ("one damaged and unwanted", (ONE,), NEW, ("ai.json",), (), ("ai.json",), 1),
]


@pytest.mark.parametrize(
    ("wanted", "published", "damaged", "write", "delete", "kept"), [r[1:] for r in PLANS], ids=[r[0] for r in PLANS]
)
def test_what_is_to_be_done(wanted, published, damaged, write, delete, kept):
    todo = plan(wanted, published, frozenset(damaged))
    assert (todo.write, todo.delete, todo.kept) == (write, delete, kept)
    assert todo.manifest == {artifact.path: digest(artifact.body) for artifact in wanted}


def test_a_digest_is_that_of_the_bytes():
    assert digest(b"1") == digest(b"1") != digest(b"2")
