"""Publish into a folder: everything is staged first, then renamed into place file by file.

A build that fails before `commit` leaves the last good tree untouched; one killed during it leaves whole files only,
and the next build finds and finishes the rest. Never writes outside its folder, never deletes what it was not told to.

Beside a file X stand its compressed forms X.gz and X.br, as many as are wanted: made of the bytes of X, with the time
of X. Web servers send them without looking at X, so at no moment may one stand beside other bytes than its own: the old
forms go, then X is renamed into place, then the new forms. In between, and after a kill, servers send X itself.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from feeds.disk.listing import list_folder, list_names
from feeds.errors import PublishError
from feeds.model import Artifact
from feeds.model.tree import ARCHIVE
from feeds.sinks.encodings import SUFFIXES, forms

ENDINGS = (".rss", ".atom", ".json", ".html", ".opml", ".css", ".js", ".svg")
STAGE = ".stage"
# Far enough in the future that no file counts as just changed: only our own writes are listed here.
_SETTLED_NS = 2**62


@dataclass(frozen=True, slots=True)
class _Move:
    """What `commit` does about one file: `drop` and `bring` are suffixes of its compressed forms."""

    path: str
    whole: bool  # whether the file itself is staged, not only forms of what is in place
    drop: tuple[str, ...]
    bring: tuple[str, ...]


class FolderSink:
    """One output folder; only the holder of the build lease may stage and commit."""

    def __init__(self, root: Path, encodings: Iterable[str] = ()) -> None:
        self.root = root
        self.encodings = tuple(encodings)
        self._listed = (*ENDINGS, *(ending + SUFFIXES[each] for each in self.encodings for ending in ENDINGS))
        self._stage = root / STAGE
        self._staged: list[_Move] = []
        self._folders: set[str] = set()

    def listings(self) -> dict[str, bytes]:
        """Return what stands in the folder and in each folder below it."""
        found: dict[str, bytes] = {}
        waiting = [str(self.root)] if self.root.is_dir() else []
        while waiting:
            path = waiting.pop()
            name = os.path.relpath(path, self.root).replace(os.sep, "/")
            try:
                # 24,000 files with 100,000 items: that one is missing is seen, that it was edited in place is not.
                archived = f"{name}/".startswith(ARCHIVE)
                folder = list_names(path, self._listed) if archived else list_folder(path, self._listed, _SETTLED_NS)
            except OSError as error:
                raise self._failure(error) from error
            found[name] = folder.entries
            waiting += folder.folders
        return found

    def clear(self) -> None:
        """Drop what is staged, also what a killed build left so."""
        self._staged.clear()
        self._folders.clear()
        try:
            if self._stage.exists():
                shutil.rmtree(self._stage)
        except OSError as error:
            raise self._failure(error) from error

    def stage(self, artifact: Artifact) -> bool:
        """Keep a file for `commit`; return False, keeping none, where the very same bytes are in place already.

        What is missing or wrong beside it is kept for `commit` either way.
        """
        try:
            return self._keep(artifact)
        except OSError as error:
            raise self._failure(error) from error

    def _keep(self, artifact: Artifact) -> bool:
        path, target = artifact.path, self._safe(self.root, artifact.path)
        wanted = forms(path, artifact.body, self.encodings)
        whole = not _same(target, artifact.body)
        if whole:
            drop, bring = tuple(SUFFIXES.values()), tuple(wanted)
            self._write(path, artifact.body)
        else:
            drop = tuple(each for each in SUFFIXES.values() if each not in wanted and os.path.lexists(target + each))
            bring = tuple(each for each, body in wanted.items() if not _is_form(target + each, body, of=target))
        for suffix in bring:
            self._write(path + suffix, wanted[suffix])
        if whole or drop or bring:
            self._staged.append(_Move(path, whole, drop, bring))
        return whole

    def _write(self, path: str, body: bytes) -> None:
        staged = self._safe(self._stage, path)
        folder = os.path.dirname(staged)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        _write(staged, body)

    def commit(self, delete: Iterable[str]) -> None:
        """Rename every staged file into place, then delete `delete`, each with its compressed forms.

        The stage goes last: as long as it stands, a publish is under way or was killed.
        """
        # Top.rss that becomes top.rss is one file on the disks of many: deleted afterwards, the new one would be gone.
        coming = {move.path.casefold() for move in self._staged}
        later = set(delete)
        first = {path for path in later if path.casefold() in coming}
        try:
            self._delete(sorted(first))
            for move in self._staged:
                self._move(move)
            self._delete(sorted(later - first))
        except OSError as error:
            raise self._failure(error) from error
        self.clear()

    def _delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            target = self._safe(self.root, path)
            for name in (*(target + each for each in SUFFIXES.values()), target):
                _remove(name)

    def _move(self, move: _Move) -> None:
        source, target = self._safe(self._stage, move.path), self._safe(self.root, move.path)
        if move.whole:
            try:
                _set_later(source, os.stat(target))
            except FileNotFoundError:
                os.makedirs(os.path.dirname(target), exist_ok=True)
        time = os.stat(source if move.whole else target).st_mtime_ns
        for suffix in move.bring:
            os.utime(source + suffix, ns=(time, time))
        for suffix in move.drop:
            _remove(target + suffix)
        if move.whole:
            os.replace(source, target)
        for suffix in move.bring:
            os.replace(source + suffix, target + suffix)

    def _safe(self, root: Path, path: str) -> str:
        """Return where a file goes; a path that would leave the folder is a fault of the program, so it stops."""
        if path.startswith("/") or ".." in path.split("/") or "\0" in path or "\\" in path:
            raise PublishError(f"refusing to write '{path}': it leads out of the output folder")
        return f"{root}/{path}"

    def _failure(self, error: OSError) -> PublishError:
        reason = error.strerror or str(error)
        return PublishError(f"cannot publish to {self.root}: {reason}; the last good feeds are still in place")


def _write(path: str, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        written = os.write(descriptor, body)
        while written < len(body):  # a full disk may take a part before it says so
            written += os.write(descriptor, body[written:])
    finally:
        os.close(descriptor)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _same(path: str, body: bytes) -> bool:
    try:
        if os.stat(path).st_size != len(body):
            return False
        with open(path, "rb", buffering=0) as stream:
            return stream.read() == body
    except FileNotFoundError:
        return False


def _is_form(path: str, body: bytes, *, of: str) -> bool:
    """Tell whether this compressed form of the file `of` is in place, with its time."""
    return _same(path, body) and os.stat(path).st_mtime_ns == os.stat(of).st_mtime_ns


def _set_later(path: str, old: os.stat_result) -> None:
    """Make sure the new file is later than the old by whole seconds.

    nginx and others make the ETag of time in seconds and size: two versions of one second would share it.
    """
    new = os.stat(path)
    second = old.st_mtime_ns // 1_000_000_000  # as a float, .999999999 would count as the next
    if new.st_mtime_ns // 1_000_000_000 <= second:
        os.utime(path, ns=(new.st_atime_ns, (second + 1) * 1_000_000_000))
