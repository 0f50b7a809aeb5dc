import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.model.item import Enclosure, Image
from feeds.model.remote import NotAFeed, RemoteEntry, RemoteFeed
from feeds.remote.parse import parse_feed

URL = "https://ex.org/feed.json"
ONE_ONE = "https://jsonfeed.org/version/1.1"


def feed(items: object, **head: Any) -> RemoteFeed | NotAFeed:
    body = json.dumps({"version": ONE_ONE, "title": "T", "items": items} | head).encode()
    return parse_feed(body, "application/feed+json", URL)


def entry(**item: Any) -> RemoteEntry:
    parsed = feed([item])
    assert isinstance(parsed, RemoteFeed)
    return parsed.entries[0]


def test_a_feed_of_version_1_1() -> None:
    item = {
        "id": "tag:ex.org,2021:1",
        "url": "/one?utm_source=feed",
        "title": "One &amp; <b>two</b>",
        "content_html": '<p>Text <a href="two">l</a><script>x</script></p>',
        "summary": "A summary",
        "image": "/i.jpg",
        "date_published": "2021-02-04T18:45:00+01:00",
        "date_modified": "2021-02-05T00:00:00Z",
        "authors": [{"name": "Jane"}, {"name": "jane"}, {"url": "https://ex.org/j"}],
        "tags": ["AI", "ai", "Policy", 3],
        "language": "de",
        "attachments": [
            {"url": "/cover.png", "mime_type": "image/png"},
            {"url": "/e.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 123, "duration_in_seconds": 61.5},
        ],
    }
    head = {"home_page_url": "https://ex.org/", "language": "en", "title": "A\u0000 feed"}
    assert feed([item], **head) == RemoteFeed(
        title="A feed",
        home="https://ex.org/",
        language="en",
        version="json11",
        entries=(
            RemoteEntry(
                guid="tag:ex.org,2021:1",
                link="https://ex.org/one",
                title="One & two",
                summary="A summary",
                content='<p>Text <a href="https://ex.org/two">l</a></p>',
                published=datetime(2021, 2, 4, 17, 45, tzinfo=UTC),
                updated=datetime(2021, 2, 5, tzinfo=UTC),
                authors=("Jane",),
                categories=("AI", "Policy"),
                images=(Image("https://ex.org/i.jpg"), Image("https://ex.org/cover.png")),
                enclosure=Enclosure("https://ex.org/e.mp3", "audio/mpeg", 123),
                duration=61,
                language="de",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ({"id": 7, "title": "x"}, "guid", "7"),
        ({"id": None, "title": "x"}, "guid", ""),
        ({"id": "1", "external_url": "https://other.org/x"}, "link", "https://other.org/x"),
        ({"id": "1", "url": "https://ex.org/1", "external_url": "https://other.org/x"}, "link", "https://ex.org/1"),
        ({"id": "1", "url": "javascript:alert(1)", "title": "x"}, "link", ""),
        ({"id": "1", "content_text": "a < b\n\nc"}, "content", "<p>a &lt; b</p><p>c</p>"),
        ({"id": "1", "content_text": "a < b\n\nc"}, "summary", "a < b c"),
        ({"id": "1", "title": "x", "author": {"name": "Joe <script>"}}, "authors", ("Joe",)),
        ({"id": "1", "title": "x", "date_published": "yesterday"}, "published", None),
        ({"id": "1", "title": "x", "tags": "no list"}, "categories", ()),
        ({"id": "1", "title": "x", "attachments": [{"url": "x.exe"}]}, "enclosure", None),
        ({"id": "1", "title": "x", "attachments": [{"url": "/x.pdf", "size_in_bytes": -1}]}, "enclosure",
         Enclosure("https://ex.org/x.pdf", "application/pdf", 0)),
    ],
)  # fmt: skip
def test_fields_of_an_item(item: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(entry(**item), field) == expected


@pytest.mark.parametrize(
    ("version", "read_as", "faults"),
    [
        ("https://jsonfeed.org/version/1", "json1", ()),
        (ONE_ONE, "json11", ()),
        ("https://jsonfeed.org/version/2", "json11", ("is of version 2 of JSON Feed, and is read as 1.1",)),
        ("", "json1", ("names no version of JSON Feed",)),
    ],
)
def test_versions(version: str, read_as: str, faults: tuple[str, ...]) -> None:
    parsed = feed([{"id": "1", "url": "https://ex.org/1"}], version=version)
    assert isinstance(parsed, RemoteFeed)
    assert (parsed.version, parsed.faults) == (read_as, faults)


def test_authors_of_the_feed_stand_for_entries_without_any() -> None:
    parsed = feed(
        [{"id": "1", "title": "x"}, {"id": "2", "title": "y", "authors": [{"name": "Y"}]}], author={"name": "F"}
    )
    assert isinstance(parsed, RemoteFeed)
    assert [one.authors for one in parsed.entries] == [("F",), ("Y",)]


def test_line_breaks_in_strings_and_items_that_are_no_objects_are_read_past() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [null, 3, {"id": "1", "title": "a\nb"}, {}]}'
    parsed = parse_feed(body, "text/plain", URL)
    assert isinstance(parsed, RemoteFeed)
    assert [one.title for one in parsed.entries] == ["a b"]


def test_the_newest_entries_are_taken() -> None:
    items = [
        {"id": str(number), "title": "x", "date_published": f"{2000 + number // 250}-01-01T00:00:00Z"}
        for number in range(2_500)
    ]
    parsed = feed(items)
    assert isinstance(parsed, RemoteFeed)
    assert [one.guid for one in parsed.entries] == [str(number) for number in range(500, 2_500)]
    assert parsed.faults == ("has 2500 entries; the newest 2000 are taken",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"items": [', "is not valid JSON"),
        (b"[1]", "this is JSON, but no JSON Feed"),
        (b'{"routes": {}}', "this is JSON, but no JSON Feed"),
        (b'{"items": [{"name": "x"}]}', "this is JSON, but no JSON Feed"),
        (b'{"items": []}', "this is JSON, but no JSON Feed"),
        (b'{"items": ' + b"[" * 200_000, "is not valid JSON"),
        (b'{"items": [' + b"9" * 100_000 + b"]}", "is not valid JSON"),
    ],
)
def test_other_json_is_no_feed(body: bytes, reason: str) -> None:
    parsed = parse_feed(body, "application/json", URL)
    assert isinstance(parsed, NotAFeed)
    assert parsed.reason.startswith(reason)
