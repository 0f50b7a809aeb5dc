"""A sink that publishes nothing: it tells what would be written over what, and what would go."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from feeds.errors import PublishError
from feeds.model import Artifact
from feeds.sinks.encodings import SUFFIXES, forms
from feeds.sinks.folder import FolderSink

# (path, what is there, what would be there); None for no file
Watch = Callable[[str, bytes | None, bytes | None], None]


class DrySink:
    """One output folder, looked at. Bodies are handed to `watch` one by one and not kept."""

    def __init__(self, root: Path, encodings: Iterable[str], watch: Watch) -> None:
        self._root, self._watch = root, watch
        self._folder = FolderSink(root, encodings)
        self.encodings = self._folder.encodings

    def listings(self) -> dict[str, bytes]:
        """Return what is published now, folder by folder."""
        return self._folder.listings()

    def stage(self, artifact: Artifact) -> bool:
        """Tell of a file that would be written; return False where its bytes are there already."""
        there = self._read(artifact.path)
        if there == artifact.body:
            self._stage_forms(artifact)
            return False
        self._watch(artifact.path, there, artifact.body)
        return True

    def _stage_forms(self, artifact: Artifact) -> None:
        """Tell of compressed forms that are missing, wrong or too many beside a file that stays as it is.

        Those of a file that changes or goes do so with it, and are not told of.
        """
        wanted = forms(artifact.path, artifact.body, self.encodings)
        for suffix in SUFFIXES.values():
            path, body = artifact.path + suffix, wanted.get(suffix)
            there = self._read(path)
            if there != body or (there is not None and self._time(path) != self._time(artifact.path)):
                self._watch(path, there, body)

    def commit(self, delete: Iterable[str]) -> None:
        """Tell of the files that would be deleted."""
        for path in delete:
            if (there := self._read(path)) is not None:
                self._watch(path, there, None)

    def clear(self) -> None:
        """Do nothing: nothing is staged."""

    def _time(self, path: str) -> int:
        return os.stat(self._root / path).st_mtime_ns

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PublishError(f"cannot read {self._root / path}: {error.strerror or error}") from error
