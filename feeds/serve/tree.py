"""The published files as of one moment, in memory as far as they fit. A tree never changes: another follows it.

Nothing in it is written back, and a path that was not listed leads nowhere: asking is looking up a name.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from feeds.model.tree import CATALOGUE, FRONT
from feeds.serve.answer import Form, Rules, form_of, front_page
from feeds.serve.media import is_compressible, media_type
from feeds.serve.scan import Found, Listing, scan

NS = 1_000_000_000
# Read whole to be hashed; what is larger is no feed, and is better served by a web server.
LARGEST = 32 * 1024 * 1024
# Below this, compressing saves no packet.
SMALLEST = 500
# What is read at once leaves room for the compressed forms, which are about a sixth as large each.
READ_SHARE = 0.7
PLAIN = ("",)
MADE_HERE = ("br", "gzip", "")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One file. `forms` by coding gains those that are made when first asked for, and never changes otherwise.

    `body` is None for a file that is read when asked for; then there are no forms. `settles` is when the time of its
    last change is past (seconds since 1970), 0 if it is: until then it must not be told (RFC 9110 8.8.2.1).
    """

    path: str
    kind: str
    found: Found | None
    codings: tuple[str, ...]
    body: bytes | None
    modified: int | None
    settles: int = 0
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """The bytes of memory that its bodies take."""
        return sum(len(form.fine.body) for form in self.forms.values())


@dataclass(frozen=True, slots=True)
class Tree:
    """All files by `/path`. `gone` holds the keys of withdrawn feeds, `lost` the paths that were there before.

    `listing` is what stood in the folder, `settles` when a later look is due, `passed_over` what is not served.
    """

    files: Mapping[str, Entry] = field(default_factory=dict)
    listing: Listing = field(default_factory=Listing)
    gone: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    passed_over: tuple[str, ...] = ()
    settles: int = 0

    @property
    def is_published(self) -> bool:
        """Tell whether a build was published here: then there is a catalogue."""
        return f"/{CATALOGUE}" in self.files

    @property
    def held(self) -> int:
        """The bytes of memory that all bodies take."""
        return sum(entry.held for entry in self.files.values())

    def is_withdrawn(self, path: str) -> bool:
        """Tell whether what is missing at `path` was there once, and will not come back."""
        key, _, ending = path[1:].rpartition(".")
        return path in self.lost or (key in self.gone and "/" not in ending)


class Loader:
    """Reads trees from one folder, taking from the one before what did not change."""

    def __init__(self, root: str, rules: Rules, memory_bytes: int) -> None:
        self.root = root
        self._rules = rules
        self._room = int(memory_bytes * READ_SHARE)

    def load(self, before: Tree, now: int) -> Tree:
        """Return the tree as of now (seconds since 1970). Raises OSError where files vanish on the way."""
        listing = scan(self.root)
        left = self._room
        files: dict[str, Entry] = {}
        passed_over: list[str] = []
        for path, found in listing.files.items():
            entry = self._entry(path, found, before.files.get(f"/{path}"), left, now)
            if entry is None:
                passed_over.append(path)
                continue
            left -= entry.held
            files[f"/{path}"] = entry
        settles = min((entry.settles for entry in files.values() if entry.settles), default=0)
        gone, lost = _missing(before, files)
        return Tree(self._with_pages(files), listing, gone, lost, tuple(passed_over), settles)

    def _entry(self, path: str, found: Found, old: Entry | None, left: int, now: int) -> Entry | None:
        """Return a file, read if there is room, None for one that cannot be served."""
        needed = found.stamp.size + sum(stamp.size for stamp in found.siblings.values())
        if old and old.found == found and not 0 < old.settles <= now and (old.body is None) == (needed > left):
            return old
        if found.stamp.size > LARGEST:
            return None
        if needed > left:
            return unread(path, found)
        try:
            return read(path, found, now, self._rules)
        except PermissionError:
            return None

    def _with_pages(self, files: dict[str, Entry]) -> dict[str, Entry]:
        """Add the folders that have a page, and a word at `/` where there is none."""
        ending = f"/{FRONT}"
        pages = {path[: -len(FRONT)]: entry for path, entry in files.items() if path.endswith(ending)}
        if "/" not in pages and f"/{CATALOGUE}" in files:
            front = front_page(self._rules)
            pages["/"] = Entry("", "", None, PLAIN, front.fine.body, None, forms={"": front})
        return files | pages


def unread(path: str, found: Found) -> Entry:
    """Return a file that is to be read each time."""
    codings = (*found.siblings, "")
    return Entry(path, "", found, codings, None, None)


def read(path: str, found: Found, now: int, rules: Rules) -> Entry:
    """Return a file with what is in it now, which may be younger than `found`."""
    body, mtime_ns = read_file(found.stamp.source)
    kind = media_type(path, body)
    modified = mtime_ns // NS
    told = modified if modified <= now else None
    codings = _codings(kind, body, found)
    bodies = {"": body, **dict(_read_siblings(found, mtime_ns))}
    forms = {
        coding: form_of(path, each, coding, kind, told, rules, vary=len(codings) > 1)
        for coding, each in bodies.items()
        if coding in codings
    }
    return Entry(path, kind, found, codings, body, told, 0 if told is not None else modified, forms)


def _codings(kind: str, body: bytes, found: Found) -> tuple[str, ...]:
    if not is_compressible(kind):
        return PLAIN
    return MADE_HERE if len(body) >= SMALLEST else (*found.siblings, "")


def _read_siblings(found: Found, mtime_ns: int) -> Iterator[tuple[str, bytes]]:
    """Return the compressed forms that still belong to a file of that time."""
    for coding, stamp in found.siblings.items():
        body, own_ns = read_file(stamp.source)
        if own_ns == mtime_ns:
            yield coding, body


def read_file(source: str, folder: int | None = None) -> tuple[bytes, int]:
    """Return the bytes of a file and its mtime in nanoseconds: both of the same one, also while it is replaced.

    `source` is a path, or a name in an open `folder`.
    """
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123  a descriptor is no path
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise FileNotFoundError(source)
        return stream.read(), status.st_mtime_ns


def _missing(before: Tree, files: Mapping[str, Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys that the catalogue calls withdrawn, and the paths that are no longer there.

    Without a catalogue the folder is being moved or filled anew: that withdraws nothing, for 410 makes readers forget.
    """
    catalogue = files.get(f"/{CATALOGUE}")
    if catalogue is None:
        return before.gone, before.lost - files.keys()
    had = {path for path, entry in before.files.items() if entry.found and not path.endswith("/")}
    gone = withdrawn_keys(catalogue.body) if catalogue.body is not None else before.gone
    return gone, frozenset((before.lost | had) - files.keys())


class _Catalogue(msgspec.Struct):
    gone: list[str] = []


def withdrawn_keys(catalogue: bytes) -> frozenset[str]:
    """Return the keys of the feeds that a catalogue calls withdrawn."""
    try:
        return frozenset(msgspec.json.decode(catalogue, type=_Catalogue).gone)
    except msgspec.DecodeError:
        return frozenset()  # somebody else's file of that name: it withdraws nothing
