"""The whole text of a story, its language and who else reports it, in every format."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.model import Enclosure, FeedSpec, Item, Provider, Site, Story
from feeds.model.item import Mention
from feeds.render import render_entry, render_feed

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WHEN = datetime(2021, 2, 14, 15, 21, tzinfo=UTC)
AI = FeedSpec("topics/ai", "topic", "AI")
ARTICLE = '<p>R&amp;D says <em>x</em> &lt; y.</p>\n<pre>a\r\n  b</pre><p>]]&gt; <a href="https://a.example/?a=1&amp;b=2">x</a></p>'
TRUST = Mention(
    "Thomson Reuters Foundation", "news.trust.org", "https://news.trust.org/item/1?a=1&b=2", 'A "title" & 1&1'
)
LINE = '<p>Also reported by: <a href="https://news.trust.org/item/1?a=1&amp;b=2">Thomson Reuters Foundation</a></p>'


def shown(item, site):
    """Return the RSS item, the Atom entry and the JSON item of a feed with only this one."""
    rss, atom, js = (artifact.body for artifact in render_feed(AI, WHEN, site, [render_entry(item, site)]))
    return (
        etree.fromstring(rss).find("channel/item"),
        etree.fromstring(atom).find("a:entry", NS),
        json.loads(js)["items"][0],
    )


def text(element, path):
    return element.findtext(path, namespaces=NS)


def test_the_whole_text_stands_beside_the_excerpt(item_of, site):
    rss, atom, js = shown(item_of(summary="a<b", content=ARTICLE), site)
    assert text(rss, "content:encoded") == text(atom, "a:content") == js["content_html"] == ARTICLE
    assert text(rss, "description") == text(atom, "a:summary") == "a&lt;b"
    assert atom.find("a:content", NS).get("type") == "html"
    assert js["summary"] == "a<b"
    assert "content_text" not in js
    tags = [element.tag for element in rss]
    assert tags.index("description") < tags.index("{http://purl.org/rss/1.0/modules/content/}encoded")


@pytest.mark.parametrize("link", ["https://a.example/", ""])
def test_without_an_excerpt_the_rss_description_is_the_whole_text(item_of, site, link):
    rss, atom, js = shown(item_of(summary="", content=ARTICLE, link=link), site)
    assert text(rss, "description") == text(atom, "a:content") == js["content_html"] == ARTICLE
    assert text(rss, "content:encoded") is text(atom, "a:summary") is None
    assert "summary" not in js


def test_an_item_without_a_page_shows_its_whole_text_once(item_of, site):
    rss, atom, _ = shown(item_of(summary="An excerpt.", content=ARTICLE, link=""), site)
    assert [element.text for element in atom.findall("a:content", NS)] == [ARTICLE]
    assert text(atom, "a:summary") == text(rss, "description") == "An excerpt."


def test_a_text_of_many_lines_is_one_line_of_the_file(item_of, site):
    entry = render_entry(item_of(content=ARTICLE), site)
    assert not any(b"\n" in part or b"\r" in part for part in (entry.rss, entry.atom, entry.json))


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_text_is_none(item_of, site, content):
    assert render_entry(item_of(content=content), site) == render_entry(item_of(), site)


@pytest.mark.parametrize(
    ("site_language", "language", "told"),
    [("en", "de", "de"), ("en", "en-GB", "en-GB"), ("en", "EN", None), ("en", "", None), ("de-AT", "de-at", None)],
)
def test_the_language_is_told_where_it_is_not_the_site_s(item_of, site, site_language, language, told):
    rss, atom, js = shown(item_of(language=language), replace(site, language=site_language))
    assert text(rss, "dc:language") == atom.get(LANG) == js.get("language") == told


def test_a_line_at_the_end_of_the_excerpt_names_who_else_reports_it(item_of, site):
    rss, atom, js = shown(item_of(summary="a<b", also=(TRUST,)), site)
    assert text(rss, "description") == text(atom, "a:summary") == js["content_html"] == f"a&lt;b {LINE}"
    assert "content_text" not in js
    assert text(atom, "a:content") is None


def test_both_the_excerpt_and_the_whole_text_end_with_the_line(item_of, site):
    rss, atom, js = shown(item_of(summary="a<b", content=ARTICLE, also=(TRUST,)), site)
    assert text(rss, "description") == text(atom, "a:summary") == f"a&lt;b {LINE}"
    assert text(rss, "content:encoded") == text(atom, "a:content") == js["content_html"] == f"{ARTICLE} {LINE}"
    assert js["summary"] == "a<b"


@pytest.mark.parametrize(("link", "element"), [("https://a.example/", "a:summary"), ("", "a:content")])
def test_the_line_is_all_the_text_of_a_story_without_any(item_of, site, link, element):
    rss, atom, js = shown(item_of(summary="", also=(TRUST,), link=link), site)
    assert text(rss, "description") == text(atom, element) == js["content_html"] == LINE


@pytest.mark.parametrize(
    ("mention", "named"),
    [
        (Mention("Barnes & <b>", "bn.com", "", ""), "Barnes &amp; &lt;b&gt;"),
        (Mention(" ", "bn.com", "", "T"), "bn.com"),
        (Mention("", "", "https://x.example/a", "T"), '<a href="https://x.example/a">T</a>'),
        (Mention("", "", "https://x.example/a", ""), '<a href="https://x.example/a">https://x.example/a</a>'),
    ],
)
def test_who_has_no_name_or_page_is_named_all_the_same(item_of, site, mention, named):
    rss, _, _ = shown(item_of(summary="", also=(mention, TRUST)), site)
    assert text(rss, "description") == LINE.replace(": <a", f": {named}, <a")


def test_every_report_with_a_page_is_a_related_link(item_of, site):
    nameless, unlinked = Mention("B", "b.example", "https://b.example/", " "), Mention("C", "c.example", "", "C")
    rss, atom, js = shown(item_of(also=(TRUST, nameless, unlinked)), site)
    expected = [
        {"href": TRUST.url, "rel": "related", "title": TRUST.title},
        {"href": "https://b.example/", "rel": "related", "title": "B"},
    ]
    for element in (rss, atom):
        links = [dict(link.attrib) for link in element.findall("a:link", NS)]
        assert [link for link in links if link["rel"] == "related"] == expected
    assert js["_feeds"]["also"] == [
        {"name": TRUST.name, "domain": TRUST.domain, "url": TRUST.url},
        {"name": "B", "domain": "b.example", "url": "https://b.example/"},
        {"name": "C", "domain": "c.example"},
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_a_reader_opens_the_article_and_not_a_report(item_of, site, number):
    item = item_of(
        also=(TRUST,), content=ARTICLE, language="ru", enclosure=Enclosure("https://a.example/a.mp3", "audio/mpeg")
    )
    parsed = feedparser.parse(render_feed(AI, WHEN, site, [render_entry(item, site)])[number].body)
    (entry,) = parsed.entries
    assert not parsed.bozo
    assert entry.link == item.story.link
    assert [link.href for link in entry.links if link.rel == "related"] == [TRUST.url]
    assert [link.href for link in entry.links if link.rel == "enclosure"] == ["https://a.example/a.mp3"]
    assert (entry.content[0].language if number else entry.language) == "ru"


def test_no_prefix_is_declared_that_was_not_there(item_of, site):
    bare, full = item_of(), item_of(content=ARTICLE, language="ru", also=(TRUST,))
    before, after = (render_feed(AI, WHEN, site, [render_entry(item, site)]) for item in (bare, full))
    for old, new in zip(before, after, strict=True):
        assert re.findall(rb"xmlns[^ >]*", old.body) == re.findall(rb"xmlns[^ >]*", new.body)


# XML 1.0 production 2, `Char`: sanitised HTML may hold line ends and tabs, but no other control character
LEGAL = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30)
PIECES = [
    "&amp;",
    "&lt;b&gt;",
    "&amp;amp;",
    "<b>",
    "</b>",
    "<p>",
    "]]&gt;",
    "\n",
    "\r",
    "\t",
    '"',
    "'",
    "</content>",
    "é",
    " ",
]
HTML = (LEGAL | st.lists(st.sampled_from(PIECES)).map("".join)).map(str.strip)
NAME = LEGAL | st.lists(st.sampled_from(["&", "<", ">", '"', "&amp;", "</a>", "x"])).map("".join)
SITE = Site("https://feeds.example.org/", "Faces", "")


@settings(max_examples=150, deadline=None)
@given(html=HTML.filter(bool), summary=LEGAL, mentions=st.lists(st.builds(Mention, NAME, NAME, NAME, NAME), max_size=3))
def test_any_text_comes_back_as_it_was_written(html, summary, mentions):
    story = Story("T", summary, "https://a.example/", "article", Provider("P", "p.example"), content=html)
    item = Item("0f5a3c2e-0000-5000-8000-000000000001", WHEN, WHEN, replace(story, also=tuple(mentions)))
    rss, atom, js = shown(item, SITE)
    content = text(rss, "content:encoded") or text(rss, "description")
    assert content == text(atom, "a:content") == js["content_html"]
    assert content.startswith(html)
    named = any("".join((mention.name, mention.domain, mention.url, mention.title)).strip() for mention in mentions)
    assert (content != html) == (content.count("<p>Also reported by: ") == 1) == named
    for element in (rss, atom):
        related = [link for link in element.findall("a:link", NS) if link.get("rel") == "related"]
        assert [link.get("href") for link in related] == [mention.url for mention in mentions if mention.url]


def repaired(html):
    """Say whether feedparser changes a text on purpose: it repairs UTF-8 read as Latin-1."""
    try:
        return html.encode("latin-1").decode() != html
    except UnicodeError:
        return False


@settings(max_examples=150, deadline=None)
@given(html=HTML.filter(lambda html: html and not repaired(html)), summary=LEGAL.map(str.strip))
def test_feedparser_reads_back_the_text_that_was_written(html, summary):
    story = Story("T", summary, "https://a.example/", "article", Provider("P", "p.example"), content=html)
    entry = render_entry(Item("0f5a3c2e-0000-5000-8000-000000000001", WHEN, WHEN, story), SITE)
    for artifact in render_feed(AI, WHEN, SITE, [entry])[:2]:
        parsed = feedparser.parse(artifact.body, sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo
        (found,) = parsed.entries
        assert (found.content[0].value if "content" in found else found.summary) == html
