"""Make the paths of the settings absolute, and refuse those that would publish what must stay private.

Paths of the file and of the defaults count from the project folder; those of flags and of the environment count from
the current folder, as a shell user expects. This module must never create or open anything.
"""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.config.checks import is_state_url
from feeds.config.faults import DEFAULT, ENVIRONMENT, FLAG, Fault, Place
from feeds.config.layers import Settled

DEFAULT_FILE = Path("config", "feeds.yaml")
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///([^?]+)")
_CURES = {
    "state": "the state must never be published: move one of the two",
    "records": "records must not be published as they are: move one of the two",
    "out": "settings may name what is private: move one of the two",
}


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are: absolute and with symbolic links resolved."""

    record_roots: tuple[Path, ...]
    out: Path
    state_url: str
    topics: Path
    providers: Path
    sources: Path


def locate(path: Path | None, cwd: Path) -> Path | None:
    """Return the absolute path of the file to read, or None where there is none and none was named."""
    if path is not None:
        return cwd / path
    return cwd / DEFAULT_FILE if (cwd / DEFAULT_FILE).exists() else None


def project_of(file: Path | None, cwd: Path) -> Path:
    """Return the folder that relative paths in the file count from.

    Symbolic links are not followed here: a file mounted as a link still belongs to the folder it is seen in.
    """
    folder = cwd if file is None else file.parent
    return (folder.parent if file is not None and folder.name == "config" else folder).absolute()


def shown_path(path: Path, cwd: Path) -> str:
    """Return a path as messages tell it: relative to the current folder where it is inside."""
    return path.relative_to(cwd).as_posix() if path.is_relative_to(cwd) else path.as_posix()


def paths_of(settled: Settled, project: Path, cwd: Path) -> Paths:
    """Return the paths the settings mean."""
    settings = settled.settings

    def absolute(key: str, value: str) -> Path:
        # Path.resolve raises RuntimeError at a link that leads to itself.
        start = cwd if settled.place(key).rank in {ENVIRONMENT, FLAG} else project
        return Path(os.path.realpath(start / value))

    roots = tuple(dict.fromkeys(absolute("records", each) for each in settings.records))
    state = settings.state if is_state_url(settings.state) else f"sqlite:///{absolute('state', settings.state)}"
    topics, providers = settings.taxonomy.topics, settings.taxonomy.providers
    return Paths(
        roots,
        absolute("out", settings.out),
        state,
        absolute("taxonomy.topics", topics),
        absolute("taxonomy.providers", providers),
        absolute("sources_file", settings.sources_file),
    )


def with_records(settled: Settled, project: Path) -> Settled:
    """Return `settled` reading the whole project where no records are named and there is no records folder."""
    if settled.place("records").rank != DEFAULT or (project / "records").is_dir():
        return settled
    return replace(settled, settings=settled.settings.model_copy(update={"records": (".",)}))


def path_faults(settled: Settled, paths: Paths, file: Path | None, cwd: Path) -> list[Fault]:
    """Return what lies inside the public folder and must not: the next build would publish or sweep it.

    `file` is the settings file, None for none.
    """
    private = [("records", root) for root in paths.record_roots]
    if file is not None:
        private.append(("out", Path(os.path.realpath(file))))
    database = _SQLITE.match(paths.state_url)
    if database and database[1] != ":memory:":
        private.append(("state", (cwd / database[1]).resolve()))
    out = shown_path(paths.out, cwd)
    return [
        Fault(_blamed(settled, key), key, f"{shown_path(path, cwd)} lies inside the out folder {out}; {_CURES[key]}")
        for key, path in private
        if path.is_relative_to(paths.out)
    ]


def _blamed(settled: Settled, key: str) -> Place:
    """Return the place of the value somebody wrote: the default cannot be at fault, so then it is `out`."""
    place = settled.place(key)
    return settled.place("out") if place.rank == DEFAULT else place
