"""The `custom_feeds` settings: what is wrong with them, and where it is written."""

import json
from pathlib import Path

import pytest

from feeds.app.custom import custom_feeds
from feeds.config.custom_settings import LONGEST_HALF_LIFE, RESERVED
from feeds.config.load import load
from feeds.errors import ConfigError
from feeds.model.item import Provider, Story
from feeds.selection.custom import CustomFeed
from feeds.selection.query import parse_query
from feeds.selection.score import GREATEST, bonus

HERE = "config/feeds.yaml"
HEAD = "base_url: https://feeds.example.org/\nsite: {title: Site}\ncustom_feeds:\n"
DAY = 86_400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "records").mkdir()
    return tmp_path


def faults(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    (folder / HERE).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(None, {}, environ or {}, folder)
    return list(caught.value.faults)


LIKE = "'qualty' is nothing to ask for; did you mean quality?"


def told(place: str, character: int, message: str, number: int = 0) -> str:
    return f"{place}: custom_feeds[{number}].query: character {character} of the query: {message}"


PLACES = {
    "plain": ("  - name: a\n    query: topic:ai qualty > 1\n", told(f"{HERE}:5:21", 10, LIKE)),
    "in single quotes": ("  - name: a\n    query: 'topic:ai qualty > 1'\n", told(f"{HERE}:5:22", 10, LIKE)),
    "in double quotes": ('  - {name: a, query: "topic:ai qualty > 1"}\n', told(f"{HERE}:4:32", 10, LIKE)),
    "first on the line": ("  - query:   qualty > 1\n    name: a\n", told(f"{HERE}:4:14", 1, LIKE)),
    "after letters of several bytes": ("  - name: a\n    query: äöü€😀 qualty > 1\n", told(f"{HERE}:5:18", 7, LIKE)),
    # where characters stand for others, the text as a whole is named
    "with escapes": ('  - name: a\n    query: "a\\tb qualty > 1"\n', told(f"{HERE}:5:12", 5, LIKE)),
    "with doubled quotes": ("  - name: a\n    query: 'it''s qualty > 1'\n", told(f"{HERE}:5:12", 6, LIKE)),
    "over several lines": ("  - name: a\n    query: topic:ai\n      qualty > 1\n", told(f"{HERE}:5:12", 10, LIKE)),
    "a block": ("  - name: a\n    query: |\n      topic:ai\n      qualty > 1\n", told(f"{HERE}:5:12", 10, LIKE)),
    "a folded block": (
        "  - name: a\n    query: >-\n      topic:ai\n      qualty > 1\n",
        told(f"{HERE}:5:12", 10, LIKE),
    ),
    "the second of two": (
        "  - name: a\n  - name: b\n    query: (ai\n",
        told(f"{HERE}:6:12", 1, "this parenthesis is never closed; add a )", 1),
    ),
    "at the end": (
        "  - name: a\n    query: ai and\n",
        told(f"{HERE}:5:18", 7, "a condition is missing at the end; write one, such as topic:ai"),
    ),
}


@pytest.mark.parametrize(("text", "fault"), PLACES.values(), ids=PLACES)
def test_a_fault_in_a_query_is_told_where_it_stands(folder: Path, text: str, fault: str) -> None:
    assert faults(folder, HEAD + text) == [fault]


def test_each_fault_is_told(folder: Path) -> None:
    found = faults(folder, HEAD + "  - name: a\n    query: (\n  - name: index\n    query: qualty > 1\n")
    assert [each.split(" ")[0] for each in found] == [f"{HERE}:5:13:", f"{HERE}:6:11:", f"{HERE}:7:12:"]


def test_a_fault_in_the_environment_names_the_variable(folder: Path) -> None:
    given = {"FEEDS_CUSTOM_FEEDS": json.dumps([{"name": "a", "query": "topic:ai qualty > 1"}])}
    assert faults(folder, HEAD.removesuffix("custom_feeds:\n"), given) == [
        f"environment FEEDS_CUSTOM_FEEDS: custom_feeds[0].query: character 10 of the query: {LIKE}"
    ]


@pytest.mark.parametrize("name", sorted(RESERVED | {"Index", "ALL"}))
def test_names_of_other_files_are_taken(folder: Path, name: str) -> None:
    assert faults(folder, f"{HEAD}  - name: {name}\n") == [
        f"{HERE}:4:11: custom_feeds[0].name: {name!r} is taken by a file of our own; choose another name"
    ]


OTHERS = {
    "no name": ("  - query: ai\n", f"{HERE}:4:5: custom_feeds[0].name: is missing; add it"),
    "a path": (
        "  - name: topics/ai\n",
        f"{HERE}:4:11: custom_feeds[0].name: must be letters, digits, - and _ only, not 'topics/ai'",
    ),
    "one name twice": (
        "  - name: a\n  - name: b\n  - name: A\n",
        (
            f"{HERE}:4:3: custom_feeds: custom_feeds[2] and custom_feeds[0] have the same name 'A'; "
            "give one of them another name"
        ),
    ),
    "an unknown order": (
        "  - name: a\n    sort: best\n",
        f"{HERE}:5:11: custom_feeds[0].sort: must be 'newest', 'score', 'quality' or 'heat', not 'best'",
    ),
    "a number for a query": (
        "  - name: a\n    query: 60\n",
        f"{HERE}:5:12: custom_feeds[0].query: must be text in quotes, not 60",
    ),
    "no items": ("  - name: a\n    limit: 0\n", f"{HERE}:5:12: custom_feeds[0].limit: must be at least 1, not 0"),
    "no share": (
        "  - name: a\n    provider_cap: 0\n",
        f"{HERE}:5:19: custom_feeds[0].provider_cap: must be at least 1, not 0",
    ),
    "misspelt": (
        "  - name: a\n    querry: ai\n",
        f"{HERE}:5:5: custom_feeds[0].querry: unknown key; did you mean query?",
    ),
    "no list": ("  name: a\n", f"{HERE}:4:3: custom_feeds: must be a list such as [a, b], not a group of keys"),
}


@pytest.mark.parametrize(("text", "fault"), OTHERS.values(), ids=OTHERS)
def test_what_else_is_wrong(folder: Path, text: str, fault: str) -> None:
    assert faults(folder, HEAD + text) == [fault]


@pytest.mark.parametrize("days", ["0", "-1", ".nan", ".inf", "2400.5", "4000"])
def test_a_half_life_is_a_number_of_days(folder: Path, days: str) -> None:
    (found,) = faults(folder, f"{HEAD}  - name: a\n    half_life_days: {days}\n")
    assert found.startswith(f"{HERE}:5:21: custom_feeds[0].half_life_days: ")


def read(folder: Path, text: str) -> tuple[CustomFeed, ...]:
    (folder / HERE).write_text(HEAD + text, encoding="utf-8")
    return custom_feeds(load(None, {}, {}, folder))


def test_a_name_is_enough(folder: Path) -> None:
    assert read(folder, "  - name: a\n") == (
        CustomFeed("a", "", "", "", parse_query(""), "newest", 3 * DAY, None, None),
    )


def test_all_that_can_be_said(folder: Path) -> None:
    text = (
        "  - name: top-ai\n    title: Top\n    description: About\n    image: https://a.example/i.png\n"
        "    query: heat > 1\n    sort: score\n    half_life_days: 0.5\n    limit: 9\n    provider_cap: 2\n"
    )
    assert read(folder, text) == (
        CustomFeed(
            "top-ai", "Top", "About", "https://a.example/i.png", parse_query("heat > 1"), "score", DAY // 2, 9, 2
        ),
    )


def test_the_greatest_bonus_of_the_longest_half_life_fits_the_state(folder: Path) -> None:
    (feed,) = read(folder, f"  - name: a\n    sort: score\n    half_life_days: {LONGEST_HALF_LIFE}\n")
    story = Story("A", "", "", "", Provider("", ""), quality=10**9, heat=10**9)
    assert bonus(story, feed.sort, feed.half_life) == GREATEST * feed.half_life < 2**31


def test_names_in_queries_are_the_main_ones(folder: Path) -> None:
    (folder / "config" / "topics.yaml").write_text("topics:\n  - name: Computer Vision\n    aliases: [cv]\n")
    (folder / "config" / "providers.yaml").write_text(
        "providers:\n  - {name: News, domain: news.example, aliases: [old.example]}\n"
    )
    (feed,) = read(folder, "  - name: a\n    query: topic:CV provider:old.example\n")
    root = feed.query.root
    assert [each.values for each in getattr(root, "parts", ())] == [("Computer Vision",), ("news.example",)]
