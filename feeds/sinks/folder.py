"""Publish into a folder: everything is staged first, then renamed into place file by file.

A build that fails before `commit` leaves the last good tree untouched; one killed during it leaves whole files only,
and the next build finds and finishes the rest. Never writes outside its folder, never deletes what it was not told to.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from feeds.disk.listing import list_folder
from feeds.errors import PublishError
from feeds.model import Artifact

ENDINGS = (".rss", ".atom", ".json")
STAGE = ".stage"
# Far enough in the future that no file counts as just changed: only our own writes are listed here.
_SETTLED_NS = 2**62


class FolderSink:
    """One output folder; only the holder of the build lease may stage and commit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stage = root / STAGE
        self._staged: list[str] = []
        self._folders: set[str] = set()

    def listings(self) -> dict[str, bytes]:
        """Return what stands in the folder and in each folder below it."""
        found: dict[str, bytes] = {}
        waiting = [str(self.root)] if self.root.is_dir() else []
        while waiting:
            path = waiting.pop()
            try:
                folder = list_folder(path, ENDINGS, _SETTLED_NS)
            except OSError as error:
                raise self._failure(error) from error
            found[os.path.relpath(path, self.root).replace(os.sep, "/")] = folder.entries
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
        """Keep a file for `commit`; return False, keeping nothing, where the very same bytes are in place already."""
        try:
            return self._write(artifact)
        except OSError as error:
            raise self._failure(error) from error

    def _write(self, artifact: Artifact) -> bool:
        target = self._safe(self.root, artifact.path)
        if _same(target, artifact.body):
            return False
        staged = self._safe(self._stage, artifact.path)
        folder = os.path.dirname(staged)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        _write(staged, artifact.body)
        self._staged.append(artifact.path)
        return True

    def commit(self, delete: Iterable[str]) -> None:
        """Rename every staged file into place, then delete `delete`."""
        try:
            for path in self._staged:
                self._move(path)
            for path in delete:
                Path(self._safe(self.root, path)).unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(error) from error
        self.clear()

    def _move(self, path: str) -> None:
        source, target = self._safe(self._stage, path), self._safe(self.root, path)
        try:
            _set_later(source, os.stat(target))
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(source, target)

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


def _same(path: str, body: bytes) -> bool:
    try:
        if os.stat(path).st_size != len(body):
            return False
        with open(path, "rb", buffering=0) as stream:
            return stream.read() == body
    except FileNotFoundError:
        return False


def _set_later(path: str, old: os.stat_result) -> None:
    """Make sure the new file is later than the old by whole seconds.

    nginx and others make the ETag of time in seconds and size: two versions of one second would share it.
    """
    new = os.stat(path)
    second = old.st_mtime_ns // 1_000_000_000  # as a float, .999999999 would count as the next
    if new.st_mtime_ns // 1_000_000_000 <= second:
        os.utime(path, ns=(new.st_atime_ns, (second + 1) * 1_000_000_000))
