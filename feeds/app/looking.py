"""Look at the state as it is, for commands that only tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from feeds.errors import StateError
from feeds.store.existing import existing_state

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.store.existing import Seen


@contextmanager
def looked_at(loaded: "Loaded", to: str) -> "Iterator[Seen]":
    """Look at it, `to` do what; raises StateError where there is no state that this program can read."""
    with existing_state(loaded.state_url) as seen:
        if seen is None:
            raise StateError(f"there is nothing to {to} yet: feeds build")
        if not seen.is_ours:
            raise StateError(
                f"the state has version {seen.version or 'none'}, another than this program's: feeds doctor"
            )
        yield seen
