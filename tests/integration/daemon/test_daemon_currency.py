"""What the daemon is for: whatever changes is in the feeds within seconds, and nothing else is touched."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from project import START, Draft, Project
from running import Daemon, daemon, until

pytestmark = pytest.mark.slow

QUIET = {"schedule": {"build": "1d", "check": "1d", "push": "1d", "jitter_seconds": 0}, "serve": {"admin": ""}}
STORY = Draft("https://news.example/story", "Story")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project", QUIET)
    made.write("story.md", STORY)
    return made


def touched(project: Project, name: str, draft: Draft | str) -> None:
    """Write a record as an editor does: with the time of now."""
    os.utime(project.write(name, draft))


def built(running: Daemon) -> list[dict[str, Any]]:
    return [line for line in running.log if line["message"] == "built the feeds"]


def at_work(running: Daemon) -> None:
    running.said("at work")
    running.said("built the feeds")


def test_a_changed_record_a_new_one_and_a_removed_one_are_noticed(project: Project) -> None:
    with daemon(project) as running:
        at_work(running)
        assert project.titles() == ["Story"]
        touched(project, "story.md", Draft(STORY.url, "Story, corrected"))
        until(lambda: project.titles() == ["Story, corrected"])
        touched(project, "deep/below/new.md", Draft("https://news.example/new", "New", date=START))
        until(lambda: project.titles() == ["New", "Story, corrected"])
        (project.records / "deep" / "below" / "new.md").unlink()
        until(lambda: project.titles() == ["Story, corrected"])
        assert running.stop() == 0
        assert running.said("stopped")


def test_what_no_reader_sees_writes_nothing(project: Project) -> None:
    with daemon(project) as running:
        at_work(running)
        before = project.stamps()
        touched(project, "notes.pdf", "no record")
        touched(project, "story.md", Draft(STORY.url, STORY.title, heat=99))
        until(lambda: len(built(running)) > 1)
        assert {line["written"] for line in built(running)[1:]} == {0}
        assert project.stamps() == before
        assert running.stop() == 0


def test_an_item_dated_in_the_future_appears_when_it_is_due(project: Project) -> None:
    soon = int(time.time()) + 6
    project.write("soon.md", Draft("https://news.example/soon", "Soon", date=soon))
    with daemon(project) as running:
        at_work(running)
        assert project.titles() == ["Story"]
        until(lambda: project.titles() == ["Soon", "Story"])
        assert time.time() >= soon
        assert running.stop() == 0


def test_what_happened_while_nobody_was_at_work_is_caught_up_with_at_once(project: Project) -> None:
    with daemon(project) as running:
        at_work(running)
        running.stop()
    touched(project, "story.md", Draft(STORY.url, "Meanwhile"))
    with daemon(project) as running:
        until(lambda: project.titles() == ["Meanwhile"])
        assert running.stop() == 0


def test_without_a_watch_the_schedule_finds_changes(project: Project) -> None:
    project.configure(schedule={**QUIET["schedule"], "watch": False, "build": "1s"}, serve={"admin": ""})
    with daemon(project) as running:
        at_work(running)
        touched(project, "story.md", Draft(STORY.url, "By the clock"))
        until(lambda: project.titles() == ["By the clock"])
        assert running.stop() == 0


def test_a_broken_record_costs_itself_and_is_read_again_when_mended(project: Project) -> None:
    with daemon(project) as running:
        at_work(running)
        touched(project, "other.md", Draft("https://news.example/other", "Other", date=START))
        until(lambda: project.titles() == ["Other", "Story"])
        touched(project, "other.md", "---\ntitle: [\n---\n")
        until(lambda: any(line.get("problems") == 1 for line in running.log))
        assert project.titles() == ["Other", "Story"]
        touched(project, "other.md", Draft("https://news.example/other", "Mended", date=START))
        until(lambda: project.titles() == ["Mended", "Story"])
        assert running.stop() == 0


def test_the_output_that_somebody_damages_is_mended_on_schedule(project: Project) -> None:
    project.configure(schedule={**QUIET["schedule"], "build": "1s"}, serve={"admin": ""})
    with daemon(project) as running:
        at_work(running)
        good = project.tree()
        (project.out / "all.rss").write_bytes(b"gone wrong")
        until(lambda: project.tree() == good)
        assert running.stop() == 0
