"""What systemd hears of the daemon: over a real socket, in the words of sd_notify(3)."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import Draft, Project
from running import daemon

pytestmark = pytest.mark.slow

QUIET = {"schedule": {"build": "1d", "check": "1d", "jitter_seconds": 0}, "serve": {"admin": ""}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project", QUIET)
    made.write("story.md", Draft("https://news.example/story", "Story"))
    return made


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(30)
        yield receiver


def heard(inbox: socket.socket, line: str) -> list[str]:
    """Return all that is heard until a message with this line, and that."""
    told = [inbox.recv(500).decode()]
    while line not in told[-1].split("\n"):
        told.append(inbox.recv(500).decode())
    return told


def test_it_is_ready_alive_reloading_and_stopping(project: Project, inbox: socket.socket) -> None:
    environ = {"NOTIFY_SOCKET": inbox.getsockname(), "WATCHDOG_USEC": "400000"}
    with daemon(project, environ=environ) as running:
        heard(inbox, "READY=1")
        for _ in range(3):
            heard(inbox, "WATCHDOG=1")
        running.process.send_signal(signal.SIGHUP)
        heard(inbox, "RELOADING=1")
        heard(inbox, "READY=1")
        running.process.send_signal(signal.SIGTERM)
        heard(inbox, "STOPPING=1")
        assert running.process.wait(30) == 0


def test_a_standby_is_ready_too(project: Project, inbox: socket.socket) -> None:
    with daemon(project) as first:
        first.said("built the feeds")
        with daemon(project, environ={"NOTIFY_SOCKET": inbox.getsockname()}) as second:
            told = heard(inbox, "READY=1")[-1]
            assert told.split("\n")[1].startswith("STATUS=standing by for ")
            assert second.stop() == 0
        assert first.stop() == 0


def test_the_watchdog_of_another_process_is_none_of_its_business(project: Project, inbox: socket.socket) -> None:
    environ = {"NOTIFY_SOCKET": inbox.getsockname(), "WATCHDOG_USEC": "100000", "WATCHDOG_PID": str(os.getpid())}
    with daemon(project, environ=environ) as running:
        heard(inbox, "READY=1")
        running.said("built the feeds")
        running.process.send_signal(signal.SIGTERM)
        assert not [line for line in heard(inbox, "STOPPING=1") if "WATCHDOG" in line]
        assert running.process.wait(30) == 0
