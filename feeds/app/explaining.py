"""Open the state as it is and have one item explained. Changes nothing, and makes no state where there is none."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.app.feed_names import named_key
from feeds.app.looking import looked_at
from feeds.app.orders import build_order
from feeds.pipeline.explain import explain
from feeds.pipeline.explained import Explanation
from feeds.pipeline.lookup import Lookup, Word
from feeds.pipeline.places import feed_keys
from feeds.sources.reading import Order, Original, original

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.pipeline import BuildOrder
    from feeds.store.existing import Seen


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that nothing is known by, with `near` ones; `unread` says that it is a file no build has read."""

    word: str
    near: tuple[str, ...]
    unread: bool = False


def run_explain(loaded: "Loaded", word: str, feed: str, now_ns: int) -> Explanation | Unknown:
    """Return the whole story of what `word` means, as of `now_ns` (nanoseconds since 1970).

    `feed` is the key of the only feed to look at, "" for all. Raises UsageError for a feed that is none, StateError
    where there is no state that can be read.
    """
    with looked_at(loaded, "explain") as seen:
        return _explained(loaded, seen, word, feed, now_ns)


def _explained(loaded: "Loaded", seen: "Seen", word: str, feed: str, now_ns: int) -> Explanation | Unknown:
    order = build_order(loaded, now_ns)
    key = named_key(feed_keys(seen.store), feed) if feed else ""
    lookup = Lookup(seen.store, seen.traces, order.rules.tracking)
    asked = Word(word, tuple(dict.fromkeys((order.roots.name(str(Path(word).absolute())), word.strip()))))
    meant = lookup.find(asked)
    if meant is None:
        return Unknown(word, lookup.near(asked), unread=Path(word).is_file())
    return explain(seen.store, seen.traces, order, meant, partial(_read, order), key)


def _read(order: "BuildOrder", file: str) -> Original:
    path = Path(order.roots.project, file)
    return original(Order(file, str(path)), order.record_bytes, related=order.rules.related)
