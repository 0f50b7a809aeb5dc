"""How remote feeds stand, in the status and its texts."""

from collections.abc import Iterator

import click
import pytest
from project import START, Draft, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.health import Health
from feeds.app.polling import run_poll
from feeds.app.remote_standing import WORST
from feeds.app.standing import FailingSource, RemoteSources
from feeds.app.status import read_status
from feeds.app.status_json import status_json
from feeds.cli.status_text import status_text

DAY = 86_400
STORY = Entry("A story", "https://remote.example/a", "a")


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


def configure(project: Project, server: Remote, *names: str, **each: dict[str, object]) -> None:
    sources = [{"url": f"{server.url}/{name}", "id": name, **each.get(name, {})} for name in names]
    project.configure(links={"allow_networks": ["127.0.0.0/8"]}, sources=sources)


def poll(project: Project, now: int, *names: str) -> None:
    run_poll(project.loaded(), names, everything=True, clock=lambda: now)


def standing(project: Project, now: int = START) -> RemoteSources:
    return read_status(project.loaded(), now).remote


def test_without_sources_there_is_nothing_to_tell(project: Project) -> None:
    project.build(START)
    assert standing(project) == RemoteSources()
    assert "remote" not in status_text(read_status(project.loaded(), START), Health(ready=True))


def test_before_the_first_poll_all_are_new_and_due(project: Project, server: Remote) -> None:
    configure(project, server, "one", "two", "off", off={"paused": True})
    assert standing(project) == RemoteSources({"new": 2, "paused": 1}, due=2)
    project.build(START)
    assert standing(project) == RemoteSources({"new": 2, "paused": 1}, due=2)
    assert not server.asked


def test_every_standing(project: Project, server: Remote) -> None:
    server.pages.update({"/fine": Page(rss(STORY)), "/gone": Page(status=410), "/bad": Page(status=503)})
    configure(project, server, "fine", "gone", "bad", "off", "new", off={"paused": True})
    poll(project, START, "fine", "gone", "bad")
    found = standing(project, START + 1)
    assert found.standings == {"failing": 1, "fine": 1, "new": 1, "paused": 1, "retired": 1}
    assert (found.total, found.due, found.moved) == (5, 1, 0)
    assert found.worst == (FailingSource("bad", 1, 0, "http-503"),)
    # All but the paused and the retired one come due again.
    assert standing(project, START + 30 * DAY).due == 3


def test_the_most_stubborn_come_first_and_only_some_are_told(project: Project, server: Remote) -> None:
    names = [f"bad{number}" for number in range(WORST + 2)]
    configure(project, server, *names)
    poll(project, START)
    poll(project, START + DAY, "bad3")
    found = standing(project, START + DAY)
    assert [(each.id, each.fails) for each in found.worst] == [
        *(("bad3", 2), ("bad0", 1), ("bad1", 1), ("bad2", 1), ("bad4", 1)),
    ]
    project.build(START)
    lines = click.unstyle(status_text(read_status(project.loaded(), START + DAY), Health(ready=True))).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("remote"))
    assert lines[at].startswith("remote   7 failing; ")
    assert lines[at + 1] == "         bad3 failed 2 times (http-404)"
    assert lines[at + 6] == "         and 2 more that fail"


def test_one_that_moved(project: Project, server: Remote) -> None:
    server.pages["/old"] = Page(status=301, headers={"Location": f"{server.url}/new"})
    server.pages["/new"] = Page(rss(STORY))
    configure(project, server, "old")
    for day in range(8):
        poll(project, START + day * DAY)
    found = standing(project, START + 7 * DAY)
    assert (found.standings, found.moved) == ({"fine": 1}, 1)


def test_another_address_is_another_feed_and_one_that_left_the_settings_does_not_count(
    project: Project, server: Remote
) -> None:
    server.pages["/one"] = Page(rss(STORY))
    configure(project, server, "one", "two")
    poll(project, START)
    assert standing(project).standings == {"failing": 1, "fine": 1}
    project.configure(sources=[{"url": f"{server.url}/three", "id": "two"}])
    assert standing(project) == RemoteSources({"new": 1}, due=1)


def test_the_object_has_what_the_manual_says(project: Project, server: Remote) -> None:
    configure(project, server, "bad")
    poll(project, START)
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.build(START)
    told = status_json(read_status(project.loaded(), START), Health(ready=True))["remote"]
    assert told == {
        "count": 1,
        "due": 0,
        "moved": 0,
        "standings": {"failing": 1},
        "worst": [{"id": "bad", "fails": 1, "good": 0, "detail": "http-404"}],
    }
