"""OPML of our feeds: what stands in it, and that others read it the same."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from feeds.model import FeedSpec, FeedSummary, Site
from feeds.remote.opml import Outline, read_opml
from feeds.render.outlines import render_opml

ALL = FeedSummary(FeedSpec("all", "all", "Faces & society"), 12, datetime(2021, 2, 14, 15, 21, 7, tzinfo=UTC))
BEST = FeedSummary(FeedSpec("top-ai", "custom", "The best of AI"), 3, None)
AI = FeedSummary(
    FeedSpec("topics/künstliche-intelligenz", "topic", "Künstliche Intelligenz", 'Maschinen & "Menschen"'),
    2,
    datetime(2021, 2, 13, tzinfo=UTC),
)
LAW = FeedSummary(FeedSpec("topics/law", "topic", "Law"), 0, None)
REUTERS = FeedSummary(FeedSpec("providers/reuters.com", "provider", "Reuters"), 1, None)

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head>
<title>Faces &amp; society</title>
</head>
<body>
<outline type="rss" text="Faces &amp; society" title="Faces &amp; society" \
description="Facial recognition in public." xmlUrl="https://feeds.example.org/all.rss"/>
<outline text="Custom feeds">
<outline type="rss" text="The best of AI" title="The best of AI" \
description="The newest of The best of AI from Faces &amp; society." xmlUrl="https://feeds.example.org/top-ai.rss"/>
</outline>
<outline text="Topics">
<outline type="rss" text="Künstliche Intelligenz" title="Künstliche Intelligenz" \
description="Maschinen &amp; &quot;Menschen&quot;" \
xmlUrl="https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.rss"/>
</outline>
<outline text="Providers">
<outline type="rss" text="Reuters" title="Reuters" \
description="The newest of Reuters from Faces &amp; society." \
xmlUrl="https://feeds.example.org/providers/reuters.com.rss"/>
</outline>
</body>
</opml>
"""


def outlines(body: bytes) -> list[dict[str, str]]:
    return [dict(element.attrib) for element in etree.fromstring(body).iter("outline")]


def test_feeds_of_several_kinds_stand_in_folders_in_a_fixed_order(site):
    found = render_opml("feeds.opml", "Faces & society", [REUTERS, AI, ALL, BEST], site)
    assert found.path == "feeds.opml"
    assert found.body.decode() == WHOLE


def test_feeds_of_one_kind_stand_in_no_folder_and_in_the_order_given(site):
    body = render_opml("topics.opml", "Topics", [LAW, AI], site).body
    assert [each["text"] for each in outlines(body)] == ["Law", "Künstliche Intelligenz"]


def test_a_list_changes_only_when_a_feed_comes_or_goes(site):
    newer = replace(AI, count=99, updated=datetime(2030, 1, 1, tzinfo=UTC))
    assert render_opml("topics.opml", "Topics", [newer], site) == render_opml("topics.opml", "Topics", [AI], site)


def test_a_list_of_nothing_is_a_list(site):
    body = render_opml("topics.opml", "Topics", [], site).body
    assert outlines(body) == [{"text": "No feeds yet"}]
    assert read_opml(body) == ()


@pytest.mark.parametrize(
    ("formats", "url"),
    [
        (("rss", "atom", "json"), "https://feeds.example.org/all.rss"),
        (("atom", "json"), "https://feeds.example.org/all.atom"),
        (("json",), "https://feeds.example.org/all.json"),
    ],
)
def test_the_first_format_of_the_site_is_listed_and_readers_take_it_for_a_feed(site, formats, url):
    [found] = outlines(render_opml("feeds.opml", "x", [ALL], replace(site, formats=formats)).body)
    assert (found["type"], found["xmlUrl"]) == ("rss", url)


def test_pages_are_named_where_there_are_any(site):
    [found] = outlines(render_opml("topics.opml", "x", [AI], site, pages=True).body)
    assert found["htmlUrl"] == "https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.html"
    assert "htmlUrl" not in outlines(render_opml("topics.opml", "x", [AI], site).body)[0]


def test_our_own_reader_reads_it(site):
    url = "https://feeds.example.org/"
    assert read_opml(render_opml("feeds.opml", "x", [ALL, AI], site, pages=True).body) == (
        Outline(url + "all.rss", "Faces & society", url + "all.html"),
        Outline(
            url + "topics/k%C3%BCnstliche-intelligenz.rss",
            "Künstliche Intelligenz",
            url + "topics/k%C3%BCnstliche-intelligenz.html",
            categories=(("Topics",),),
        ),
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Research & Development", "Research & Development"),
        ("AT&T", "AT&amp;T"),
        ("&copy; means ©", "&amp;copy; means ©"),
        ("a &lt; b", "a &amp;lt; b"),
        ("List<b>", "List&lt;b>"),
        ("1 < 2", "1 &lt; 2"),
        ("<script>x</script>", "&lt;script>x&lt;/script>"),
        ("two\n lines", "two lines"),
        ("\"both\" 'quotes'", "\"both\" 'quotes'"),
        ("ends with &", "ends with &"),
    ],
)
def test_text_is_html_that_means_the_title(site, title, written):
    summary = FeedSummary(FeedSpec("topics/x", "topic", title, title), 0, None)
    body = render_opml("topics.opml", title, [summary], site).body
    [found] = outlines(body)
    assert (found["text"], found["title"], found["description"]) == (written,) * 3
    assert etree.fromstring(body).findtext("head/title") == written


PLAIN = some.text(some.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1)


@given(PLAIN.filter(str.strip))
def test_any_title_comes_back_from_html_and_is_never_a_tag(title):
    site = Site("https://feeds.example.org/", "Site", "")
    summary = FeedSummary(FeedSpec("topics/x", "topic", title, "about"), 0, None)
    [found] = outlines(render_opml("topics.opml", "x", [summary], site).body)
    assert unescape(found["text"]) == " ".join(title.split())
    assert "<" not in found["text"]
