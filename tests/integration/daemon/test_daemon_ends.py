"""The end of a daemon, asked for or not: quick, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from project import START, Draft, Project
from running import daemon, until

pytestmark = pytest.mark.slow

QUIET = {"schedule": {"build": "1d", "check": "1d", "jitter_seconds": 0}, "serve": {"admin": ""}}
MANY = 3_000


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project", QUIET)


def story(number: int) -> Draft:
    topics = (f"Topic {number % 40}", "AI")
    return Draft(f"https://news.example/{number}", f"Story {number}", date=START - number, topics=topics)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("delay", [0.0, 0.3, 0.6, 1.0])
def test_asked_to_stop_while_it_builds_it_is_gone_within_seconds(project: Project, number: int, delay: float) -> None:
    for each in range(MANY):
        project.write(f"{each}.md", story(each))
    with daemon(project) as running:
        running.said("at work")
        time.sleep(delay)
        begun = time.monotonic()
        assert running.stop(number, 10) == 0
        assert time.monotonic() - begun < 8
        assert running.said("stopped")
        assert running.other == []
    assert not (project.out / ".stage").exists()
    project.build(START)
    assert project.tree() == project.fresh(START, "fresh")


def test_a_second_signal_ends_it_on_the_spot(project: Project) -> None:
    for each in range(MANY):
        project.write(f"{each}.md", story(each))
    with daemon(project) as running:
        running.said("at work")
        time.sleep(0.5)
        running.process.send_signal(signal.SIGTERM)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(5) in {0, 128 + signal.SIGTERM}
    project.build(START)
    assert project.tree() == project.fresh(START, "fresh")


def test_killed_it_leaves_what_the_next_one_finishes(project: Project) -> None:
    for each in range(MANY):
        project.write(f"{each}.md", story(each))
    with daemon(project) as running:
        running.said("at work")
        time.sleep(0.7)
        running.stop(signal.SIGKILL)
    with daemon(project) as running:
        running.said("built the feeds")
        assert running.stop() == 0
    assert project.tree() == project.fresh(int(time.time()), "fresh")


def test_a_standby_takes_over_at_once_when_the_first_is_killed(project: Project) -> None:
    project.write("story.md", story(1))
    with daemon(project) as first:
        first.said("built the feeds")
        with daemon(project) as second:
            told = second.said("standing by")["message"]
            assert f":{first.process.pid} is at work on this state" in told
            project.write("story.md", Draft(story(1).url, "By the first"))
            until(lambda: project.titles() == ["By the first"])
            assert not second.has_said("at work")
            first.stop(signal.SIGKILL)
            second.said("taking over")
            project.write("story.md", Draft(story(1).url, "By the second"))
            until(lambda: project.titles() == ["By the second"])
            assert second.stop() == 0


def test_a_standby_takes_over_when_the_first_is_stopped_and_ends_when_asked(project: Project) -> None:
    project.write("story.md", story(1))
    with daemon(project) as first, daemon(project) as second:
        until(lambda: first.has_said("at work") or second.has_said("at work"))
        busy, idle = (first, second) if first.has_said("at work") else (second, first)
        idle.said("standing by")
        assert busy.stop() == 0
        idle.said("taking over")
        assert idle.stop() == 0
    with daemon(project) as first, daemon(project) as second:
        until(lambda: first.has_said("standing by") or second.has_said("standing by"))
        idle = first if first.has_said("standing by") else second
        assert idle.stop() == 0


def build(project: Project, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "feeds", "build", "--config", str(project.config), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_builds_by_hand_are_safe_beside_it(project: Project) -> None:
    for each in range(200):
        project.write(f"{each}.md", story(each))
    with daemon(project) as running:
        running.said("built the feeds")
        for turn in range(5):
            os.utime(project.write(f"{turn}.md", Draft(story(turn).url, f"Turn {turn}", date=START - turn)))
            by_hand = [build(project, "--wait"), build(project, "--wait"), build(project)]
            ended = [each.communicate(timeout=30)[1] for each in by_hand]
            assert [each.returncode for each in by_hand[:2]] == [0, 0], ended
            assert by_hand[2].returncode in {0, 4}, ended
            until(lambda turn=turn: f"Turn {turn}" in project.titles())
        assert not [line for line in running.log if line["level"] == "error"]
        assert running.stop() == 0
    report = project.build(int(time.time()))
    assert (report.written, report.deleted) == ([], [])
