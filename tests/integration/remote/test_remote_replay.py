"""A source over three weeks, hour by hour: what happens to sources happens, and readers see nothing of it twice."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from project import START, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import run_poll, source_states

pytestmark = pytest.mark.slow

HOUR, DAY = 3_600, 86_400
WEEKS = 3
SHORTEST, LONGEST = HOUR // 2, 12 * HOUR


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


def entry(number: int, *, edition: int = 0, guid: str = "", date: int | None = START) -> Entry:
    title = f"Story number {number}" + (f", edition {edition}" if edition else "")
    return Entry(title, f"https://remote.example/{number}", guid or f"g{number}", f"Text of story {number}.", date)


class World:
    """What the publisher does from hour to hour; `stories` is how many it ever told."""

    def __init__(self, server: Remote) -> None:
        self.server, self.dice = server, random.Random(7)
        self.listed: list[Entry] = []
        self.stories = 0

    def hour(self, at: int) -> None:
        """Let an hour pass."""
        if self.dice.random() < 0.25:
            odd = {0: None, 1: at + 30 * DAY, 2: 0}.get(self.dice.randrange(12), at)
            self.listed.insert(0, entry(self.stories, date=odd))
            self.stories += 1
        if self.listed and self.dice.random() < 0.1:
            place = self.dice.randrange(len(self.listed))
            old = self.listed[place]
            self.listed[place] = Entry(
                old.title.split(",")[0] + f", edition {at}", old.link, old.guid, old.text, old.date
            )
        del self.listed[12:]
        shown = self.listed if self.dice.random() < 0.8 else self.dice.sample(self.listed, len(self.listed))
        if self.dice.random() < 0.1:  # guids made anew at this fetch
            shown = [Entry(e.title, e.link, f"new {at} {n}", e.text, e.date) for n, e in enumerate(shown)]
        if shown and self.dice.random() < 0.1:
            shown = [*shown, shown[0]]
        page = Page(rss(*shown), etag=f'"{hash(tuple(shown))}"')
        outage = 200 * HOUR <= at - START < 248 * HOUR
        self.server.pages["/feed"] = Page(status=503) if outage else page


def test_weeks_of_a_source(tmp_path: Path, server: Remote) -> None:
    project = Project(tmp_path / "project")
    source = {"url": server.url + "/feed", "id": "s", "provider": {"domain": "remote.example"}}
    project.configure(
        links={"allow_networks": ["127.0.0.0/8"]},
        feeds={"limit": 1000, "group_same_stories": False},
        sources=[source],
        polling={"interval_min": "30m", "interval_max": "12h", "retention_days": 365},
    )
    world, published = World(server), dict[str, str]()
    asked: list[int] = []
    for hour in range(WEEKS * 7 * 24):
        now = START + hour * HOUR
        world.hour(now)
        report = run_poll(project.loaded(), clock=lambda: now)  # noqa: B023  it is called at once
        if report.results:
            asked.append(now)
        before = project.stamps() if project.out.exists() else {}
        project.build(now)
        if hour and not report.news:
            # Entries of tomorrow may appear by themselves; nothing else may.
            assert project.stamps().keys() == before.keys()
        items = project.items()
        assert len({item["url"] for item in items.values()}) == len(items), "one story twice"
        for key, item in items.items():
            assert published.setdefault(key, item["date_published"]) == item["date_published"], "a date moved"
        assert set(published) <= set(items), "a story vanished"
    assert len(published) <= world.stories
    assert len(published) >= world.stories * 0.9
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    good = [gap for gap, at in zip(gaps, asked, strict=False) if not 199 * HOUR <= at - START < 250 * HOUR]
    assert min(good) >= SHORTEST
    assert max(good) <= LONGEST * 1.2 + HOUR
    state = source_states(project.loaded())["s"]
    assert state.fails == 0
