"""Remote feeds, asked by the daemon when they are due: news is in the published feeds without anyone touching it."""

from pathlib import Path

import pytest
from project import START, Project
from running import daemon, until
from sources import Entry, Page, remote, rss

pytestmark = pytest.mark.slow


def test_news_from_afar_is_published_and_a_source_that_fails_costs_nothing(tmp_path: Path) -> None:
    with remote() as server:
        server.pages["/good"] = Page(rss(Entry("First", "https://remote.example/1", "1", date=START)), etag='"1"')
        server.pages["/bad"] = Page(status=500)
        sources = [
            {"url": server.url + path, "id": path[1:], "provider": {"domain": "n.example"}, "interval_min": "1m"}
            for path in ("/good", "/bad")
        ]
        project = Project(
            tmp_path / "project",
            {
                "sources": sources,
                "links": {"allow_networks": ["127.0.0.0/8"]},
                "schedule": {"build": "1d", "check": "1d", "poll": "1s", "jitter_seconds": 0},
                "serve": {"admin": ""},
            },
        )
        with daemon(project) as running:
            running.said("at work")
            until(lambda: (project.out / "all.json").exists() and project.titles() == ["First"])
            told = running.said("asked the sources")
            assert (told["asked"], told["news"], told["failed"]) == (2, 1, 1)
            # As it asks at most once a minute, a person asks beside it; the daemon publishes on schedule or by hand.
            assert running.stop() == 0
