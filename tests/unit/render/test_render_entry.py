import json
import sys
from dataclasses import replace

import pytest
from lxml import etree

from feeds.model import Enclosure, Image, Provider
from feeds.render import feed_id, render_entry

RSS = '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">%s</rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">%s</feed>'
NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
SOUND = Enclosure("https://cdn.example.com/talk.mp3?a=1&b=2", "audio/mpeg", 1234)


def rss(entry):
    return etree.fromstring(RSS % entry.rss.decode())[0]


def atom(entry):
    return etree.fromstring(ATOM % entry.atom.decode())[0]


def test_an_item_is_one_line_in_every_format(item_of, site):
    entry = render_entry(item_of(), site)
    assert entry.rss.startswith(b"<item><title>")
    assert entry.rss.endswith(b"</item>")
    assert entry.atom.startswith(b"<entry><id>urn:uuid:")
    assert entry.atom.endswith(b"</entry>")
    assert entry.json.startswith(b'{"id":"urn:uuid:')
    assert all(b"\n" not in part for part in (entry.rss, entry.atom, entry.json))


def test_the_id_is_the_same_in_every_format(item_of, site):
    item = item_of()
    entry, urn = render_entry(item, site), f"urn:uuid:{item.id}"
    assert rss(entry).find("guid").text == urn
    assert rss(entry).find("guid").get("isPermaLink") == "false"
    assert atom(entry).findtext("a:id", namespaces=NS) == urn
    assert json.loads(entry.json)["id"] == urn


def test_the_two_times_are_the_same_in_every_format(item_of, site):
    entry = render_entry(item_of(1), site)
    assert rss(entry).findtext("pubDate") == "Thu, 11 Feb 2021 20:09:00 +0000"
    assert atom(entry).findtext("a:published", namespaces=NS) == "2021-02-11T20:09:00+00:00"
    assert atom(entry).findtext("a:updated", namespaces=NS) == "2021-02-12T20:09:00+00:00"
    assert json.loads(entry.json)["date_published"] == "2021-02-11T20:09:00Z"
    assert json.loads(entry.json)["date_modified"] == "2021-02-12T20:09:00Z"


@pytest.mark.parametrize(
    ("title", "in_rss", "in_atom"),
    [
        ("AT&T", b"AT&#x26;T", b"AT&#x26;T"),
        ("a<b", b"a&#x3C;b", b"a&#x3C;b"),
        ("1&1 > 0", b"1&#x26;1 &gt; 0", b"1&#x26;1 &gt; 0"),
        ("]]>", b"]]&gt;", b"]]&gt;"),
        ("“curly” & 日本語 😀", "“curly” &#x26; 日本語 😀".encode(), "“curly” &#x26; 日本語 😀".encode()),
    ],
)
def test_a_title_is_plain_text(item_of, site, title, in_rss, in_atom):
    entry = render_entry(item_of(title=title), site)
    assert b"<title>" + in_rss + b"</title>" in entry.rss
    assert b"<title>" + in_atom + b"</title>" in entry.atom
    assert json.loads(entry.json)["title"] == title
    assert rss(entry).findtext("title") == atom(entry).findtext("a:title", namespaces=NS) == title


def test_an_excerpt_is_escaped_html_in_xml_and_plain_in_json(item_of, site):
    entry = render_entry(item_of(summary='AT&T says "a<b"'), site)
    assert rss(entry).findtext("description") == 'AT&amp;T says "a&lt;b"'
    summary = atom(entry).find("a:summary", namespaces=NS)
    assert (summary.get("type"), summary.text) == ("html", 'AT&amp;T says "a&lt;b"')
    assert json.loads(entry.json)["content_text"] == 'AT&T says "a<b"'


def test_names_of_topics_and_people_are_plain_text(item_of, site):
    barnes = Provider("Barnes & Noble", "bn.com")
    entry = render_entry(item_of(topics=("R&D", "C++"), provider=barnes), site)
    assert b">R&#x26;D</category>" in entry.rss
    assert b"<dc:creator>Barnes &#x26; Noble</dc:creator>" in entry.rss
    assert entry.rss_source.endswith(b">Barnes &#x26; Noble</source>")
    assert b"<name>Barnes &#x26; Noble</name>" in entry.atom
    assert json.loads(entry.json)["tags"] == ["R&D", "C++"]


def test_topics_are_categories_of_our_scheme(item_of, site):
    entry = render_entry(item_of(), site)
    assert [(c.text, c.get("domain")) for c in rss(entry).findall("category")] == [
        ("Computer Vision", "https://feeds.example.org/topics/"),
        ("AI", "https://feeds.example.org/topics/"),
    ]
    assert [dict(c.attrib) for c in atom(entry).findall("a:category", NS)] == [
        {"term": topic, "scheme": "https://feeds.example.org/topics/", "label": topic}
        for topic in ("Computer Vision", "AI")
    ]


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        (Provider("Reuters", "reuters.com"), "Reuters"),
        (Provider("", "reuters.com"), "reuters.com"),
        (Provider(" ", ""), "Faces & society"),
    ],
)
def test_an_item_without_a_title_shows_its_publisher(item_of, site, provider, name):
    entry = render_entry(item_of(title=" ", provider=provider), site)
    assert rss(entry).findtext("title") == atom(entry).findtext("a:title", namespaces=NS) == name
    assert json.loads(entry.json)["title"] == name


def test_without_an_excerpt_the_title_stands_in_where_a_text_is_required(item_of, site):
    entry = render_entry(item_of(title="a<b", summary=""), site)
    assert rss(entry).find("description") is None
    assert atom(entry).findtext("a:summary", namespaces=NS) == "a&lt;b"
    assert json.loads(entry.json)["content_text"] == "a<b"


@pytest.mark.parametrize(("summary", "content"), [("An excerpt & more", "An excerpt &amp; more"), ("", "The title")])
def test_an_item_without_a_page_has_content_and_leads_to_its_place_on_ours(item_of, site, summary, content):
    item = item_of(title="The title", summary=summary, link="")
    entry = render_entry(item, site)
    place = f"https://www.example.org/#{item.id}"
    assert rss(entry).findtext("link") == place
    assert rss(entry).findtext("description") == content
    assert rss(entry).find("{http://purl.org/rss/1.0/modules/content/}encoded") is None
    assert dict(atom(entry).find("a:link", NS).attrib) == {"href": place, "rel": "alternate", "type": "text/html"}
    found = atom(entry).find("a:content", NS)
    assert (found.get("type"), found.text) == ("html", content)
    assert json.loads(entry.json)["url"] == place


def test_the_publisher_is_the_author_where_no_person_is_named(item_of, site):
    entry = render_entry(item_of(), site)
    assert rss(entry).findtext("dc:creator", namespaces=NS) == "Reuters"
    assert atom(entry).findtext("a:author/a:uri", namespaces=NS) == "https://reuters.com/"
    assert json.loads(entry.json)["authors"] == [{"name": "Reuters", "url": "https://reuters.com/"}]


def test_persons_are_the_authors_where_they_are_named(item_of, site):
    entry = render_entry(item_of(authors=("Jane Doe", "", "Max Müller & Co")), site)
    names = ["Jane Doe", "Max Müller & Co"]
    assert [e.text for e in rss(entry).findall("dc:creator", NS)] == names
    assert [e.text for e in atom(entry).findall("a:author/a:name", NS)] == names
    assert json.loads(entry.json)["authors"] == [{"name": name} for name in names]


def test_the_source_is_kept_beside_the_entry(item_of, site):
    entry = render_entry(item_of(1), site)
    assert b"<source" not in entry.rss + entry.atom
    assert entry.rss_source == b'<source url="https://feeds.example.org/providers/reuters.com.rss">Reuters</source>'
    source = etree.fromstring(entry.atom_source)
    assert [(e.tag, e.text) for e in source[:3]] == [
        ("id", feed_id(site, "providers/reuters.com")),
        ("title", "Reuters"),
        ("updated", "2021-02-12T20:09:00+00:00"),
    ]
    assert [(e.get("rel"), e.get("href")) for e in source[3:]] == [
        ("self", "https://feeds.example.org/providers/reuters.com.atom"),
        ("alternate", "https://www.example.org/"),
    ]


def test_without_a_domain_there_is_no_source_and_no_address(item_of, site):
    entry = render_entry(item_of(provider=Provider("Somebody", "")), site)
    assert (entry.rss_source, entry.atom_source) == (b"", b"")
    assert atom(entry).find("a:author/a:uri", NS) is None


@pytest.mark.parametrize(
    ("image", "sizes"),
    [
        (Image("https://a.example/x?a=1&b=2", 810, 545), {"width": "810", "height": "545"}),
        (Image("https://a.example/x", 810, None), {"width": "810"}),
        (Image("https://a.example/x", 0, -5), {}),
    ],
)
def test_the_first_picture_is_shown_with_the_sizes_it_has(item_of, site, image, sizes):
    entry = render_entry(item_of(images=(image, Image("https://a.example/second"))), site)
    for element in (rss(entry), atom(entry)):
        (content,) = element.findall("media:content", NS)
        (thumbnail,) = element.findall("media:thumbnail", NS)
        assert dict(content.attrib) == {"url": image.url, "medium": "image", **sizes}
        assert dict(thumbnail.attrib) == {"url": image.url, **sizes}
    assert json.loads(entry.json)["image"] == image.url


def test_an_enclosure_never_becomes_the_article(item_of, site):
    entry = render_entry(item_of(link="https://a.example/article", enclosure=SOUND), site)
    assert [dict(e.attrib) for e in rss(entry).findall("enclosure")] == [
        {"url": SOUND.url, "length": "1234", "type": "audio/mpeg"}
    ]
    assert [dict(e.attrib) for e in atom(entry).findall("a:link", NS)] == [
        {"href": "https://a.example/article", "rel": "alternate", "type": "text/html"},
        {"href": SOUND.url, "rel": "enclosure", "type": "audio/mpeg", "length": "1234"},
    ]
    assert json.loads(entry.json)["attachments"] == [
        {"url": SOUND.url, "mime_type": "audio/mpeg", "size_in_bytes": 1234}
    ]


def test_an_enclosure_of_unknown_type_and_length_is_still_valid(item_of, site):
    entry = render_entry(item_of(enclosure=Enclosure("https://a.example/x", "", -1)), site)
    assert dict(rss(entry).find("enclosure").attrib) == {
        "url": "https://a.example/x",
        "length": "0",
        "type": "application/octet-stream",
    }
    assert dict(atom(entry).findall("a:link", NS)[1].attrib) == {"href": "https://a.example/x", "rel": "enclosure"}
    assert json.loads(entry.json)["attachments"] == [
        {"url": "https://a.example/x", "mime_type": "application/octet-stream"}
    ]


def test_a_playing_time_belongs_to_the_enclosure(item_of, site):
    entry = render_entry(item_of(images=(), enclosure=SOUND, duration=90), site)
    for element in (rss(entry), atom(entry)):
        assert [dict(e.attrib) for e in element.findall("media:content", NS)] == [
            {"url": SOUND.url, "type": "audio/mpeg", "medium": "audio", "duration": "90"}
        ]
    assert json.loads(entry.json)["attachments"][0]["duration_in_seconds"] == 90


def test_a_playing_time_without_an_enclosure_is_only_in_our_json_extension(item_of, site):
    entry = render_entry(item_of(duration=3600, kind="video"), site)
    assert b"duration" not in entry.rss + entry.atom
    assert json.loads(entry.json)["_feeds"] == {
        "provider": {"name": "Reuters", "domain": "reuters.com"},
        "kind": "video",
        "duration": 3600,
    }


@pytest.mark.parametrize("formats", [("rss",), ("atom",), ("json",), ("atom", "json")])
def test_only_the_formats_of_the_site_are_rendered(item_of, site, formats):
    entry = render_entry(item_of(), replace(site, formats=formats))
    whole = render_entry(item_of(), site)
    for ending in ("rss", "atom", "json"):
        assert getattr(entry, ending) == (getattr(whole, ending) if ending in formats else b"")
    assert bool(entry.rss_source) == ("rss" in formats)
    assert bool(entry.atom_source) == ("atom" in formats)


def test_what_readers_are_not_to_see_stays_out(item_of, site):
    entry = render_entry(
        item_of(quality=8888, heat=7777, amp="https://amp.example/", cdn_amp="https://c.example/"), site
    )
    for word in (b"8888", b"7777", b"amp.example", b"c.example"):
        assert word not in entry.rss + entry.atom + entry.json


def test_the_locale_of_the_process_is_never_set(item_of, site):
    from feeds.model import FeedSpec
    from feeds.render import render_feed

    called = set()
    sys.setprofile(lambda _frame, event, arg: called.add(arg.__name__) if event == "c_call" else None)
    try:
        render_feed(FeedSpec("all", "all", "All"), item_of().updated, site, [render_entry(item_of(), site)])
    finally:
        sys.setprofile(None)
    assert "isoformat" in called
    assert "setlocale" not in called
