"""Feeds name the hubs of their site (WebSub, section 4), each format in its own way."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree

from feeds.model import FeedSpec
from feeds.render import render_catalogue, render_entry, render_feed

ATOM = "{http://www.w3.org/2005/Atom}"
AI = FeedSpec("topics/ai", "topic", "AI")
UPDATED = datetime(2021, 2, 14, 15, 21, tzinfo=UTC)
HUBS = ("https://hub.example/", "https://other.example/hub?a=1&b=2")


@pytest.fixture
def hubbed(site):
    return replace(site, hubs=HUBS)


def files(site, entries=()):
    return {artifact.path.rpartition(".")[2]: artifact.body for artifact in render_feed(AI, UPDATED, site, entries)}


def links(parent):
    return [(each.get("rel"), each.get("href")) for each in parent.iterchildren(ATOM + "link")]


@pytest.mark.parametrize(
    ("format_", "rest"), [("rss", []), ("atom", [("alternate", "https://www.example.org/")])], ids=["rss", "atom"]
)
def test_xml_feeds_link_to_themselves_once_and_to_every_hub_in_order(hubbed, format_, rest):
    root = etree.fromstring(files(hubbed)[format_])
    head = root[0] if format_ == "rss" else root
    own = ("self", f"https://feeds.example.org/topics/ai.{format_}")
    assert links(head) == [own, *(("hub", hub) for hub in HUBS), *rest]


def test_a_json_feed_lists_every_hub_with_its_type(hubbed):
    feed = json.loads(files(hubbed)["json"])
    assert feed["hubs"] == [{"type": "WebSub", "url": hub} for hub in HUBS]
    assert feed["feed_url"] == "https://feeds.example.org/topics/ai.json"


def test_the_rss_link_is_still_the_page(hubbed):
    assert etree.fromstring(files(hubbed)["rss"]).findtext("channel/link") == "https://www.example.org/"


def test_hubs_stand_on_lines_of_their_own_under_the_prefix_that_is_there(hubbed):
    body = files(hubbed)["rss"]
    assert b'\n    <atom:link href="https://hub.example/" rel="hub"/>\n' in body
    assert body.count(b"xmlns") == files(replace(hubbed, hubs=()))["rss"].count(b"xmlns")


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_a_reader_finds_the_hubs(hubbed, item_of, format_):
    parsed = feedparser.parse(files(hubbed, [render_entry(item_of(), hubbed)])[format_])
    assert not parsed.bozo
    assert [link.href for link in parsed.feed.links if link.rel == "hub"] == list(HUBS)


def test_without_hubs_there_is_no_trace_of_them(site, hubbed):
    without, with_ = files(site), files(hubbed)
    assert not any(b"hub" in body for body in without.values())
    for format_, body in with_.items():
        lines = [line for line in body.splitlines() if b"hub.example" not in line and b"other.example" not in line]
        assert lines == without[format_].splitlines()


def test_entries_and_the_catalogue_name_no_hubs(site, hubbed, item_of):
    assert render_entry(item_of(), hubbed) == render_entry(item_of(), site)
    assert render_catalogue((), hubbed) == render_catalogue((), site)
