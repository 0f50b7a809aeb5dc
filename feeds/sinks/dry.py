"""A sink that publishes nothing: it tells what would be written over what, and what would go."""

from collections.abc import Callable, Iterable
from pathlib import Path

from feeds.errors import PublishError
from feeds.model import Artifact
from feeds.sinks.folder import FolderSink

# (path, what is there, what would be there); b"" for nothing
Watch = Callable[[str, bytes, bytes], None]


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
            return False
        self._watch(artifact.path, there or b"", artifact.body)
        return True

    def commit(self, delete: Iterable[str]) -> None:
        """Tell of the files that would be deleted."""
        for path in delete:
            if there := self._read(path):
                self._watch(path, there, b"")

    def clear(self) -> None:
        """Do nothing: nothing is staged."""

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PublishError(f"cannot read {self._root / path}: {error.strerror or error}") from error
