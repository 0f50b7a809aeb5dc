from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.model.remote import NotAFeed, RemoteEntry, RemoteFeed
from feeds.model.source import Source
from feeds.remote.encoding import decode_source, encode
from feeds.remote.interval import Move
from feeds.remote.mend import BROKEN_OFF
from feeds.remote.outcome import NEVER, Fetched, Polled, SourceMemory, outcome, remembered

HOUR, DAY = 3_600, 86_400
NOW = 1_714_564_800  # Wednesday, 1 May 2024, 12:00 UTC
URL, NEW = "https://news.example/feed", "https://new.example/feed"
SOURCE = Source("news", URL, shortest=900, longest=DAY)
FRESH = SourceMemory(URL, URL)
FEED = RemoteFeed(
    "News",
    "https://news.example/",
    tuple(
        RemoteEntry(str(n), "", f"Story {n}", published=datetime.fromtimestamp(NOW - n * HOUR, UTC)) for n in range(30)
    ),
    language="en",
)
KNOWN = replace(FRESH, title="News", etag='"1"', last_modified="Wed", published=(NOW - HOUR, NOW - 3 * HOUR))


def polled(
    fetched: Fetched, memory: SourceMemory = KNOWN, *, fails: int = 0, now: int = NOW, changed: bool = False
) -> Polled:
    return outcome(memory, SOURCE, fetched, fails, now, 0.0, changed=changed)


def answered(status: int = 200, feed: RemoteFeed | NotAFeed | None = FEED, **headers: str) -> Fetched:
    named: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(status, named, feed=feed if status == 200 else None)


def test_a_feed_is_remembered_as_its_server_told_it() -> None:
    feed = replace(FEED, ttl=90, skip_hours=frozenset((3, 1)), skip_days=frozenset(("Sunday",)), faults=("is odd",))
    told = polled(answered(feed=feed, etag=' W/"x y" ', last_modified="yesterday"), FRESH, fails=3, changed=True)
    memory = told.memory
    assert (memory.etag, memory.last_modified) == (' W/"x y" ', "yesterday")
    assert (memory.title, memory.home, memory.language) == ("News", "https://news.example/", "en")
    assert (memory.ttl, memory.skip_hours, memory.skip_days) == (90, (1, 3), ("Sunday",))
    assert memory.published == tuple(NOW - n * HOUR for n in range(20))
    assert (told.fails, told.detail, told.due) == (0, "30 entries; is odd", NOW + 90 * 60)
    assert decode_source(encode(memory)) == memory


def test_validators_go_with_the_answer_that_had_none() -> None:
    assert (polled(answered()).memory.etag, polled(answered()).memory.last_modified) == ("", "")


def test_of_a_feed_that_broke_off_no_validator_is_kept() -> None:
    feed = replace(FEED, entries=FEED.entries[:1], faults=(BROKEN_OFF, "is not well-formed XML at line 9: no element"))
    told = polled(answered(feed=feed, etag='"2"', last_modified="Thu"))
    assert (told.memory.etag, told.memory.last_modified, told.fails) == ("", "", 0)
    assert told.detail == "1 entry; breaks off before its end; is not well-formed XML at line 9: no element"


def test_not_modified_changes_nothing_but_the_pace() -> None:
    told = polled(answered(304, etag='"2"'), replace(KNOWN, unchanged=3))
    assert told.memory == replace(KNOWN, unchanged=4)
    assert (told.detail, told.fails) == ("not modified", 0)
    assert told.due > polled(answered(304)).due


FAULTS: dict[str, tuple[Fetched, str]] = {
    "no answer": (Fetched(0, {}, "dns-nxdomain"), "dns-nxdomain"),
    "an error page": (Fetched(404, {}), "http-404"),
    "no content": (Fetched(204, {}), "http-204"),
    "a redirect to nowhere": (Fetched(302, {}), "http-302"),
    "too large": (Fetched(200, {}, "too-large"), "too-large"),
    "a web page": (Fetched(200, {}, feed=NotAFeed("this is a web page")), "no feed: this is a web page"),
    "a web page at another address": (
        Fetched(200, {}, moved=NEW, feed=NotAFeed("this is a web page")),
        "no feed: this is a web page",
    ),
    "gone, but broken off": (Fetched(410, {}, "reset"), "reset"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_a_failure_and_nothing_that_is_known(name: str) -> None:
    fetched, fault = FAULTS[name]
    assert fetched.fault == fault
    told = polled(fetched, fails=2)
    assert (told.memory, told.fails, told.detail) == (KNOWN, 3, fault)
    assert told.due == NOW + 4 * 900


@pytest.mark.parametrize(
    ("headers", "fails", "wait"),
    [
        ({}, 0, 900),
        ({}, 1, 1800),
        ({}, 30, DAY),
        ({"retry_after": "7200"}, 0, 7200),
        ({"retry_after": "Thu, 02 May 2024 12:00:00 GMT"}, 0, DAY),
        ({"retry_after": "999999999"}, 0, DAY),
        ({"retry_after": "soon"}, 0, 900),
        ({"retry_after": "-5"}, 0, 900),
    ],
)
def test_when_a_source_that_failed_is_asked_again(headers: dict[str, str], fails: int, wait: int) -> None:
    assert polled(answered(503, **headers), fails=fails).due - NOW == wait


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, HOUR),
        ({"cache_control": "max-age=7200"}, 2 * HOUR),
        ({"cache_control": "public, MAX-AGE = 7200"}, 2 * HOUR),
        ({"cache_control": "s-maxage=7200"}, HOUR),
        ({"cache_control": "max-age=60"}, HOUR),
        ({"cache_control": "max-age=31536000"}, DAY),
        ({"cache_control": "max-age=99999999999999"}, DAY),
        ({"retry_after": "10000"}, 10_000),
    ],
)
def test_what_a_server_wishes_counts_within_bounds(headers: dict[str, str], wait: int) -> None:
    memory = replace(KNOWN, published=tuple(NOW - n * 2 * HOUR for n in range(20)))
    assert polled(answered(304, **headers), memory, changed=True).due - NOW == wait


def test_what_is_gone_for_good_is_retired_until_somebody_asks_and_finds_it() -> None:
    gone = polled(Fetched(410, {}))
    assert (gone.memory.retired, gone.due) == (True, NEVER)
    assert gone.memory == replace(KNOWN, retired=True)
    still = polled(Fetched(500, {}), gone.memory, fails=gone.fails, now=NOW + DAY)
    assert (still.memory.retired, still.due, still.detail) == (True, NEVER, "http-500")
    again = polled(answered(), still.memory, fails=still.fails, now=NOW + 2 * DAY)
    assert (again.memory.retired, again.fails) == (False, 0)
    assert NOW + 2 * DAY < again.due <= NOW + 3 * DAY


MOVES: dict[str, tuple[list[Any], str]] = {
    "three times over a day": ([(0, NEW), (12, NEW), (24, NEW)], NEW),
    "three times within a day": ([(0, NEW), (1, NEW), (2, NEW)], URL),
    "back for once": ([(0, NEW), (12, NEW), (18, ""), (24, NEW)], URL),
    "a failure between": ([(0, NEW), (12, None), (13, NEW), (25, NEW)], NEW),
    "back home after the move": ([(0, NEW), (12, NEW), (24, NEW), (48, "")], NEW),
}


@pytest.mark.parametrize("name", MOVES)
def test_an_address_is_believed_once_it_was_seen_often_enough(name: str) -> None:
    seen, url = MOVES[name]
    memory = KNOWN
    for hours, moved in seen:
        fetched = Fetched(500, {}) if moved is None else Fetched(304, {}, moved=moved)
        memory = polled(fetched, memory, now=NOW + hours * HOUR).memory
    assert (memory.url, memory.configured) == (url, URL)
    assert memory.move == Move() if url == NEW else memory.move != Move()


def test_another_address_in_the_settings_is_another_beginning() -> None:
    memory = replace(KNOWN, url=NEW, retired=True)
    assert remembered(memory, SOURCE) is memory
    assert remembered(None, SOURCE) == FRESH
    elsewhere = replace(SOURCE, url=NEW)
    assert remembered(memory, elsewhere) == SourceMemory(NEW, NEW)
