"""What documents say of the history of their feed: archives (RFC 5005) and withdrawn entries (RFC 6721)."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree
from reader import make_reader

from feeds.model import FeedSpec, Paging, Tombstone
from feeds.render import feed_id, render_entry, render_feed

ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
AI = FeedSpec("topics/ai", "topic", "AI")
UPDATED = datetime(2021, 2, 14, 15, 21, tzinfo=UTC)
BASE = "https://feeds.example.org/"
HUB = "https://hub.example/"
GONE = (
    Tombstone("4f7dc77c-2ea6-5f63-87a8-a9c88dca0bbc", datetime(2021, 2, 13, 9, 30, tzinfo=UTC)),
    Tombstone("3208264c-d578-55cf-b925-673ff41101d2", datetime(2021, 2, 12, tzinfo=UTC)),
)

WHOLE, COMPLETE, CUT = Paging(), Paging(complete=True), Paging(previous=7)
OLDEST, LATER = Paging(page=1), Paging(page=7, previous=6)
EVERY = (WHOLE, COMPLETE, CUT, OLDEST, LATER)
XML = ("rss", "atom")


def files(site, entries=(), spec=AI, **named):
    return {each.path.rpartition(".")[2]: each for each in render_feed(spec, UPDATED, site, entries, **named)}


def head_of(body, ending):
    root = etree.fromstring(body)
    return root[0] if ending == "rss" else root


def links(body, ending):
    return {each.get("rel"): each.get("href") for each in head_of(body, ending).iterchildren(ATOM + "link")}


@pytest.fixture
def hubbed(site):
    return replace(site, hubs=(HUB,))


@pytest.mark.parametrize(
    ("paging", "key"), [(WHOLE, "topics/ai"), (CUT, "topics/ai"), (OLDEST, "archive/topics/ai/1")], ids=repr
)
def test_a_page_is_a_file_of_its_own(site, paging, key):
    assert {ending: each.path for ending, each in files(site, paging=paging).items()} == {
        ending: f"{key}.{ending}" for ending in ("rss", "atom", "json")
    }


# What a document leads to, by relation (RFC 5005 sections 2 and 4); {} stands for the format.
LEADS = [
    (WHOLE, {"self": "topics/ai.{}", "hub": HUB}),
    (COMPLETE, {"self": "topics/ai.{}", "hub": HUB}),
    (CUT, {"self": "topics/ai.{}", "prev-archive": "archive/topics/ai/7.{}", "hub": HUB}),
    (OLDEST, {"self": "archive/topics/ai/1.{}", "current": "topics/ai.{}"}),
    (
        LATER,
        {"self": "archive/topics/ai/7.{}", "current": "topics/ai.{}", "prev-archive": "archive/topics/ai/6.{}"},
    ),
]


@pytest.mark.parametrize("ending", XML)
@pytest.mark.parametrize(("paging", "wanted"), LEADS, ids=repr)
def test_where_a_document_leads(hubbed, paging, wanted, ending):
    found = links(files(hubbed, paging=paging)[ending].body, ending)
    found.pop("alternate", "")
    assert found == {name: url if url == HUB else BASE + url.format(ending) for name, url in wanted.items()}


@pytest.mark.parametrize(("paging", "wanted"), LEADS, ids=repr)
def test_a_json_feed_says_it_with_next_url(hubbed, paging, wanted):
    feed = json.loads(files(hubbed, paging=paging)["json"].body)
    previous = wanted.get("prev-archive")
    assert feed["feed_url"] == BASE + wanted["self"].format("json")
    assert feed.get("next_url") == (BASE + previous.format("json") if previous else None)
    assert ("hubs" in feed) == ("hub" in wanted)


@pytest.mark.parametrize("ending", XML)
@pytest.mark.parametrize(
    ("paging", "names"),
    [(WHOLE, []), (CUT, []), (COMPLETE, ["complete"]), (OLDEST, ["archive"]), (LATER, ["archive"])],
    ids=repr,
)
def test_a_document_says_what_it_is(site, paging, names, ending):
    body = files(site, paging=paging)[ending].body
    assert [each.tag for each in head_of(body, ending) if str(each.tag).startswith(FH)] == [FH + name for name in names]
    assert (b'xmlns:fh="' in body) == bool(names)
    assert body.count(b"<fh:") == len(names)


def test_all_documents_of_a_feed_have_its_id(site):
    ids = {head_of(files(site, paging=each)["atom"].body, "atom").findtext(ATOM + "id") for each in EVERY}
    assert ids == {feed_id(site, "topics/ai")}


def test_a_page_says_nothing_that_changes_with_other_documents(site, hubbed):
    """A full page is not written again for a new hub, nor for an entry that is withdrawn elsewhere."""
    assert files(site, paging=LATER) == files(hubbed, paging=LATER)
    assert all(b"next-archive" not in each.body for each in files(site, paging=LATER).values())


def test_an_address_beyond_ascii_is_encoded_in_every_link(site):
    found = links(files(site, spec=replace(AI, key="topics/für"), paging=LATER)["atom"].body, "atom")
    assert found["prev-archive"] == BASE + "archive/topics/f%C3%BCr/6.atom"
    assert found["current"] == BASE + "topics/f%C3%BCr.atom"


def test_withdrawn_entries_stand_in_atom_one_a_line_after_the_others(site, item_of):
    entries = [render_entry(item_of(), site)]
    body = files(site, entries, tombstones=GONE)["atom"].body
    last = [line.lstrip().partition(b" ")[0] for line in body.splitlines()][-4:]
    assert last[0].startswith(b"<entry")
    assert last[1:] == [b"<at:deleted-entry", b"<at:deleted-entry", b"</feed>"]
    assert [dict(each.attrib) for each in etree.fromstring(body).iterchildren(AT + "deleted-entry")] == [
        {"ref": "urn:uuid:4f7dc77c-2ea6-5f63-87a8-a9c88dca0bbc", "when": "2021-02-13T09:30:00+00:00"},
        {"ref": "urn:uuid:3208264c-d578-55cf-b925-673ff41101d2", "when": "2021-02-12T00:00:00+00:00"},
    ]


@pytest.mark.parametrize("ending", ["rss", "json"])
def test_formats_without_a_word_for_withdrawn_entries_say_nothing(site, item_of, ending):
    entries = [render_entry(item_of(), site)]
    assert files(site, entries, tombstones=GONE)[ending] == files(site, entries)[ending]


def test_a_feed_without_history_is_what_it_was_before_there_was_any(site, item_of):
    """Namespaces stand only where they are used: an upgrade must not change every file there is."""
    entries = [render_entry(item_of(), site)]
    plain = files(site, entries)
    assert files(site, entries, paging=WHOLE, tombstones=()) == plain
    for each in plain.values():
        assert not any(word in each.body for word in (b"purl.org/syndication", b"tombstones", b"archive", b"next_url"))


@pytest.mark.parametrize("tombstones", [(), GONE], ids=["none", "two"])
@pytest.mark.parametrize("paging", EVERY, ids=repr)
def test_what_history_adds_is_lines_of_its_own(hubbed, item_of, paging, tombstones):
    """The entries, and all else of the head but links and root, are the bytes of any other document."""
    entries = [render_entry(item_of(number), hubbed) for number in (1, 2)]
    plain, made = files(hubbed, entries), files(hubbed, entries, paging=paging, tombstones=tombstones)
    allowed = (
        b"<rss ",
        b"<feed ",
        b"<link ",
        b"<atom:link ",
        b"<fh:",
        b"<at:",
        b'"feed_url"',
        b'"next_url"',
        b'"hubs"',
    )
    for ending, each in made.items():
        others = [
            {line for line in body.splitlines() if not line.strip().startswith(allowed)}
            for body in (plain[ending].body, each.body)
        ]
        assert others[0] == others[1]


@pytest.mark.parametrize("ending", XML)
@pytest.mark.parametrize("paging", EVERY, ids=repr)
def test_feedparser_reads_every_document(hubbed, item_of, paging, ending):
    entries = [render_entry(item_of(number), hubbed) for number in (1, 2)]
    body = files(hubbed, entries, paging=paging, tombstones=GONE)[ending].body
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert [each.id for each in parsed.entries] == [f"urn:uuid:{item_of(number).id}" for number in (1, 2)]
    relations = {link.rel: link.href for link in parsed.feed.links}
    assert relations.get("prev-archive", "") == links(body, ending).get("prev-archive", "")
    assert parsed.feed.title == "AI"


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
@pytest.mark.parametrize("paging", EVERY, ids=repr)
def test_the_reader_library_reads_every_document(tmp_path, hubbed, item_of, paging, ending):
    pytest.importorskip("sgmllib")  # see test_render_readers.py
    entries = [render_entry(item_of(number), hubbed) for number in (1, 2)]
    artifact = files(hubbed, entries, paging=paging, tombstones=GONE)[ending]
    (tmp_path / f"page.{ending}").write_bytes(artifact.body)
    with make_reader(":memory:", feed_root=str(tmp_path)) as reader:
        reader.add_feed(f"page.{ending}")
        reader.update_feeds()
        assert reader.get_feed(f"page.{ending}").last_exception is None
        found = {each.id: each.title for each in reader.get_entries()}
    assert found == {f"urn:uuid:{item_of(number).id}": item_of(number).story.title for number in (1, 2)}
