"""The parts of the doctor that decide by text alone."""

from pathlib import Path

import pytest

from feeds.app.doctor.machine import package_faults
from feeds.app.doctor.state import file_system

INSTALLED = {"click": "8.3.1", "httpx": "0.28.1", "lxml": "5.0", "tzdata": "2026.1", "psycopg": "2.9", "odd": "4.0rc1"}


@pytest.mark.parametrize(
    ("wanted", "faults"),
    [
        ("click<9,>=8.3", []),
        ("click>=8.3.1", []),
        ("click <9, >=8.4", ["click 8.3.1 is installed, <9, >=8.4 is needed"]),
        ("click<8.3.1", ["click 8.3.1 is installed, <8.3.1 is needed"]),
        ("httpx<0.29,>=0.28.1", []),
        ("httpx!=0.28.1", ["httpx 0.28.1 is installed, !=0.28.1 is needed"]),
        ("lxml>=5", []),
        ("lxml==5.0.0", []),
        ("lxml>5", ["lxml 5.0 is installed, >5 is needed"]),
        ("tzdata>=2025.1", []),
        ("odd>=4,<5", []),
        ("reader", ["the package reader is not installed"]),
        ("lxml", []),
        ("pytest>=8; extra == 'dev'", []),
        ("psycopg[binary]<4,>=3.2; extra == 'postgres'", ["psycopg 2.9 is installed, <4,>=3.2 is needed"]),
    ],
)
def test_what_is_installed_is_compared_with_what_is_needed(wanted: str, faults: list[str]) -> None:
    assert list(package_faults([wanted], lambda name: INSTALLED.get(name, ""))) == faults


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /mnt nfs4 rw 0 0
/dev/sdb1 /mnt/local xfs rw 0 0
//nas/a\\040share /mnt/a\\040share cifs rw 0 0
overlay /srv overlay rw 0 0
tmpfs /srv tmpfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/state.db", "ext4"),
        ("/mnt/state.db", "nfs4"),
        ("/mnt/local/state.db", "xfs"),
        ("/mntlocal/state.db", "ext4"),
        ("/mnt/a share/state.db", "cifs"),
        ("/srv/feeds/state.db", "tmpfs"),
        ("state.db", ""),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind
