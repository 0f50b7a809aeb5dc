"""`feeds list`: what it prints. It looks at the state only."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds.cli.list import list_
from feeds.errors import StateError, UsageError
from feeds.items.encoding import encode_sighting, encode_story
from feeds.model import Provider, Sighting, Story
from feeds.store import open_store
from feeds.store.documents import DocumentRow, SightingRow
from feeds.store.feeds import FeedRow
from feeds.store.items import ItemRow, Membership
from feeds.store.links import LinkRow

NOON = 1_612_440_000  # 2021-02-04T12:00:00Z
DAY = 86_400
LATER = 4_000_000_000  # 2096-10-02T07:06:40Z
FILES = '{"%s.rss": "a", "%s.json": "b"}'
REUTERS, MUSEUM = Provider("Reuters", "reuters.com"), Provider("City Museum", "museum.example")
TOPICS = {
    "topics": [
        {"name": "Law", "aliases": ["Justice"]},
        {"name": "Chess"},
        {"name": "Artificial Intelligence", "slug": "ai", "parent": "Law"},
    ]
}


def feed(number: int, kind: str, ref: str, key: str, title: str, **more: Any) -> FeedRow:
    return FeedRow(number, kind, ref, key, title, NOON, 2, "", FILES % (key, key), **more)


FEEDS = (
    feed(1, "all", "", "all", "Site", total=70),
    feed(2, "topic", "law", "topics/law", "Law – Site"),
    feed(3, "topic", "a.i.", "topics/a-i", "A.I. – Site"),
    feed(4, "topic", "robots", "topics/robots", "Robots – Site"),
    feed(5, "topic", "robot", "topics/robot", "Robot – Site"),
    feed(6, "provider", "reuters.com", "providers/reuters.com", "Reuters – Site"),
    feed(7, "provider", "museum.example", "providers/museum.example", "City Museum – Site"),
    replace(feed(8, "topic", "gone", "topics/gone", "Gone – Site"), count=0, updated=None),
    replace(feed(9, "topic", "unmade", "topics/unmade", ""), files="{}"),
)


def story(title: str, provider: Provider, *topics: str, kind: str = "article") -> Story:
    return Story(title, "An excerpt.", f"https://{provider.domain}/{title[0].lower()}", kind, provider, topics)


ITEMS = (
    ("a" * 8, NOON, (1, 2, 6), story("A court rules", REUTERS, "Law")),
    ("b" * 8, NOON - DAY, (1, 3, 5, 6), story("Bots at work", REUTERS, "A.I.", "Robot", kind="video")),
    ("c" * 8, NOON - 2 * DAY, (1, 4, 7), story("Clocks of old", MUSEUM, "Robots")),
    ("d" * 8, LATER, (1, 2, 7), story("Doors open", MUSEUM, "Law")),
)
DEAD = {"c" * 8: "dead"}


def write_state(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    with store.transaction():
        store.feeds.put(FEEDS)
        rows = [
            ItemRow(key, at, at, at, "", "", 1, encode_story(told), DEAD.get(key, "")) for key, at, _, told in ITEMS
        ]
        store.items.put(rows)
        store.items.join(Membership(number, at, key, "") for key, at, feeds, _ in ITEMS for number in feeds)
        page = ITEMS[0][3].link
        store.links.put([LinkRow(page, "reuters.com", "article", NOON, "moved", False, 0, 0, b"")])
        held = story("Held for a review", MUSEUM, "Law")
        kept = [("records/held.md", replace(held, date=datetime(2021, 2, 1, tzinfo=UTC))), ("records/odd.md", held)]
        store.documents.replace([DocumentRow(file, "", (sighting(told),), ()) for file, told in kept])
    store.close()


def sighting(told: Story) -> SightingRow:
    return SightingRow(True, True, "", encode_sighting(Sighting(told, (), own=True, held=True)))


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a call of `feeds list` in a folder with a state."""
    write_state(folder)
    (folder / "config").mkdir()
    settings = {"base_url": "https://feeds.example.org/", "site": {"title": "Site"}}
    (folder / "config" / "feeds.yaml").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "config" / "topics.yaml").write_text(json.dumps(TOPICS), encoding="utf-8")
    monkeypatch.chdir(folder)
    return lambda *words: CliRunner().invoke(list_, list(words), standalone_mode=False)


def names(result: Result) -> list[str]:
    """Return the first word of every line but the last one."""
    assert result.exception is None, result.exception
    return [line.split("  ")[0] for line in result.output.splitlines()[:-1]]


def titles(result: Result) -> list[str]:
    assert result.exception is None, result.exception
    return [item["title"] for item in json.loads(result.output)["items"]]


def test_without_words_it_says_what_can_be_listed(ask):
    found = ask()
    assert found.exception is None
    assert all(word in found.output for word in ("Usage:", "feeds ", "topics ", "providers ", "items "))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ((), ["all", *(row.key for row in sorted(FEEDS[1:8], key=lambda row: row.key))]),
        (("rob",), ["topics/robot", "topics/robots"]),
        (("CITY museum",), ["providers/museum.example"]),
        (("--kind", "provider"), ["providers/museum.example", "providers/reuters.com"]),
        (("--empty",), ["topics/gone"]),
        (("--stale", "40000"), ["topics/gone"]),
        (("--stale", "1", "--kind", "all"), ["all"]),
    ],
)
def test_feeds_by_key(ask, words, keys):
    assert names(ask("feeds", *words)) == keys


def test_a_feed_says_what_it_has_when_it_changed_and_in_which_formats(ask):
    lines = ask("feeds", "all").output.splitlines()
    assert lines[0].split()[:2] == ["all", "70"]
    assert lines[0].endswith("days ago  rss,json  Site")
    assert lines[1] == "1 of 8 feeds"
    assert json.loads(ask("feeds", "all", "--json").output) == {
        "feeds": [
            {"key": "all", "kind": "all", "title": "Site", "items": 70, "shown": 2, "updated": NOON,
             "formats": ["rss", "json"]}
        ],
        "of": 8,
        "why": "",
        "note": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["A.I.", "Artificial Intelligence", "Chess", "Law", "Robot", "Robots"]),
        (("--unlisted",), ["A.I.", "Robot", "Robots"]),
        (("--unused",), ["Artificial Intelligence", "Chess"]),
        (("justice",), ["Law"]),
        (("ai",), ["Artificial Intelligence"]),
    ],
)
def test_topics_that_items_have_and_that_are_listed(ask, words, expected):
    assert [name.strip() for name in names(ask("topics", *words))] == expected


def test_a_topic_says_how_it_stands(ask):
    found = json.loads(ask("topics", "--json").output)["topics"]
    assert found[1] == {
        "name": "Artificial Intelligence", "ref": "ai", "aliases": [], "parent": "Law", "key": "", "items": 0,
        "newest": 0, "configured": True,
    }  # fmt: skip
    # What is dated in the future is no item yet.
    assert found[3] == {
        "name": "Law", "ref": "law", "aliases": ["Justice"], "parent": "", "key": "topics/law", "items": 1,
        "newest": NOON, "configured": True,
    }  # fmt: skip
    text = ask("topics").output
    assert "part of Law  no items" in text
    assert "6 topics, 3 of them not in config/topics.yaml (feeds list topics --unlisted)" in text


def test_similar_names_are_told_with_what_to_do(ask):
    assert ask("topics", "--similar").output.splitlines() == [
        "A.I. (1) ~ Artificial Intelligence (0, listed): one is the initials of the other",
        "Robot (1) ~ Robots (1): spelled almost alike",
        "2 pairs; where two are one, make one an alias of the other in config/topics.yaml: feeds config check",
    ]
    assert [pair["why"] for pair in json.loads(ask("topics", "robots", "--similar", "--json").output)["similar"]] == [
        "spelled almost alike"
    ]


def test_providers_go_by_their_domains(ask):
    lines = ask("providers").output.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[:-1]] == ["City Museum", "Reuters"]
    assert "reuters.com  not listed" in lines[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "DABC"),
        (("court",), "A"),
        (("--feed", "topics/law"), "DA"),
        (("--feed", "reuters.com"), "AB"),
        (("--topic", "justice"), "DA"),
        (("--topic", "a-i"), "B"),
        (("--topic", "ROBOT"), "B"),
        (("--provider", "reuters.com"), "AB"),
        (("--provider", "city museum"), "DC"),
        (("--provider", "https://www.reuters.com/"), "AB"),
        (("--kind", "Video"), "B"),
        (("--since", "2021-02-03"), "DAB"),
        (("--until", "2021-02-03"), "BC"),
        (("--since", "2021-02-03", "--until", "2021-02-03"), "B"),
        (("--until", "2021-02-04T12:00"), "BC"),
        (("--provider", "Reuters", "--topic", "Law"), "A"),
        (("--limit", "1"), "D"),
        (("--limit", "0"), "DABC"),
    ],
)
def test_items_newest_first(ask, words, expected):
    assert [title[0] for title in titles(ask("items", *words, "--json"))] == list(expected)


def test_an_item_says_what_it_is_and_how_to_see_more(ask):
    assert ask("items", "--limit", "2").output.splitlines() == [
        "2096-10-02 07:06  Doors open  coming",
        "                  dddddddd  article  City Museum  Law",
        "2021-02-04 12:00  A court rules",
        "                  aaaaaaaa  article  Reuters  Law",
        "2 items; 2 more: --limit 20, or --limit 0 for all",
    ]
    document = json.loads(ask("items", "bots", "--json").output)
    assert document == {
        "items": [
            {"id": "bbbbbbbb", "title": "Bots at work", "published": NOON - DAY, "provider": "Reuters",
             "domain": "reuters.com", "topics": ["A.I.", "Robot"], "kind": "video", "link": "https://reuters.com/b",
             "state": "published", "file": ""}
        ],
        "shown": 1,
        "more": 0,
        "why": "",
    }  # fmt: skip
    assert json.loads(ask("items", "--limit", "1", "--topic", "Law", "--json").output)["more"] == 1


def test_records_held_back_are_told_with_their_files(ask):
    assert ask("items", "--held").output.splitlines() == [
        "2021-02-01 00:00  Held for a review  held back",
        "                  records/held.md  article  City Museum  Law",
        "no date           Held for a review  held back",
        "                  records/odd.md  article  City Museum  Law",
        "2 records",
    ]
    assert ask("items", "--held", "--limit", "1").output.splitlines()[-1] == (
        "1 record; 1 more: --limit 10, or --limit 0 for all"
    )
    assert ask("items", "--held", "--topic", "Robot").output == (
        "no record that is held back is like that; to see them all: feeds list items --held\n"
    )


def test_a_record_held_back_is_found_by_what_only_it_has(ask, folder):
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    secret = Story("Secret", "", "", "article", Provider("Jane", ""), ("Espionage",))
    with store.transaction():
        store.documents.replace([DocumentRow("records/secret.md", "", (sighting(secret),), ())])
    store.close()
    for words in (("--topic", "espionage"), ("--provider", "JANE")):
        assert titles(ask("items", "--held", *words, "--json")) == ["Secret"]
        assert isinstance(ask("items", *words).exception, UsageError)


def test_a_provider_without_a_domain_is_found_by_its_name(ask, folder):
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    told = encode_story(Story("Essay", "", "", "article", Provider("Jane", ""), ()))
    with store.transaction():
        store.items.put([ItemRow("e" * 8, NOON, NOON, NOON, "", "", 1, told)])
        store.items.join([Membership(1, NOON, "e" * 8, "")])
    store.close()
    assert titles(ask("items", "--provider", "jane", "--json")) == ["Essay"]


EMPTY = [
    (("feeds", "zebra"), "no feed is like that; to see all 8: feeds list feeds"),
    (("feeds", "--kind", "custom"), "no feed is like that; to see all 8: feeds list feeds"),
    (("topics", "zebra"), "no topic is like that; to see all 6: feeds list topics"),
    (("providers", "--unused"), "every provider that is listed has items; to see all 2: feeds list providers"),
    (("providers", "--similar"), "no two names of 2 are alike; to see them all: feeds list providers"),
    (("items", "zebra"), "no item is like that; to see them all: feeds list items"),
    (("items", "--feed", "topics/gone"), "no item is in that feed; feeds explain ITEM --feed topics/gone tells why"),
]


@pytest.mark.parametrize(("words", "why"), EMPTY)
def test_an_empty_list_says_why_and_what_helps(ask, words, why):
    assert ask(*words).output.startswith(why)
    assert json.loads(ask(*words, "--json").output)["why"].startswith(why)


WRONG = [
    (("items", "--feed", "topics/lav"), "--feed: 'topics/lav' is no feed; did you mean topics/law?"),
    (("items", "--topic", "lav"), "--topic: 'lav' is no topic; did you mean law?"),
    (("items", "--provider", "reuters.con"), "--provider: 'reuters.con' is no provider; did you mean reuters.com?"),
    (("items", "--since", "yesterday"), "--since: 'yesterday' is no date such as 2026-11-20 or 2026-11-20T09:30"),
    (("items", "--until", "2021-02-30"), "--until: '2021-02-30' is no date such as 2026-11-20 or 2026-11-20T09:30"),
    (("items", "--held", "--feed", "all"), "--held lists records that are in no feed: it goes with neither"),
    (("topics", "--similar", "--unused"), "--similar looks at all names: it goes with neither"),
]


@pytest.mark.parametrize(("words", "why"), WRONG)
def test_a_call_that_cannot_be_meant_says_what_can(ask, words, why):
    found = ask(*words)
    assert isinstance(found.exception, UsageError)
    assert str(found.exception).startswith(why)


@pytest.mark.parametrize("what", ["feeds", "topics", "providers", "items"])
def test_without_a_state_there_is_nothing_to_list_and_none_is_made(folder, monkeypatch, what):
    monkeypatch.chdir(folder)
    found = CliRunner().invoke(list_, [what], standalone_mode=False)
    assert isinstance(found.exception, StateError)
    assert str(found.exception) == "there is nothing to list yet: feeds build"
    assert list(folder.iterdir()) == []


def test_a_state_without_anything_says_so_everywhere(folder, monkeypatch):
    open_store(f"sqlite:///{folder}/.feeds/state.db").close()
    monkeypatch.chdir(folder)

    def told(*words: str) -> str:
        return CliRunner().invoke(list_, list(words), standalone_mode=False).output

    assert told("feeds") == "nothing was published yet: feeds build\n"
    assert told("topics").startswith("no item has a topic, and config/topics.yaml lists none: feeds explain FILE")
    assert told("items") == "no item is published; feeds build, or feeds explain FILE\n"
    assert told("items", "--held") == "no record is held back; to see what is published: feeds list items\n"


# --- the language of custom feeds


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic:justice", "DA"),
        ("topic:robot and provider:reuters.com", "B"),
        ("kind:video or provider:museum.example", "DBC"),
        ("not topic:law and age > 1d", "BC"),
        ("link:dead", "C"),
        ("link:moved", "A"),
        ("link:unknown", "DB"),
        ("clocks", "C"),
    ],
)
def test_items_that_match_a_query(ask, query, expected):
    found = ask("items", "--query", query, "--json")
    assert [title[0] for title in titles(found)] == list(expected)


@pytest.mark.parametrize("query", ["topc:law", "kind:article and qualty >= 60", "(topic:law", "topic:law\nage < 7"])
def test_a_fault_in_a_query_is_shown_where_it_is(ask, query):
    found = ask("items", "--query", query)
    assert isinstance(found.exception, UsageError)
    message, line, pointer = str(found.exception).split("\n")
    assert message.startswith("--query: ")
    assert line.strip() in query.split("\n")
    assert pointer.strip() == "^"
    assert len(pointer) <= len(line) + 1


def test_an_item_that_has_grown_too_old_for_a_custom_feed_is_not_listed(ask, folder):
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    with store.transaction():
        store.feeds.put([feed(20, "custom", "fresh", "fresh", "Fresh")])
        store.items.join(Membership(20, at, key, "", ages="0-604800") for key, at, _, _ in ITEMS)
    store.close()
    assert titles(ask("items", "--feed", "fresh", "--json")) == ["Doors open"]
