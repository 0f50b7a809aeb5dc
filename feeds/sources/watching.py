"""Notice at once that records or settings change. A scan on schedule is the safety net: this may miss things.

Must never read what changed; it only says that something did.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, awatch

from feeds.sources.folder import ENDINGS

# An editor or a checkout writes many files in a row: wait for 0.2 s of silence, but no longer than 1 s in all.
SILENCE_MS, PATIENCE_MS = 200, 1000


@dataclass(frozen=True, slots=True)
class Watched:
    """What to watch: folders of records, folders inside them to pass over, and single files of settings."""

    records: tuple[str, ...]
    excluded: tuple[str, ...]
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What changed: records, settings, or both."""

    records: bool
    settings: bool


async def watch(watched: Watched, stop: asyncio.Event) -> AsyncIterator[Seen]:
    """Yield whenever something changed, until `stop`. Raises OSError where it cannot watch."""
    sieve = _Sieve(watched)
    async for found in awatch(
        *_folders(watched),
        watch_filter=sieve,
        stop_event=stop,
        debounce=PATIENCE_MS,
        step=SILENCE_MS,
        recursive=True,
        raise_interrupt=False,
    ):
        paths = {path for _, path in found}
        yield Seen(any(map(sieve.is_record, paths)), any(path in sieve.settings for path in paths))


def _folders(watched: Watched) -> list[str]:
    folders = {*watched.records, *(os.path.dirname(path) for path in watched.settings)}
    return sorted(folder for folder in folders if os.path.isdir(folder))


class _Sieve:
    """What of the changes matters."""

    def __init__(self, watched: Watched) -> None:
        self._roots = _prefixes(watched.records)
        self._excluded = _prefixes(watched.excluded)
        self.settings = frozenset(watched.settings)

    def __call__(self, change: Change, path: str) -> bool:  # noqa: ARG002  watchfiles passes it
        return path in self.settings or self.is_record(path)

    def is_record(self, path: str) -> bool:
        """Tell whether a change there can change what a scan finds; a folder counts: it may be moved in as a whole."""
        root = next((root for root in self._roots if path.startswith(root)), "")
        if not root or path.startswith(self._excluded):
            return False
        names = path[len(root) :].split("/")
        return not any(name.startswith(".") for name in names) and (names[-1].endswith(ENDINGS) or "." not in names[-1])


def _prefixes(folders: Iterable[str]) -> tuple[str, ...]:
    both = {spelling for folder in folders for spelling in (folder, str(Path(folder).resolve()))}
    return tuple(sorted(folder.rstrip("/") + "/" for folder in both))
