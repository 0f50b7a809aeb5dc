"""Notice that the published folder changed, and hand on its tree whole: never half of one build and half of another.

A build gathers its files in `.stage`, renames them one by one, and removes `.stage` in the end. While that is there,
and where anything moved while it was read, the tree before stays. A build that was killed leaves `.stage` behind: after
some seconds without any change what stands in the folder is taken as it is.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from feeds.disk.listing import RACY_NS
from feeds.serve.scan import is_staged, marks, scan
from feeds.serve.tree import NS, Loader, Tree

EVERY = 1.0
AGAIN = 0.05
TRIES = 20
PATIENCE = 5.0
# Files changed in place leave their folder's time alone: each is looked at now and then, for 1 % of a processor.
THOROUGH, SHARE = 30.0, 100.0

log = logging.getLogger("feeds.serve")


class Follower:
    """Calls `take` with each new tree, from another thread; `patience` is in seconds."""

    def __init__(self, loader: Loader, take: Callable[[Tree], None], *, patience: float = PATIENCE) -> None:
        self._loader = loader
        self._patience = patience
        self._take = take
        self._tree = Tree()
        self._lock = asyncio.Lock()
        self._taken: Mapping[str, int] = {}  # the marks of the tree in hand; empty while it may be half of one
        self._taken_at = 0
        self._thorough_at = 0.0
        self._seen: Mapping[str, int] = {}
        self._since: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look once a second until `stop` is set."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def look(self) -> None:
        """Take up what is published now; leave it to a later look where that is not settled in about a second."""
        async with self._lock:
            for turn in range(TRIES):
                if await asyncio.to_thread(self._step, last=turn == TRIES - 1):
                    return
                await asyncio.sleep(AGAIN)

    def _step(self, *, last: bool) -> bool:
        """Load the tree if there is a reason to; return False where it has to be looked at again shortly."""
        try:
            return not Path(self._loader.root).is_dir() or self._settled(last=last)
        except OSError as error:
            log.warning(
                "cannot read %s: %s; the feeds of before are still served (feeds doctor)", self._loader.root, error
            )
            return True

    def _settled(self, *, last: bool) -> bool:
        root, now_ns = self._loader.root, time.time_ns()
        seen = marks(self._tree.listing.folders or {root: 0}, root)
        if seen == self._taken and not self._is_due(now_ns):
            return True
        if is_staged(root) and self._taken and self._is_patient(seen):
            return False
        started = time.monotonic()
        try:
            tree = self._loader.load(self._tree, now_ns // NS)
            half = self._is_moving(tree) and self._is_patient(seen)
        except FileNotFoundError:
            return False  # files go while we read: a build is at it
        # What may be half of a build is served only where there is nothing better, and looked at again.
        if half and (self._taken or not last):
            return False
        self._hand_on(tree)
        self._taken = {} if half else marks(tree.listing.folders, root) | tree.listing.folders
        self._taken_at, self._since = now_ns, None
        self._thorough_at = time.monotonic() + max(THOROUGH, SHARE * (time.monotonic() - started))
        return not half

    def _is_patient(self, seen: Mapping[str, int]) -> bool:
        """Tell whether something moved so short a while ago that it is worth waiting for the rest."""
        if self._since is None or seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        return time.monotonic() - self._since < self._patience

    def _is_due(self, now_ns: int) -> bool:
        """Tell whether the files may have changed although no folder did."""
        recent = max(self._taken.values(), default=0) > self._taken_at - RACY_NS
        dated = 0 < self._tree.settles <= now_ns // NS
        return recent or dated or time.monotonic() >= self._thorough_at

    def _is_moving(self, tree: Tree) -> bool:
        """Tell whether this tree may be half of a build.

        There is no stage now, between two looks that saw the same files: so all of them stood there at one moment, and
        that was not during a publish. The times of folders would not do: on many file systems they tick slowly, and
        a small publish fits between two ticks.
        """
        return is_staged(self._loader.root) or scan(self._loader.root).files != tree.listing.files

    def _hand_on(self, tree: Tree) -> None:
        old, self._tree = self._tree, tree
        self._take(tree)
        changed = sum(entry is not old.files.get(path) for path, entry in tree.files.items() if entry.found)
        if changed or tree.lost != old.lost:
            log.info("serving %d files of %s, %d of them new", len(tree.files), self._loader.root, changed)
        if tree.passed_over and tree.passed_over != old.passed_over:
            log.warning("not served, unreadable or too large: %s (feeds doctor)", ", ".join(tree.passed_over[:5]))
