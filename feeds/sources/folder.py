"""Find the record files below some folders, and tell which of them changed since the last look.

Hidden files and folders are passed over, and those the program itself fills. Never follows a link into a folder it has
seen.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from feeds.disk.listing import changes, list_folder, names

_LOWER = (".md", ".markdown", ".txt", ".yaml", ".yml", ".json")
ENDINGS = (*_LOWER, *map(str.upper, _LOWER))


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders to read, those to pass over, and the folder that names are relative to."""

    paths: tuple[str, ...]
    project: str
    excluded: tuple[str, ...] = ()

    def name(self, path: str) -> str:
        """Return the name a record is known by: its path from the project, with forward slashes."""
        return _writable(os.path.relpath(path, self.project).replace(os.sep, "/"))


@dataclass(slots=True)
class Scan:
    """What changed below the roots: record files to read by name, files and folders that are gone, new listings."""

    changed: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    listings: dict[str, bytes] = field(default_factory=dict)
    folders_gone: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    total: int = 0


def scan(roots: Roots, known: Mapping[str, bytes], now_ns: int) -> Scan:
    """Return what differs below `roots` from the listings `known` (folder name to entries).

    What stood in a folder that cannot be read now is taken to stand there still.
    """
    found = Scan()
    seen: set[str] = set()
    for name in _folders(roots, found, seen, now_ns, known):
        seen.add(name)
    hidden = tuple("" if name == "." else name + "/" for name in found.unreadable)
    for folder in sorted(known.keys() - seen - found.unreadable.keys()):
        if not folder.startswith(hidden):
            found.folders_gone.append(folder)
            found.gone += [_join(folder, name) for name in names(known[folder])]
    return found


def _folders(roots: Roots, found: Scan, seen: set[str], now_ns: int, known: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the name of every folder that was listed, noting what changed in it."""
    # Also by the real path: a link to the output must not make records of the feeds.
    visited = set(map(os.path.realpath, roots.excluded))
    waiting = list(reversed(roots.paths))
    while waiting:
        path = waiting.pop()
        real = os.path.realpath(path)
        if real in visited:
            continue
        visited.add(real)
        name = roots.name(path)
        try:
            folder = list_folder(path, ENDINGS, now_ns)
        except OSError as error:
            found.unreadable[name] = error.strerror or str(error)
            continue
        waiting += reversed(folder.folders)
        if name not in seen:
            _note(found, name, path, known.get(name, b""), folder.entries)
            yield name


def _note(found: Scan, name: str, path: str, before: bytes, after: bytes) -> None:
    found.total += after.count(b"\n") + bool(after)
    if before == after:
        return
    changed, gone = changes(before, after)
    found.changed.update((_join(name, entry), os.path.join(path, entry)) for entry in sorted(changed))
    found.gone += [_join(name, entry) for entry in gone]
    if changed or gone:
        found.listings[name] = after


def _join(folder: str, name: str) -> str:
    return _writable(name if folder == "." else f"{folder}/{name}")


def _writable(name: str) -> str:
    r"""Return a name that can be written down as UTF-8: `\xff` stands for a byte that is none (Latin-1 file names)."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
