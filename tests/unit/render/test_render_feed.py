import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from lxml import etree

from feeds.model import FeedSpec, Provider
from feeds.render import feed_id, feed_url, render_entry, render_feed

NS = {"a": "http://www.w3.org/2005/Atom"}
ALL = FeedSpec("all", "all", "Faces & society")
AI = FeedSpec("topics/ai", "topic", "AI", "R&D <of> AI")
REUTERS = FeedSpec("providers/reuters.com", "provider", "Reuters")
IDS = [
    "urn:uuid:3208264c-d578-55cf-b925-673ff41101d2",
    "urn:uuid:54aa9af7-76db-5db4-981d-005d7ad5151d",
    "urn:uuid:38987cc5-61a2-5643-a823-5625d3a71e2c",
]
UPDATED = datetime(2021, 2, 14, 15, 21, tzinfo=UTC)


def rendered(spec, site, entries=(), **options):
    return {artifact.path: artifact.body for artifact in render_feed(spec, UPDATED, site, entries, **options)}


def test_there_is_a_file_for_each_format_of_the_site(site):
    assert list(rendered(AI, site)) == ["topics/ai.rss", "topics/ai.atom", "topics/ai.json"]
    assert list(rendered(AI, replace(site, formats=("json", "rss")))) == ["topics/ai.json", "topics/ai.rss"]


def test_the_head_of_an_rss_feed(site):
    channel = etree.fromstring(rendered(AI, site)["topics/ai.rss"])[0]
    assert {e.tag: e.text for e in channel if len(e) == 0 and not e.attrib} == {
        "title": "AI",
        "link": "https://www.example.org/",
        "description": "R&D <of> AI",
        "copyright": "Excerpts & images belong to their publishers.",
        "docs": "http://www.rssboard.org/rss-specification",
        "generator": "feeds",
        "language": "en",
        "ttl": "60",
        "lastBuildDate": "Sun, 14 Feb 2021 15:21:00 +0000",
    }
    assert [dict(e.attrib) for e in channel.findall("a:link", NS)] == [
        {"href": "https://feeds.example.org/topics/ai.rss", "rel": "self", "type": "application/rss+xml"}
    ]
    assert [(e.tag, e.text) for e in channel.find("image")] == [
        ("url", "https://feeds.example.org/logo.png"),
        ("title", "AI"),
        ("link", "https://www.example.org/"),
    ]


def test_the_head_of_an_rss_feed_is_plain_text(site):
    body = rendered(replace(AI, title="R&D"), site)["topics/ai.rss"]
    assert b"<description>R&#x26;D &#x3C;of&gt; AI</description>" in body
    assert body.count(b"<title>R&#x26;D</title>") == 2


def test_the_head_of_an_atom_feed(site):
    feed = etree.fromstring(rendered(AI, site)["topics/ai.atom"])
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert {etree.QName(e).localname: e.text for e in feed if len(e) == 0 and not e.attrib} == {
        "id": feed_id(site, "topics/ai"),
        "title": "AI",
        "updated": "2021-02-14T15:21:00+00:00",
        "generator": "feeds",
        "logo": "https://feeds.example.org/logo.png",
        "rights": "Excerpts & images belong to their publishers.",
        "subtitle": "R&D <of> AI",
    }
    assert [e.text for e in feed.find("a:author", NS)] == ["Faces & society", "https://www.example.org/"]
    assert [dict(e.attrib) for e in feed.findall("a:link", NS)] == [
        {"href": "https://feeds.example.org/topics/ai.atom", "rel": "self", "type": "application/atom+xml"},
        {"href": "https://www.example.org/", "rel": "alternate", "type": "text/html"},
    ]


def test_the_head_of_a_json_feed(site):
    feed = json.loads(rendered(AI, site)["topics/ai.json"])
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "AI",
        "home_page_url": "https://www.example.org/",
        "feed_url": "https://feeds.example.org/topics/ai.json",
        "description": "R&D <of> AI",
        "icon": "https://feeds.example.org/logo.png",
        "authors": [{"name": "Faces & society", "url": "https://www.example.org/"}],
        "language": "en",
        "items": [],
    }


def test_what_a_site_does_not_say_is_left_out(site):
    bare = replace(site, title="", description="", image="", rights="", home_url="", author="")
    files = rendered(replace(AI, title="", description=""), bare)
    channel = etree.fromstring(files["topics/ai.rss"])[0]
    assert channel.findtext("title") == channel.findtext("link") == "https://feeds.example.org/"
    assert channel.find("image") is None
    assert channel.find("copyright") is None
    feed = etree.fromstring(files["topics/ai.atom"])
    assert feed.find("a:logo", NS) is None
    assert feed.find("a:rights", NS) is None
    assert feed.findtext("a:author/a:name", namespaces=NS) == "https://feeds.example.org/"
    assert "icon" not in json.loads(files["topics/ai.json"])


@pytest.mark.parametrize(
    ("spec", "description"),
    [
        (AI, "R&D <of> AI"),
        (replace(AI, description=""), "The newest of AI from Faces & society."),
        (ALL, "Facial recognition in public."),
        (replace(ALL, kind="custom"), "The newest from Faces & society."),
    ],
)
def test_a_feed_always_has_a_description(site, spec, description):
    files = rendered(spec, site)
    assert etree.fromstring(files[f"{spec.key}.rss"])[0].findtext("description") == description
    assert json.loads(files[f"{spec.key}.json"])["description"] == description


def test_a_feed_shows_its_own_picture_before_the_site_s(site):
    files = rendered(replace(AI, image="https://a.example/ai.png"), site)
    assert etree.fromstring(files["topics/ai.rss"])[0].findtext("image/url") == "https://a.example/ai.png"
    assert json.loads(files["topics/ai.json"])["icon"] == "https://a.example/ai.png"


@pytest.mark.parametrize("count", [0, 1, 50])
def test_every_entry_is_a_line_of_its_own_in_the_order_given(item_of, site, count):
    items = [item_of(number) for number in range(count)]
    files = rendered(ALL, site, [render_entry(item, site) for item in items])
    ids = [f"urn:uuid:{item.id}" for item in items]
    assert re.findall(rb"(?m)^<item>.*(urn:uuid:[0-9a-f-]+).*</item>$", files["all.rss"]) == [i.encode() for i in ids]
    assert re.findall(rb"(?m)^<entry><id>([^<]+)</id>.*</entry>$", files["all.atom"]) == [i.encode() for i in ids]
    assert [item["id"] for item in json.loads(files["all.json"])["items"]] == ids
    assert etree.fromstring(files["all.rss"]).xpath("count(channel/item)") == count
    assert len(files["all.json"].splitlines()) == (11 + count + 1 if count else 11)


def test_all_files_end_with_a_line_end_and_have_no_empty_line(item_of, site):
    for entries in ([], [render_entry(item_of(), site)]):
        for body in rendered(ALL, site, entries).values():
            assert body.endswith((b">\n", b"}\n"))
            assert b"\n\n" not in body


@pytest.mark.parametrize(
    ("spec", "options", "sources"),
    [
        (ALL, {}, 1),
        (AI, {}, 1),
        (replace(AI, kind="custom"), {}, 1),
        (REUTERS, {}, 0),
        (ALL, {"credit": False}, 0),
    ],
)
def test_the_source_is_in_every_feed_but_the_provider_s_own(item_of, site, spec, options, sources):
    files = rendered(spec, site, [render_entry(item_of(), site)], **options)
    channel = etree.fromstring(files[f"{spec.key}.rss"])[0]
    feed = etree.fromstring(files[f"{spec.key}.atom"])
    assert len(channel.findall("item/source")) == sources
    assert len(feed.findall("a:entry/a:source", NS)) == sources
    assert [e.tag for e in channel.find("item")][-1] == (
        "source" if sources else "{http://search.yahoo.com/mrss/}thumbnail"
    )


def test_the_source_names_the_provider_s_feed_as_it_names_itself(item_of, site):
    entry = render_entry(item_of(), site)
    source = etree.fromstring(rendered(ALL, site, [entry])["all.atom"]).find("a:entry/a:source", NS)
    feed = etree.fromstring(rendered(REUTERS, site, [entry])["providers/reuters.com.atom"])
    for path in ("a:id", "a:title"):
        assert source.findtext(path, namespaces=NS) == feed.findtext(path, namespaces=NS)
    assert [dict(e.attrib) for e in source.findall("a:link", NS)] == [
        dict(e.attrib) for e in feed.findall("a:link", NS)
    ]


def test_an_item_of_no_known_provider_has_no_source_in_any_feed(item_of, site):
    entry = render_entry(item_of(provider=Provider("Somebody", "")), site)
    assert all(b"<source" not in body for body in rendered(ALL, site, [entry]).values())


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("all", "https://feeds.example.org/all.rss"),
        ("topics/künstliche-intelligenz", "https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.rss"),
        ("topics/日本", "https://feeds.example.org/topics/%E6%97%A5%E6%9C%AC.rss"),
    ],
)
def test_the_address_of_a_feed_is_ascii_and_leads_to_its_file(site, key, url):
    assert feed_url(site, key, "rss") == url
    path = render_feed(FeedSpec(key, "topic", "T"), UPDATED, site, ())[0].path
    assert unquote(url) == site.base_url + path


def test_the_id_of_a_feed_is_for_ever(site):
    # These are in readers' databases: a change here subscribes everybody to new feeds.
    assert [feed_id(site, key) for key in ("all", "topics/ai", "providers/reuters.com")] == IDS


def test_the_id_of_a_feed_stays_when_the_site_moves(site):
    moved = replace(site, base_url="https://elsewhere.example/feeds/", title="Other")
    assert feed_id(replace(site, authority="elsewhere.example"), "topics/ai") != feed_id(site, "topics/ai")
    for body in (rendered(AI, site)["topics/ai.atom"], rendered(AI, moved)["topics/ai.atom"]):
        assert etree.fromstring(body).findtext("a:id", namespaces=NS) == feed_id(site, "topics/ai")


def test_the_same_entries_give_the_same_bytes(item_of, site):
    first = rendered(ALL, site, [render_entry(item_of(n), site) for n in range(3)])
    assert rendered(ALL, site, [render_entry(item_of(n), site) for n in range(3)]) == first
