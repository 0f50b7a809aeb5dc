import os
import socket
from pathlib import Path

import pytest

from feeds.schedule.supervisor import Supervisor


@pytest.fixture
def inbox(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(2)
        yield receiver


def test_it_is_told_what_happens(inbox: socket.socket) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": inbox.getsockname()})
    supervisor.ready("at work")
    supervisor.status("building")
    supervisor.reloading()
    supervisor.alive()
    supervisor.stopping()
    told = [inbox.recv(200).decode() for _ in range(5)]
    assert [told[0], told[1], told[3], told[4]] == [
        "READY=1\nSTATUS=at work", "STATUS=building", "WATCHDOG=1", "STOPPING=1\nSTATUS=stopping",
    ]  # fmt: skip
    assert told[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert told[2].rpartition("=")[2].isdigit()


def test_an_abstract_socket_is_found() -> None:
    name = f"feeds-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0" + name)
        receiver.settimeout(2)
        Supervisor({"NOTIFY_SOCKET": "@" + name}).alive()
        assert receiver.recv(200) == b"WATCHDOG=1"


def test_without_one_nothing_is_told_and_nothing_fails(tmp_path: Path) -> None:
    Supervisor({}).ready("at work")
    gone = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    gone.ready("at work")
    gone.alive()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "30000000"}, 15),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0),
        ({"WATCHDOG_USEC": "soon"}, 0),
    ],
)
def test_it_wants_signs_of_life_twice_within_its_limit(environ: dict[str, str], seconds: float) -> None:
    assert Supervisor(environ).beat_seconds == seconds
