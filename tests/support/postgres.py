"""A PostgreSQL of one test session: its own folder, its own socket, no port, nothing kept.

The collation is one that differs from byte order, because a production server's will.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

PLACES = ("/usr/lib/postgresql", "/usr/local", "/opt/homebrew/opt", "/usr")
USER = "feeds"


def binaries() -> Path | None:
    """Return the folder of the newest server's programs, or None where there is no server."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else []
    for place in PLACES:
        found += [*Path(place).glob("bin/initdb"), *Path(place).glob("*/bin/initdb")]
    # A link to one program is not a folder of all of them.
    return max((path.resolve().parent for path in found), key=_version, default=None)


def _version(programs: Path) -> tuple[int, ...]:
    told = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in told.split()[2].split(".") if part.isdigit())


@dataclass
class Server:
    """A running server."""

    folder: Path
    numbers: "count[int]"

    def new_database(self) -> str:
        """Make an empty database; return its URL as people write it, without a driver."""
        name = f"state{next(self.numbers)}"
        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql://{USER}@/{name}?host={self.folder}"


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, and stop it in the end."""
    programs = binaries()
    assert programs is not None
    # Not below the folders of pytest: the server's user may not enter them, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="feeds-pg-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    options = f"-k {folder} -h '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    try:
        _run(
            [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", *_locale(programs)]
        )
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
        yield Server(folder, count(1))
    finally:
        if (data / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
        shutil.rmtree(folder)


def _locale(programs: Path) -> list[str]:
    told = subprocess.run([programs / "initdb", "--help"], capture_output=True, text=True, check=True).stdout
    icu = ["--locale-provider=icu", "--icu-locale=en-US"] if "--icu-locale" in told else []
    return ["--locale=C", *icu]


def _run(command: list[str | Path]) -> None:
    """Run a program of the server, which refuses to be root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    # A pipe would stay open in the server that pg_ctl leaves behind, and be waited for.
    with tempfile.TemporaryFile() as log:
        done = subprocess.run(words, stdout=log, stderr=log, cwd="/", check=False)
        log.seek(0)
        assert done.returncode == 0, log.read().decode()
