"""What a build queues for the hubs, and what it does not."""

import json
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from killing import changes_of, context, kill_at
from project import LISTS, START, Draft, Project, copy_state

from feeds.app import run_build
from feeds.errors import PublishError
from feeds.store import open_store

HUB, OTHER = "https://hub.example/", "https://other.example/hub"
DAY = 86_400
LAW = Draft("https://news.example/b", "B again", topics=("Law",))
EVERYTHING = ("all", "topics/ai", "topics/law", "providers/news.example", "providers/courant.example")


def queued(project: Project, hub: str = HUB) -> list[str]:
    store = open_store(f"sqlite:///{project.state}")
    try:
        return sorted(url for url, _ in store.pings.waiting(hub, 10_000))
    finally:
        store.close()


def told(project: Project) -> None:
    """Empty the queue, as if every hub had been told."""
    store = open_store(f"sqlite:///{project.state}")
    with store.transaction():
        store.pings.forget([HUB, OTHER])
    store.close()


@pytest.fixture
def built(project, name_hubs):
    name_hubs(HUB)
    project.build(START + 10)
    return project


def test_the_first_build_queues_every_file_of_every_feed(built, files_of):
    assert queued(built) == files_of(*EVERYTHING)
    assert not any(url.endswith("feeds.json") for url in queued(built))


def test_what_is_queued_is_what_feeds_call_themselves(project, name_hubs):
    name_hubs(HUB)
    project.name(topics=[{"name": "Law", "slug": "droit-à-l-oubli"}])
    project.build(START + 10)
    feeds = [json.loads(body) for path, body in project.tree().items() if path.endswith(".json")]
    selves = {feed["feed_url"] for feed in feeds if "feed_url" in feed}
    assert len(selves) == 5
    assert {url for url in queued(project) if url.endswith(".json")} == selves


def test_each_hub_has_its_own(project, name_hubs, files_of):
    name_hubs(HUB, OTHER, HUB)
    project.build(START + 10)
    assert queued(project, HUB) == queued(project, OTHER) == files_of(*EVERYTHING)


def test_an_unchanged_build_queues_nothing(built):
    told(built)
    built.build(START + 20)
    assert queued(built) == []


def test_one_edit_queues_exactly_the_files_that_changed(built, files_of):
    told(built)
    before = built.tree()
    built.write("b.md", LAW, START + 15)
    report = built.build(START + 20)
    assert queued(built) == files_of("all", "topics/law", "providers/news.example")
    changed = {path for path, body in built.tree().items() if before.get(path) != body}
    assert changed == {*report.written}
    assert [f"https://feeds.example.org/{path}" for path in sorted(changed - {"feeds.json"})] == queued(built)


def test_an_edit_that_no_reader_sees_queues_nothing(built):
    told(built)
    built.write("b.md", replace(LAW, title="B", secured="b3RoZXI="), START + 15)
    assert built.build(START + 20).written == []
    assert queued(built) == []


def test_an_edit_that_is_taken_back_before_anybody_was_told_still_waits(built, files_of):
    told(built)
    built.write("b.md", LAW, START + 15)
    built.build(START + 20)
    built.write("b.md", replace(LAW, title="B"), START + 25)
    built.build(START + 30)
    assert queued(built) == files_of("all", "topics/law", "providers/news.example")


def test_a_feed_that_goes_is_not_told_of(built, files_of):
    told(built)
    built.configure(**{**built.settings, "feeds": {"topics": False}})
    built.build(START + 20)
    assert not any("/topics/" in url for url in queued(built))


def test_a_story_that_comes_due_is_told_of_when_it_does(built, files_of):
    told(built)
    built.write("d.md", Draft("https://news.example/d", "D", topics=("AI",), date=START + DAY), START + 15)
    built.build(START + 20)
    assert queued(built) == []
    built.build(START + DAY)
    assert queued(built) == files_of("all", "topics/ai", "providers/news.example")


def test_a_file_that_somebody_damaged_is_mended_in_silence(built):
    told(built)
    (built.out / "all.rss").write_text("<rss/>")
    assert built.build(START + 20).written == ["all.rss"]
    assert queued(built) == []


def test_a_new_hub_changes_every_feed_so_all_hubs_hear_of_all(built, name_hubs, files_of):
    told(built)
    name_hubs(HUB, OTHER)
    built.build(START + 20)
    assert queued(built, HUB) == queued(built, OTHER) == files_of(*EVERYTHING)


def test_without_hubs_nothing_is_written(project):
    project.build(START + 10)
    project.write("b.md", LAW, START + 15)
    project.build(START + 20)
    with closing(sqlite3.connect(project.state)) as connection:
        assert connection.execute("SELECT (SELECT count(*) FROM ping), (SELECT count(*) FROM hub)").fetchone() == (0, 0)


def test_hubs_change_no_byte_but_their_own_lines(project, name_hubs, tmp_path):
    project.build(START + 10)
    plain = project.tree()
    name_hubs(HUB)
    hubbed = project.fresh(START + 10, "hubbed")
    assert hubbed.keys() == plain.keys()
    for path, body in hubbed.items():
        assert [line for line in body.splitlines() if HUB.encode() not in line] == plain[path].splitlines()
        assert (body != plain[path]) == (path not in LISTS)


def test_what_was_put_in_place_but_not_remembered_is_queued(built, files_of, tmp_path):
    """A build that is killed between the two: its files are there already, and the next one writes none."""
    told(built)
    copy_state(built.state, tmp_path / "before.db")
    built.write("b.md", LAW, START + 15)
    built.build(START + 20)
    for each in built.state.parent.iterdir():
        each.unlink()
    copy_state(tmp_path / "before.db", built.state)
    stamps = built.stamps()
    built.build(START + 20)
    assert {path for path, at in built.stamps().items() if at != stamps[path]} <= {"feeds.json"}
    assert queued(built) == files_of("all", "topics/law", "providers/news.example")


def test_what_could_not_be_published_is_not_queued(built, files_of):
    told(built)
    built.write("b.md", LAW, START + 15)
    kept = built.root / "kept"
    shutil.move(built.out, kept)
    built.out.write_text("in the way")
    with pytest.raises(PublishError):
        run_build(built.loaded(), lambda *_: None, (START + 20) * 10**9)
    assert queued(built) == []
    built.out.unlink()
    shutil.move(kept, built.out)
    built.build(START + 30)
    assert queued(built) == files_of("all", "topics/law", "providers/news.example")


@pytest.mark.slow
def test_a_build_that_is_killed_anywhere_leaves_nobody_untold(built, files_of, tmp_path):
    told(built)
    built.write("b.md", LAW, START + 15)
    server, now = context(), START + 20

    def copy(name: str) -> Project:
        shutil.copytree(built.root, tmp_path / name, copy_function=shutil.copy2)
        return Project(tmp_path / name, reuse=True)

    changes = changes_of(server, copy("calm").root, now)
    assert changes > 50
    for change in range(1 + changes % 9, changes, 9):
        project = copy("killed")
        assert kill_at(server, project.root, now, change) == -signal.SIGKILL
        project.build(now + 1)
        assert queued(project) == files_of("all", "topics/law", "providers/news.example"), change
        shutil.rmtree(project.root)


def test_hubs_hear_of_no_web_page_and_of_no_archive(project, name_hubs):
    name_hubs(HUB)
    project.configure(**{**project.settings, "pages": {"enabled": True}, "feeds": {"archives": True, "limit": 1}})
    for number in range(4):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}"), START)
    project.build(START + 10)
    tree = project.tree()
    assert "all.html" in tree
    assert "archive/all/1.rss" in tree
    told = {url.removeprefix("https://feeds.example.org/") for url in queued(project)}
    assert told == {path for path in tree if path.endswith((".rss", ".atom", ".json"))} - {
        path for path in tree if path.startswith("archive/") or path == "feeds.json"
    }
