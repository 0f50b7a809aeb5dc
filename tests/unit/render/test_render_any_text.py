"""Whatever legal text an item holds, the feeds parse and readers read it back."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import feedparser
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.model import Enclosure, FeedSpec, Image, Item, Provider, Site, Story
from feeds.render import render_entry, render_feed

NS = {"a": "http://www.w3.org/2005/Atom"}
WHEN = datetime(2021, 2, 14, 15, 21, tzinfo=UTC)
SITE = Site("https://feeds.example.org/", "Faces", "")

# XML 1.0 production 2, `Char`, without control characters: items are cleaned of them
LEGAL = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40)
MARKUP = st.lists(
    st.sampled_from(["&", "<", ">", "]]>", '"', "'", "&amp;", "<b>", "</b>", "<source", "</item>", "x", " "])
)
TEXT = LEGAL | MARKUP.map("".join)
DOMAIN = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z]{2,3})?", fullmatch=True) | st.just("")


@st.composite
def items(draw):
    enclosure = st.none() | st.builds(Enclosure, TEXT, TEXT, st.integers(-1, 10**12))
    story = Story(
        title=draw(TEXT),
        summary=draw(TEXT),
        link=draw(TEXT),
        kind=draw(TEXT),
        provider=Provider(draw(TEXT), draw(DOMAIN)),
        topics=tuple(draw(st.lists(TEXT, max_size=3))),
        images=tuple(draw(st.lists(st.builds(Image, TEXT, st.none() | st.integers(), st.none()), max_size=2))),
        enclosure=draw(enclosure),
        duration=draw(st.none() | st.integers(0, 10**9)),
        authors=tuple(draw(st.lists(TEXT, max_size=2))),
    )
    return Item(str(UUID(int=draw(st.integers(0, 2**128 - 1)))), WHEN, WHEN, story)


@settings(max_examples=150, deadline=None)
@given(item=items(), words=st.tuples(TEXT, TEXT, TEXT, TEXT))
def test_all_text_comes_back_as_it_was(item, words):
    site = replace(SITE, title=words[0], rights=words[1])
    spec = FeedSpec("topics/x", "topic", words[2], words[3])
    rss, atom, js = (a.body for a in render_feed(spec, WHEN, site, [render_entry(item, site)]))
    channel, feed, document = etree.fromstring(rss)[0], etree.fromstring(atom), json.loads(js)
    (entry,) = feed.findall("a:entry", NS)
    (rss_item,) = channel.findall("item")
    title = item.story.title.strip() or document["items"][0]["title"]
    assert title == rss_item.findtext("title") == entry.findtext("a:title", namespaces=NS)
    assert [c.text or "" for c in rss_item.findall("category")] == list(item.story.topics)
    assert [c.get("term") for c in entry.findall("a:category", NS)] == list(item.story.topics)
    assert rss_item.findtext("guid") == entry.findtext("a:id", namespaces=NS) == document["items"][0]["id"]
    assert channel.findtext("title") == feed.findtext("a:title", namespaces=NS) == document["title"]
    assert channel.findtext("description") == document["description"]
    assert (rss_item.find("source") is not None) == bool(item.story.provider.domain)


def read_otherwise(title):
    """Say whether feedparser changes a title on purpose: it repairs UTF-8 read as Latin-1."""
    try:
        return title.encode("latin-1").decode() != title
    except UnicodeError:
        return False


@settings(max_examples=100, deadline=None)
@given(item=items())
def test_feedparser_reads_back_title_and_id(item):
    assume(not read_otherwise(item.story.title))
    rss, atom, js = (a.body for a in render_feed(FeedSpec("x", "topic", "X"), WHEN, SITE, [render_entry(item, SITE)]))
    title = json.loads(js)["items"][0]["title"]
    for body in (atom, rss):
        parsed = feedparser.parse(body)
        assert not parsed.bozo
        (entry,) = parsed.entries
        assert entry.id == f"urn:uuid:{item.id}"
        # RSS has no way to say that a title is plain text: feedparser takes one with a tag or an entity for HTML
        if body is atom or not ("&" in title or "</" in title):
            assert entry.title == title
