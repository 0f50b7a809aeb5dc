"""The labelled headlines of the benchmark: what the thresholds were chosen for stays true."""

import json
from pathlib import Path

import pytest

from feeds.clusters.candidate import HOUR, Candidate
from feeds.clusters.likeness import same_story

PAIRS = Path(__file__).resolve().parents[3] / "bench" / "headlines" / "pairs.jsonl"
ROWS = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


def matched(row):
    one = Candidate("a", row["a"], row.get("a_summary", ""), "a.example", 0)
    return same_story(
        one, Candidate("b", row["b"], row.get("b_summary", ""), row.get("b_domain", "b.example"), 6 * HOUR)
    )


def test_there_are_enough_pairs_and_none_twice():
    assert len(ROWS) >= 300
    assert len({frozenset((row["a"], row["b"], str(row.get("a_summary")))) for row in ROWS}) == len(ROWS)


def test_precision_and_recall_on_all_pairs():
    found = [row["same"] for row in ROWS if matched(row)]
    near = [matched(row) is not None for row in ROWS if row["same"] and row["made"] != "retold"]
    assert sum(found) / len(found) >= 0.98
    assert sum(near) / len(near) >= 0.88


@pytest.mark.parametrize(
    "made", ["verbatim", "agency mark", "case", "signs", "order", "tense", "number form", "attribution", "wire lead"]
)
def test_what_agencies_do_to_a_title_hides_nothing(made):
    kept = [matched(row) is not None for row in ROWS if row["made"] == made]
    assert sum(kept) >= len(kept) - 1


@pytest.mark.parametrize(
    "made", ["series", "numbers", "names", "generic", "translation", "form of piece", "boilerplate", "real, one topic"]
)
def test_what_only_looks_alike_is_not_joined(made):
    assert [(row["a"], row["b"]) for row in ROWS if row["made"] == made and matched(row)] == []
