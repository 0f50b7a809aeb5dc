"""Real readers on real files: what subscribers see."""

import feedparser
import pytest
from reader import make_reader

from feeds.model import Enclosure, FeedSpec, Provider
from feeds.render import render_entry, render_feed

TITLE = "AT&T says a<b & 1&1"


@pytest.fixture
def folder(tmp_path, item_of, site):
    items = [
        item_of(1, title=TITLE, summary="x < y & z"),
        item_of(2, enclosure=Enclosure("https://cdn.example.com/a.mp3", "audio/mpeg", 5)),
        item_of(3, images=(), topics=(), authors=("Jane Doe",)),
        item_of(4, title="", provider=Provider("nyoooz.com", "nyoooz.com")),
    ]
    entries = [render_entry(item, site) for item in items]
    for artifact in render_feed(FeedSpec("all", "all", "Faces & society"), items[-1].updated, site, entries):
        (tmp_path / artifact.path).write_bytes(artifact.body)
    return tmp_path


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_the_reader_library_shows_every_entry(folder, item_of, ending):
    # reader 3.26 holds a feedparser that imports sgmllib, which the feedparser package brought until 6.0.14
    pytest.importorskip("sgmllib")
    with make_reader(":memory:", feed_root=str(folder)) as reader:
        reader.add_feed(f"all.{ending}")
        reader.update_feeds()
        feed = reader.get_feed(f"all.{ending}")
        assert (feed.title, feed.link) == ("Faces & society", "https://www.example.org/")
        found = {entry.id: entry for entry in reader.get_entries()}
    assert len(found) == 4
    for number in (1, 2, 3, 4):
        item = item_of(number)
        entry = found[f"urn:uuid:{item.id}"]
        assert entry.link == item.story.link
        assert entry.published == item.published
    assert found[f"urn:uuid:{item_of(1).id}"].title == TITLE
    assert found[f"urn:uuid:{item_of(2).id}"].enclosures[0].href == "https://cdn.example.com/a.mp3"
    assert found[f"urn:uuid:{item_of(3).id}"].authors_str == "Jane Doe"
    assert found[f"urn:uuid:{item_of(4).id}"].title == "nyoooz.com"


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_feedparser_sees_links_pictures_topics_and_text(folder, ending):
    parsed = feedparser.parse((folder / f"all.{ending}").read_bytes())
    assert not parsed.bozo
    first, second = parsed.entries[:2]
    assert first.summary == "x &lt; y &amp; z"
    assert first.media_thumbnail[0]["width"] == "810"
    assert [tag.term for tag in first.tags] == ["Computer Vision", "AI"]
    assert first.author == "Reuters"
    assert first.source.title == "Reuters"
    assert [link.href for link in second.links if link.rel == "enclosure"] == ["https://cdn.example.com/a.mp3"]
    assert second.link.startswith("https://www.reuters.com/")
