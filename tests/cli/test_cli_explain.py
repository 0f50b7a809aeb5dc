"""`feeds explain`: what it prints, and its exit codes. It asks nobody."""

import json
from dataclasses import fields, replace

import click
import pytest
from click.testing import CliRunner, Result

from feeds.app.explaining import Unknown
from feeds.cli.explain import explain
from feeds.cli.explain_text import cluster_lines, explain_text, unknown_text
from feeds.errors import StateError, UsageError
from feeds.items.provenance import Said
from feeds.model.item import Mention
from feeds.pipeline.explained import (
    Dates,
    Explanation,
    FieldTold,
    LinkTold,
    NameTold,
    Place,
    SightingTold,
    TopicTold,
)

NOON = 1_612_440_000  # 2021-02-04T12:00:00Z
HOUR = 3_600
KEY = "1f2a9d38-6c0b-5d0e-9a55-3c0f3c1b7e42"
FOUND = Explanation(
    KEY,
    "Our title",
    "published",
    pending="the settings are not those of the last build",
    sightings=(
        SightingTold("records/a.md", "record", "Our title"),
        SightingTold("feed#1", "remote", "THEIRS", since=NOON, gone=NOON + HOUR, refusal="older than 2 days"),
    ),
    fields=(
        FieldTold("title", "Our title", "records/a.md", "Our title", (Said("feed#1", "THEIRS"),)),
        FieldTold("summary", "Words", "feed#1", "Words (the page is gone)"),
        FieldTold("link", "", "records/a.md", "", (Said("feed#1", "https://b.example/1"),)),
        FieldTold(
            "date",
            "2021-02-04 00:00:00 UTC",
            "records/a.md",
            "2021-02-04 00:00:00 UTC",
            written="2021-02-04",
            repairs=("no time of day written: midnight", "no time zone written: read in UTC"),
        ),
        FieldTold("kind", "article", "records/a.md", "article", repairs=("no type written: article",)),
    ),
    topics=(
        TopicTold("AI", "records/a.md", "record", "the record lists it", counts=True),
        TopicTold("Science", "topics.yaml", "wider", "takes in AI", counts=True),
        TopicTold("Law", "feed#1", "keyword", "'law' in the title", counts=False),
    ),
    names=(NameTold("a.example/1", NOON),),
    links=(LinkTold("https://a.example/1", "article", "dead", "http-404", NOON, NOON + HOUR, "", "dead"),),
    dates=Dates(NOON, "as records/a.md says", NOON + HOUR, NOON + HOUR),
    feeds=(
        Place("all", "all", "", 2, 50),
        Place("topics/ai", "topic", "AI", of=50, page=1_003),
        Place("topics/science", "topic", "Science", 2, 50, via="AI"),
        Place("", "topic", "Law", why="no build has made this feed yet"),
        Place("top", "custom", "", why="quality >= 60 is not met: 42"),
    ),
    problems=("records/a.md:1:1: url-broken: x",),
    also=(Mention("B", "b.example", "https://b.example/1", "Their title"),),
)
SHOWN = f"""Our title
urn:uuid:{KEY}
published
the settings are not those of the last build: the next feeds build may change what stands here
published 2021-02-04 12:00 UTC (as records/a.md says), updated 2021-02-04 13:00 UTC
first seen 2021-02-04 13:00 UTC
told by
  records/a.md  a record of ours
  feed#1  a remote entry, first seen 2021-02-04 12:00 UTC, no longer listed since 2021-02-04 13:00 UTC, kept out from \
the next build on: older than 2 days
fields
  title     Our title  <- records/a.md
            not THEIRS  <- feed#1
  summary   Words  <- feed#1
            readers see Words (the page is gone), for what is known of its links
  link      (nothing)  <- records/a.md
            not https://b.example/1  <- feed#1
  date      2021-02-04 00:00:00 UTC  <- records/a.md
            written '2021-02-04'
            repairs: no time of day written: midnight; no time zone written: read in UTC
  kind      article  <- records/a.md
            repairs: no type written: article
topics
  AI  record: the record lists it  <- records/a.md
  Science  wider: takes in AI  <- topics.yaml
  Law  keyword: 'law' in the title  <- feed#1  not taken: others name its topics
one story
  also reported by B: Their title  https://b.example/1
known as
  a.example/1  since 2021-02-04 12:00 UTC
links
  dead     https://a.example/1  article, http-404, since 2021-02-04 12:00 UTC, checked 2021-02-04 13:00 UTC, pinned dead
feeds
  all  number 2 of 50
  topics/ai  on page 1,003 of its archive
  topics/science  number 2 of 50, takes in AI
  topic 'Law'  not in it: no build has made this feed yet
  top  not in it: quality >= 60 is not met: 42
problems
  records/a.md:1:1: url-broken: x"""


def test_the_text_tells_everything() -> None:
    assert click.unstyle(explain_text(FOUND)) == SHOWN


def test_what_was_written_cannot_command_a_terminal_and_is_cut() -> None:
    fields = (FieldTold("title", "A", "a.md", "A", (), "\x1b[31m A\u202e", ("x",)),)
    said = explain_text(Explanation("", "A", "published", fields=fields))
    assert said.split("\n")[-2:] == [r"            written '\x1b[31m A\u202e'", "            repairs: x"]
    long = replace(fields[0], written="word " * 100)
    assert len(explain_text(Explanation("", "A", "published", fields=(long,))).split("\n")[-2]) == 123


def test_parts_without_content_are_left_out() -> None:
    bare = Explanation("", "Horoscope", "refused", "excluded by the word 'horoscope'")
    assert click.unstyle(explain_text(bare)) == "Horoscope\nrefused: excluded by the word 'horoscope'"


def test_one_that_follows_says_whom() -> None:
    [line] = cluster_lines(replace(FOUND, leader="abc", also=()))
    assert line == "abc stands for it in all feeds but its provider's: feeds explain abc"


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        (Unknown("x", ()), "nothing is known as 'x': give an id, a URL, a record file or SOURCE#GUID"),
        (Unknown("x", ("y", "z")), "nothing is known as 'x'; near it: y, z"),
        (Unknown("a.md", (), unread=True), "no build has read a.md yet: feeds build"),
    ],
)
def test_what_is_said_of_the_unknown(unknown: Unknown, said: str) -> None:
    assert unknown_text(unknown) == said


# --- the command


@pytest.fixture
def called(records, run, folder, monkeypatch):
    """Return a call of the command in a folder with one record, built."""
    assert run("build").returncode == 0
    monkeypatch.chdir(folder)

    def call(*words: str) -> Result:
        return CliRunner().invoke(explain, words, standalone_mode=False)

    return call


def test_an_item_by_its_file_and_one_that_is_unknown(called):
    found = called("records/good.md")
    assert (found.return_value, found.exception) == (0, None)
    assert found.stdout.startswith("A museum puts its archive online\nurn:uuid:")
    assert "\n  topics/archives  number 1 of 1\n" in found.stdout
    missing = called("records/god.md")
    assert (missing.return_value, missing.stdout) == (1, "")
    assert missing.stderr == "feeds: nothing is known as 'records/god.md'; near it: records/good.md\n"


def test_one_feed_only(called):
    found = json.loads(called("records/good.md", "--feed", "archives", "--json").stdout)
    assert [(place["key"], place["position"]) for place in found["feeds"]] == [("topics/archives", 1)]
    assert isinstance(called("records/good.md", "--feed", "nope").exception, UsageError)


def test_json_has_all_there_is(called):
    found = json.loads(called("https://museum.example/news/archive-online", "--json").stdout)
    assert found.keys() == {field.name for field in fields(Explanation)}
    assert (found["fields"][0]["field"], found["fields"][0]["place"]) == ("title", "records/good.md")


def test_without_a_state_there_is_nothing_to_explain(folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = CliRunner().invoke(explain, ["x"], standalone_mode=False)
    assert isinstance(found.exception, StateError)
    assert list(folder.iterdir()) == []
