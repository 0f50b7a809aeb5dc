import json
from datetime import UTC, datetime

from feeds.model import FeedSpec, FeedSummary
from feeds.render import render_catalogue

AI = FeedSpec("topics/künstliche-intelligenz", "topic", "Künstliche Intelligenz", "Maschinen & Menschen")


def test_the_catalogue_lists_every_feed_in_the_order_given(site):
    seen = FeedSummary(FeedSpec("all", "all", "Faces"), 12, datetime(2021, 2, 14, 15, 21, tzinfo=UTC))
    catalogue = render_catalogue([seen, FeedSummary(AI, 0, None)], site)
    assert catalogue.path == "feeds.json"
    document = json.loads(catalogue.body)
    assert document["title"] == "Faces & society"
    assert [(feed["key"], feed["count"], feed["updated"]) for feed in document["feeds"]] == [
        ("all", 12, "2021-02-14T15:21:00Z"),
        ("topics/künstliche-intelligenz", 0, None),
    ]
    assert document["feeds"][1] == {
        "key": "topics/künstliche-intelligenz",
        "kind": "topic",
        "title": "Künstliche Intelligenz",
        "description": "Maschinen & Menschen",
        "count": 0,
        "updated": None,
        "rss": "https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.rss",
        "atom": "https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.atom",
        "json": "https://feeds.example.org/topics/k%C3%BCnstliche-intelligenz.json",
    }


def test_a_feed_is_one_line_of_the_catalogue(site):
    assert len(render_catalogue([FeedSummary(AI, 0, None)] * 3, site).body.splitlines()) == 11
    assert json.loads(render_catalogue([], site).body)["feeds"] == []


def test_what_is_gone_is_told_in_order_and_only_if_there_is_any(site):
    document = json.loads(render_catalogue([], site, ["topics/z", "all", "providers/künstlich.example"]).body)
    assert document["gone"] == ["all", "providers/künstlich.example", "topics/z"]
    assert list(document)[-2:] == ["gone", "feeds"]
    assert render_catalogue([], site, []) == render_catalogue([], site)
    assert "gone" not in json.loads(render_catalogue([], site).body)
