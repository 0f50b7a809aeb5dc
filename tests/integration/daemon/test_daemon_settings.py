"""New settings take effect while the daemon runs; a fault in them changes nothing."""

import signal
from pathlib import Path

import pytest
from project import Draft, Project
from running import daemon, until

pytestmark = pytest.mark.slow

QUIET = {"schedule": {"build": "1d", "check": "1d", "jitter_seconds": 0}, "serve": {"admin": ""}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project", QUIET)
    made.write("story.md", Draft("https://news.example/story", "Story", topics=("AI", "Law")))
    return made


def test_a_changed_file_is_read_again_and_a_bad_one_is_refused(project: Project) -> None:
    with daemon(project) as running:
        running.said("built the feeds")
        assert (project.out / "topics" / "law.rss").exists()
        project.configure(**QUIET, feeds={"topics": False})
        running.said("the settings have changed")
        until(lambda: not (project.out / "topics" / "law.rss").exists())
        lines = len(running.log)
        project.config.write_text("feeds: {topcis: true}", encoding="utf-8")
        told = running.said("the settings have faults; the old ones stay in force", lines)
        assert "feeds.topcis: unknown key; did you mean topics?" in told["message"]
        project.write("story.md", Draft("https://news.example/story", "Still at work", topics=("AI", "Law")))
        until(lambda: project.titles() == ["Still at work"])
        assert not (project.out / "topics" / "law.rss").exists()
        assert running.stop() == 0


def test_the_taxonomy_is_watched_too(project: Project) -> None:
    with daemon(project) as running:
        running.said("built the feeds")
        project.name(topics=[{"name": "Artificial intelligence", "aliases": ["AI"], "slug": "a-i"}])
        until((project.out / "topics" / "a-i.rss").exists)
        assert running.stop() == 0


def test_sighup_reads_the_settings_where_files_are_not_watched(project: Project) -> None:
    settings = {**QUIET, "schedule": {**QUIET["schedule"], "watch": False}}
    project.configure(**settings)
    with daemon(project) as running:
        running.said("built the feeds")
        project.configure(**settings, site={"title": "A new name"})
        running.process.send_signal(signal.SIGHUP)
        until(lambda: b"A new name" in (project.out / "all.rss").read_bytes())
        assert running.stop() == 0


def test_sighup_with_the_same_settings_changes_nothing(project: Project) -> None:
    with daemon(project) as running:
        running.said("built the feeds")
        before = project.stamps()
        running.process.send_signal(signal.SIGHUP)
        project.write("story.md", Draft("https://news.example/story", "Changed", topics=("AI", "Law")))
        until(lambda: project.titles() == ["Changed"])
        assert not running.has_said("the settings have changed")
        assert project.stamps().keys() == before.keys()
        assert running.stop() == 0


def test_a_daemon_that_begins_with_a_fault_does_not_begin(project: Project) -> None:
    project.config.write_text("feeds: {limit: 0}", encoding="utf-8")
    with daemon(project) as running:
        assert running.process.wait(30) == 2
    assert "must be at least 1" in "".join(running.other)
