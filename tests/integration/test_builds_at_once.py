"""Builds that meet, are killed, or are interrupted: one at a time, and none locks the next one out."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from killing import changes_of, context, kill_at
from project import START, Draft, Project, tree

from feeds.app import run_build
from feeds.errors import LeaseHeld
from feeds.store import open_store

pytestmark = pytest.mark.slow

STORY = Draft("https://news.example/story", "Story")
# A second of work: enough to be caught at it.
MANY = 2_500


def command(project: Project, *words: str) -> list[str]:
    return [sys.executable, "-m", "feeds", "build", "--config", str(project.config), *words]


def run(project: Project, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(project, *words), capture_output=True, text=True, check=False, timeout=60)


def lease(project: Project) -> str:
    store = open_store(f"sqlite:///{project.state}")
    try:
        return store.leases.holder("build", int(time.time()))
    finally:
        store.close()


def test_the_second_of_two_builds_gives_way(project: Project) -> None:
    project.write("story.md", STORY)
    second: list[subprocess.CompletedProcess[str]] = []

    def meet(*_: object) -> None:
        if not second:
            second.append(run(project))

    run_build(project.loaded(), meet, START * 10**9)
    assert (second[0].returncode, second[0].stdout) == (4, "")
    assert second[0].stderr.startswith("feeds: another build is at work on this state (")
    assert project.titles() == ["Story"]
    assert lease(project) == ""
    assert run(project).returncode == 0


def test_a_holder_on_another_machine_is_believed_until_its_lease_ends(project: Project) -> None:
    project.write("story.md", STORY)
    project.build(START)
    hold(project, "elsewhere:1", 60)
    with pytest.raises(LeaseHeld, match="elsewhere:1"):
        project.build(START)
    hold(project, "elsewhere:1", -1)
    project.build(START)
    assert lease(project) == ""


def hold(project: Project, holder: str, seconds: int) -> None:
    store = open_store(f"sqlite:///{project.state}")
    with store.transaction():
        store.leases.claim("build", holder, int(time.time()) + seconds, int(time.time()) - 9)
    store.close()


def test_a_killed_build_does_not_lock_the_next_one_out(project: Project) -> None:
    project.write("story.md", STORY)
    server = context()
    changes = changes_of(server, project.root, START)
    project.write("story.md", Draft(STORY.url, "Corrected"), START + 10)
    assert kill_at(server, project.root, START + 20, changes // 3) == -signal.SIGKILL
    assert lease(project).startswith(socket.gethostname() + ":")
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert project.titles() == ["Corrected"]
    assert lease(project) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of it")
def test_nor_does_one_whose_end_nobody_asked_for(project: Project) -> None:
    project.write("story.md", STORY)
    project.build(START)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        hold(project, f"{socket.gethostname()}:{ended.pid}", 60)
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)  # ended, and still a number
        assert run(project).returncode == 0


@pytest.fixture
def large(project: Project) -> Project:
    for number in range(MANY):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}", date=START - number))
    return project


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("whole_group", [True, False])
def test_an_interrupted_build_ends_with_130_and_the_next_one_completes(
    large: Project, jobs: str, whole_group: bool
) -> None:
    process = subprocess.Popen(
        command(large, "--jobs", jobs),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for_records(large, process)
    if whole_group:  # what Ctrl-C does; a service manager asks the parent alone
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, ""), told
    assert told.strip() == "feeds: interrupted; what was done is kept, and the next build goes on from there"
    assert tree(large.out) == {}
    assert lease(large) == ""
    large.build(START)
    assert large.tree() == large.fresh(START, "anew")


def wait_for_records(project: Project, process: "subprocess.Popen[str]") -> None:
    """Wait until a build has kept its first records, with most of them still to come."""
    while process.poll() is None:
        if project.state.exists() and _records(project.state):
            return
        time.sleep(0.005)
    raise AssertionError(process.communicate())


def _records(state: Path) -> int:
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True, timeout=5)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'document'").fetchone():
            return 0
        return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])
