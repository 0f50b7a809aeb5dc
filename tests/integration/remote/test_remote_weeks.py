"""One source over weeks, hour by hour: whatever it does, a story is one item, and its date is one date.

The clock is an argument; the daemon would ask at the same times.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from lxml import etree
from project import START, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import PollReport, run_poll, source_states
from feeds.config.load import Loaded
from feeds.errors import StateError

HOUR, DAY = 3_600, 86_400
SHORTEST, LONGEST = HOUR, 6 * HOUR
LISTED = 20


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def configure(project: Project, *urls: str, **polling: Any) -> None:
    given = {"interval_min": "1h", "interval_max": "6h", **polling}
    project.configure(
        links={"allow_networks": ["127.0.0.0/8"]},
        feeds={"limit": 1000},
        polling=given,
        sources=[{"url": url, "id": url.rpartition("/")[2], "topics": ["News"]} for url in urls],
    )


def due(project: Project, now: int) -> PollReport:
    """Ask what is due."""
    return run_poll(project.loaded(), clock=lambda: now)


@dataclass
class Publisher:
    """Whoever writes the feed: `stories` is what it lists, newest first; `told` the numbers of all it ever listed."""

    stories: list[Entry] = field(default_factory=list)
    number: int = 0
    fetches: int = 0
    told: set[int] = field(default_factory=set)

    def write(self, now: int, **fields: Any) -> None:
        """Add a story, dated now if nothing else is said."""
        entry = Entry(
            f"Story {self.number}", f"https://remote.example/{self.number}", f"guid-{self.number}", date=now - 600
        )
        self.stories = [replace(entry, **fields), *self.stories][:LISTED]
        self.number += 1

    def edit(self, place: int, **fields: Any) -> None:
        """Change a story that is listed."""
        self.stories[place] = replace(self.stories[place], **fields)

    def page(self, *, churning: bool = False) -> Page:
        """Return what is answered now; churning, every guid is another one at each fetch."""
        self.fetches += 1
        listed = self.stories
        if churning:
            listed = [replace(story, guid=f"{story.guid}?{self.fetches}") for story in listed]
        body = rss(*listed)
        return Page(body, etag=f'"{sha256(body).hexdigest()[:8]}"')


def at(day: float) -> int:
    """Return an hour of the replay by its day."""
    return round(day * 24)


def publish(publisher: Publisher, hour: int, now: int) -> None:
    """Let the publisher do what it does in this hour."""
    if hour % 7 == 0:
        publisher.write(now)
    match hour:
        case 50 | 51 | 52:
            publisher.edit(1, title=f"{publisher.stories[1].title.split(',')[0]}, corrected {hour}")
        case 60:
            publisher.edit(2, date=now + 5 * HOUR)  # a story that claims to be new again
        case 72 | 80:
            publisher.stories.reverse()
        case 170:
            publisher.write(now, date=now + DAY - 1)
        case 180:
            publisher.write(now, date=now + 400 * DAY)
        case 190 | 191:
            publisher.write(now, date=None)
        case 200:
            publisher.edit(0, date=now)  # the date that was missing is there at last
        case 400:
            publisher.stories.insert(0, replace(publisher.stories[3], text="The same one again, in other words."))
        case 410:
            publisher.stories[5:5] = [publisher.stories[5]] * 3


def answer(publisher: Publisher, hour: int, server: Remote) -> None:
    """Have the server answer as it does in this hour."""
    page = publisher.page(churning=at(4) <= hour < at(6))
    server.pages["/old"] = page
    server.pages["/new"] = page
    if at(9) <= hour < at(11):
        server.pages["/old"] = Page(b"<html>Sorry</html>", status=502)
    elif at(12) <= hour < at(15):
        server.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    elif hour >= at(15):
        server.pages["/old"] = Page(status=404)
    if hour >= at(20):
        server.pages["/new"] = Page(status=410)


@dataclass
class Witness:
    """What was published so far: the id and the date of every story, by its number."""

    project: Project
    ids: dict[int, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    polls: list[tuple[int, str]] = field(default_factory=list)

    def look(self, told: set[int]) -> None:
        """Make sure that each story is there once, under the id and with the date it always had."""
        items = json.loads((self.project.out / "all.json").read_bytes())["items"]
        numbers = [int(item["title"].split(",")[0].split(" ")[1]) for item in items]
        assert sorted(numbers) == sorted(told)
        for number, item in zip(numbers, items, strict=True):
            assert self.ids.setdefault(number, item["id"]) == item["id"]
            assert self.dates.setdefault(item["id"], item["date_published"]) == item["date_published"]
        assert len(set(self.ids.values())) == len(self.ids) == len(told)
        guids = etree.fromstring((self.project.out / "all.rss").read_bytes()).findall(".//item/guid")
        assert {guid.text for guid in guids} == set(self.ids.values())


def step(project: Project, loaded: Loaded, now: int, witness: Witness, publisher: Publisher) -> None:
    """Poll what is due and build, as the daemon does, and look at what is published."""
    report = run_poll(loaded, clock=lambda: now)
    if not report.results:
        return
    before = project.stamps()
    [result] = report.results
    witness.polls.append((now, result.fault))
    project.build(now)
    if not result.fault:
        publisher.told |= {int(story.guid.split("-")[1]) for story in publisher.stories}
    if not report.news:
        assert project.stamps() == before
    witness.look(publisher.told)
    then = source_states(loaded)["old"].due
    if then is not None:
        assert SHORTEST <= then - now <= (LONGEST if not result.fault else 1.2 * DAY)


@pytest.mark.slow
def test_three_weeks_of_a_source(project: Project, server: Remote) -> None:
    configure(project, server.url + "/old")
    publisher, witness, loaded = Publisher(), Witness(project), project.loaded()
    for hour in range(at(24)):
        now = START + hour * HOUR
        publish(publisher, hour, now)
        answer(publisher, hour, server)
        step(project, loaded, now, witness, publisher)
    times = [now for now, _ in witness.polls]
    assert all(SHORTEST <= later - sooner <= 1.2 * DAY + HOUR for sooner, later in pairwise(times))
    good = [now for now, fault in witness.polls if not fault]
    waits = [later - sooner for sooner, later in pairwise(good)]
    assert sum(wait > LONGEST + HOUR for wait in waits) == 1  # the outage
    outage = [now for now, fault in witness.polls if fault == "http-502"]
    assert 3 <= len(outage) <= 8
    assert witness.polls[-1][1] == "http-410"
    assert START + at(20) * HOUR <= times[-1] <= START + at(20) * HOUR + LONGEST + HOUR
    state = source_states(loaded)["old"]
    assert (state.due, state.moved_to) == (None, server.url + "/new")
    assert len(publisher.told) == publisher.number - sum(n * 7 >= at(20) for n in range(at(24) // 7 + 1))
    assert publisher.told == set(range(len(publisher.told)))


def test_an_outage_backs_off_and_is_over_at_the_first_good_answer(project: Project, server: Remote) -> None:
    configure(project, server.url + "/feed")
    server.pages["/feed"] = Page(rss(Entry("A story", "https://remote.example/a", "a")))
    asked = []
    for hour in range(at(7)):
        now = START + hour * HOUR
        if hour == 6:
            server.pages["/feed"] = Page(status=503)
        if hour == at(5):
            server.pages["/feed"] = Page(rss(Entry("A story", "https://remote.example/a", "a")))
        asked += [hour for result in due(project, now).results if result.fault]
    gaps = [later - sooner for sooner, later in pairwise(asked)]
    assert gaps == sorted(gaps)
    assert gaps[0] in {1, 2}
    assert max(gaps) <= 29
    state = source_states(project.loaded())["feed"]
    assert (state.fails, state.entries) == (0, 1)


FIRST: dict[str, tuple[Page, Callable[[int | None], bool]]] = {
    "a feed without a title": (
        Page(rss(Entry("A story", "https://remote.example/a", "a"), title="")),
        lambda at: at is not None and START + SHORTEST <= at <= START + LONGEST,
    ),
    "an error page": (Page(status=404), lambda at: at is not None and START + SHORTEST <= at <= START + 2 * HOUR),
    "gone": (Page(status=410), lambda at: at is None),
}


@pytest.mark.parametrize("name", FIRST)
def test_a_source_that_never_told_its_title_is_asked_no_more_often(project: Project, server: Remote, name: str) -> None:
    page, is_due_then = FIRST[name]
    server.pages["/feed"] = page
    configure(project, server.url + "/feed")
    assert len(due(project, START).results) == 1
    assert is_due_then(source_states(project.loaded())["feed"].due)
    assert due(project, START + 60).results == ()
    server.paths()
    # Another address in the settings is another beginning, whatever was known of the old one.
    server.pages["/other"] = Page(rss(Entry("A story", "https://remote.example/a", "a")))
    project.settings["sources"][0]["url"] = server.url + "/other"
    project.configure(**project.settings)
    new = 0 if name == "a feed without a title" else 1
    assert [result.new for result in due(project, START + 120).results] == [new]
    assert server.paths() == ["/other"]


def renamed(project: Project, old: str, new: str) -> None:
    with closing(sqlite3.connect(project.state)) as connection:
        connection.execute(f'ALTER TABLE "{old}" RENAME TO "{new}"')


def test_a_state_that_cannot_be_written_for_a_while_is_told(project: Project, server: Remote) -> None:
    configure(project, server.url + "/quick")
    server.pages["/quick"] = Page(rss(Entry("A story", "https://remote.example/a", "a")))
    due(project, START)

    class Slow(dict[str, Page]):
        """Pages of which one takes long, while the state is in somebody else's hands."""

        def get(self, key: str, default: Any = None) -> Any:
            if key == "/slow":
                renamed(project, "source", "elsewhere")
                hold.wait(1.2)
                renamed(project, "elsewhere", "source")
            return super().get(key, default)

    hold = Event()
    server.pages = Slow(server.pages, **{"/slow": server.pages["/quick"]})
    configure(project, server.url + "/quick", server.url.replace("127.0.0.1", "localhost") + "/slow")

    def run() -> PollReport:
        return run_poll(project.loaded(), everything=True, clock=lambda: START + DAY)

    with pytest.raises(StateError, match="the state cannot be written"):
        run()
    server.pages = dict(server.pages)
    assert run().failed == ()
