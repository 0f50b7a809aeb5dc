"""A status of real states: none yet, a good one, one that is being written to, broken ones."""

import os
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from project import START, Draft, Project, forget

from feeds.app.health import health
from feeds.app.standing import FeedGroup, Holder, HubState, LinkStates, ProblemCount, Status
from feeds.app.status import read_status
from feeds.pipeline.check import learn_links
from feeds.store import Store, open_store
from feeds.store.pings import HubRow
from feeds.store.schema import VERSION
from feeds.store.ticks import TickRow

HOUR = 3600
HUB = "https://hub.example/"


def status(project: Project, now: int = START) -> Status:
    return read_status(project.loaded(), now)


def opened(project: Project) -> Store:
    return open_store(project.loaded().state_url)


def everything(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


@pytest.fixture
def built(project: Project) -> Project:
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI", "Law")))
    project.write("b.md", Draft("https://news.example/b", "B", images=("https://cdn.example/b.jpg",)))
    project.write("held.md", Draft("https://news.example/held", "Held", held=True, date=START + 9 * HOUR))
    project.write("later.md", Draft("https://news.example/later", "Later", date=START + 2 * HOUR, topics=()))
    project.write("bad.md", "---\ntitle: \n---\n")
    project.build(START)
    return project


def test_where_nothing_was_built_nothing_is_made(project: Project) -> None:
    before = everything(project.root)
    found = status(project)
    assert (found.schema, found.fault, found.published, found.out_there) == ("", "", 0, False)
    assert found.state == str(project.state)
    assert health(found, project.loaded().settings).why == ("nothing was published yet: feeds build",)
    assert everything(project.root) == before


def test_an_empty_file_is_no_state_and_stays_empty(project: Project) -> None:
    project.state.parent.mkdir()
    project.state.touch()
    assert (status(project).schema, status(project).fault) == ("", "")
    assert (project.state.stat().st_size, everything(project.state.parent)) == (0, ["state.db"])


def test_a_database_of_somebody_else_is_no_state(project: Project) -> None:
    project.state.parent.mkdir()
    with closing(sqlite3.connect(project.state)) as connection:
        connection.execute("CREATE TABLE mine (a)")
    assert (status(project).schema, status(project).fault) == ("", "")


def test_what_was_built(built: Project) -> None:
    found = status(built, START + 60)
    assert (found.fault, found.schema, found.out_there, found.published) == ("", VERSION, True, START)
    assert (found.records, found.held_back, found.items) == (5, 1, 2)
    assert found.next_item == START + 2 * HOUR
    assert [(source.path, source.there, source.records) for source in found.sources] == [(str(built.records), True, 5)]
    assert found.problems == (ProblemCount("error", "date-missing", 1), ProblemCount("error", "title-missing", 1))
    assert {feed.key: feed.items for feed in found.feeds} == {
        "all": 2,
        "providers/news.example": 2,
        "topics/ai": 2,
        "topics/law": 1,
    }
    written = START - HOUR
    assert found.feed_groups() == (
        FeedGroup("all", 1, written, written),
        FeedGroup("provider", 1, written, written),
        FeedGroup("topic", 2, written, written),
    )
    assert found.state_bytes >= built.state.stat().st_size > 0
    [build] = found.ticks
    assert (build.name, build.good, build.fails) == ("build", START, 0)
    assert (found.daemon, found.builder) == (Holder(), Holder())
    assert health(found, built.loaded().settings).ready


def test_looking_leaves_everything_as_it_was(built: Project) -> None:
    before, bytes_before = everything(built.root), built.state.read_bytes()
    status(built)
    assert (everything(built.root), built.state.read_bytes()) == (before, bytes_before)


def test_a_topic_that_only_drafts_name_is_not_told(project: Project) -> None:
    project.write("held.md", Draft("https://news.example/held", "Held", held=True, topics=("Secret",)))
    project.build(START)
    assert [feed.key for feed in status(project).feeds] == ["all"]


def test_a_story_of_the_future_is_told_until_it_appears(built: Project) -> None:
    due = START + 2 * HOUR
    assert [status(built, now).next_item for now in (due - 1, due)] == [due, 0]


def test_records_are_counted_by_folder(project: Project) -> None:
    for folder in ("one", "one two", "ön"):
        project.write(f"../{folder}/x.md", Draft(f"https://news.example/{folder.split()[-1]}", folder))
    project.write("../one/deep/y.md", Draft("https://news.example/deep", "Deep"))
    project.configure(records=["one", "one two", "ön", "none"])
    (project.root / "none").mkdir()
    project.build(START)
    (project.root / "none").rmdir()
    found = status(project)
    assert [(Path(each.path).name, each.there, each.records) for each in found.sources] == [
        ("one", True, 2),
        ("one two", True, 1),
        ("ön", True, 1),
        ("none", False, 0),
    ]
    project.configure(records=["."])
    assert [each.records for each in status(project).sources] == [4]


def test_links_by_verdict_and_those_that_are_due(built: Project) -> None:
    store = opened(built)
    learn_links(store, lambda url: "excluded-by-host" if "cdn" in url else "", START)
    [row] = store.links.find(urls=["https://news.example/a"])
    with store.transaction():
        store.links.put([replace(row, verdict="dead", due=START + HOUR), replace(row, url="https://unused.example/")])
    store.close()
    later = status(built, START + HOUR).links
    assert later == LinkStates({"dead": 1, "excluded": 1, "unknown": 2}, due=3)
    assert (status(built).links.due, later.total) == (2, 4)


def test_hubs_that_are_configured_and_those_that_were_asked(built: Project) -> None:
    built.configure(push={"hubs": [HUB]})
    store = opened(built)
    with store.transaction():
        store.pings.add(["https://old.example/"], ["https://feeds.example.org/all.rss"], START)
        store.pings.keep(HubRow("https://old.example/", due=START + 9, fails=2, good=START - 9, detail="500 busy"))
    store.close()
    old = HubState("https://old.example/", waiting=1, due=START + 9, good=START - 9, fails=2, detail="500 busy")
    assert status(built).hubs == (HubState(HUB), old)


def test_tasks_are_told_whatever_they_are_called(built: Project) -> None:
    store = opened(built)
    with store.transaction():
        store.ticks.put(TickRow("poll", START + 5, START - 9, START - 8, START - 8, 0, "3 sources"))
    store.close()
    assert [(tick.name, tick.due, tick.detail) for tick in status(built).ticks if tick.name == "poll"] == [
        ("poll", START + 5, "3 sources")
    ]


# 2**22 is the most processes Linux numbers: nobody has this one.
HOLDERS = [
    (f"{socket.gethostname()}:{2**22 + 1}", False),
    (f"{socket.gethostname()}:{os.getpid()}", True),
    ("elsewhere:1", True),
]


@pytest.mark.parametrize(("holder", "alive"), HOLDERS, ids=["dead", "here", "elsewhere"])
def test_who_is_at_work(built: Project, holder: str, alive: bool) -> None:
    store = opened(built)
    with store.transaction():
        store.leases.claim("daemon", holder, START + 20, START)
        store.leases.claim("build", holder, START + 20, START)
    store.close()
    found = status(built, START + 19)
    assert (found.daemon, found.builder) == (Holder(holder, alive), Holder(holder, alive))
    assert status(built, START + 20).daemon == Holder()


def test_a_build_that_writes_holds_nobody_up(built: Project) -> None:
    with closing(sqlite3.connect(built.state, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM document")
        assert status(built).records == 5
        writer.execute("COMMIT")
        assert [source.records for source in status(built).sources] == [0]


def test_a_first_build_that_was_killed_is_counted_by_hand(built: Project) -> None:
    forget(built.state, (), ("counts", "released"))
    found = status(built)
    assert (found.records, found.held_back, found.items, found.published) == (5, 1, 0, 0)


def _truncate(state: Path) -> None:
    os.truncate(state, state.stat().st_size // 2)


def _garbage(state: Path) -> None:
    state.write_bytes(b"not a database at all" * 500)


def _folder(state: Path) -> None:
    state.unlink()
    state.mkdir()


def _older(state: Path) -> None:
    with closing(sqlite3.connect(state)) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
        connection.commit()


def _file_above(state: Path) -> None:
    state.unlink()
    state.parent.rmdir()
    state.parent.write_text("a file where a folder should be")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_truncate, "malformed"),
        (_garbage, "not a database"),
        (_folder, "unable to open"),
        (_older, "version 1"),
        (_file_above, "Not a directory"),
    ],
)
def test_a_broken_state_is_told_not_thrown(built: Project, harm, said: str) -> None:
    harm(built.state)
    found = status(built)
    assert said in found.fault
    assert (found.records, found.feeds, found.ticks) == (0, (), ())
    judged = health(found, built.loaded().settings)
    assert (judged.ready, judged.warnings) == (False, ())
    assert said in judged.why[0]


def test_an_output_that_is_gone(built: Project) -> None:
    (built.out / "feeds.json").unlink()
    found = status(built)
    assert not found.out_there
    assert health(found, built.loaded().settings).why == (f"the output {built.out} is gone: feeds build",)


def test_a_server_out_of_reach_is_told_without_the_password(project: Project, tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://feeds:hush@/state?host={tmp_path}/nowhere"
    found = read_status(project.loaded(state=url), START)
    assert found.fault
    assert "hush" not in f"{found}"
