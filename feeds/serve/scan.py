"""Look over the published folder: which files there are, as of when, without reading any. Must never lead out of it."""

# A path is touched once per file: pathlib costs 10 times as much.
# ruff: noqa: PTH112, PTH116, PTH206

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from feeds.model.tree import ARCHIVE
from feeds.serve.media import may_be_compressible

STAGE = ".stage"  # where the publisher gathers what it renames into place
SIBLINGS = {"br": ".br", "gzip": ".gz"}  # the best first


class Stamp(NamedTuple):
    """By what a file is known to be the same as before. `source` is where it is read from."""

    source: str
    mtime_ns: int
    size: int
    inode: int


class Found(NamedTuple):
    """A file and its compressed forms, by coding: those of the very same time, as the publisher writes them."""

    stamp: Stamp
    siblings: Mapping[str, Stamp]


@dataclass(slots=True)
class Listing:
    """Files by path, and when each folder last changed."""

    files: dict[str, Found] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)


def scan(root: str) -> Listing:
    """Return what is to be served below `root`: no hidden names, no link that leads out, no pages of archives.

    Raises FileNotFoundError where a folder vanishes on the way.
    """
    listing = Listing()
    stamps: dict[str, Stamp] = {}
    real = os.path.realpath(root)
    waiting = [""]
    while waiting:
        folder = waiting.pop(0)
        path = os.path.join(root, folder)
        listing.folders[path] = os.stat(path).st_mtime_ns
        for name, entry in _visible(path):
            if entry.is_dir(follow_symlinks=False):
                # 30,000 pages with their forms would cost half a second and 80 MB here, after every build.
                if f"{folder}{name}/" != ARCHIVE:
                    waiting.append(f"{folder}{name}/")
            elif stamp := _stamp(entry, real):
                stamps[f"{folder}{name}"] = stamp
    listing.files = dict(_paired(stamps))
    return listing


def _visible(path: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    with os.scandir(path) as entries:
        found = {entry.name: entry for entry in entries if entry.name[0] != "." and _is_text(entry.name)}
    yield from sorted(found.items())


def _is_text(name: str) -> bool:
    """Tell whether a name is UTF-8: another cannot be asked for."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stamp(entry: "os.DirEntry[str]", real: str) -> Stamp | None:
    """Return the stamp of a file, None for what is none or lies elsewhere."""
    source = entry.path
    if entry.is_symlink():
        source = os.path.realpath(source)
        inside = source.startswith(real + os.sep)
        if not inside or any(part.startswith(".") for part in source[len(real) + 1 :].split(os.sep)):
            return None
    try:
        status = os.stat(source, follow_symlinks=False)
    except FileNotFoundError:
        return None  # gone since, or a link to nothing
    if not stat.S_ISREG(status.st_mode):
        return None
    return Stamp(source, status.st_mtime_ns, status.st_size, status.st_ino)


def _paired(stamps: Mapping[str, Stamp]) -> Iterator[tuple[str, Found]]:
    for path, stamp in stamps.items():
        plain = path.rpartition(".")[0]
        if path.endswith((".gz", ".br")) and plain in stamps and may_be_compressible(plain):
            continue
        named = {coding: stamps.get(path + ending) for coding, ending in SIBLINGS.items()}
        same = {coding: other for coding, other in named.items() if other and other.mtime_ns == stamp.mtime_ns}
        yield path, Found(stamp, same if may_be_compressible(path) else {})


def is_staged(root: str) -> bool:
    """Tell whether a build is being published, or was killed while it was."""
    return os.path.isdir(os.path.join(root, STAGE))


def marks(folders: Mapping[str, int], root: str) -> dict[str, int]:
    """Return when each of these folders and what is staged changed last, -1 for what is gone.

    A file that is renamed, made or deleted changes its folder: three calls tell that nothing did, among any number of
    files.
    """
    stage = os.path.join(root, STAGE)
    staged = {stage, *_folders_in(stage)} if is_staged(root) else set()
    return {path: _changed(path) for path in (*folders, *sorted(staged))}


def _folders_in(path: str) -> set[str]:
    try:
        with os.scandir(path) as entries:
            return {entry.path for entry in entries if entry.is_dir(follow_symlinks=False)}
    except FileNotFoundError:
        return set()


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return -1
