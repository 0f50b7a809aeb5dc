"""Cut a feed from the stream of its items."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from feeds.model.feed import FeedSpec, WindowRow


def cut(rows: Iterable[WindowRow], limit: int) -> tuple[WindowRow, ...]:
    """Return the first `limit` rows, and those that share the time of the last of them.

    `rows` come newest first. A group of one time is never split: which half a reader got would hang on the ids.
    """
    window: list[WindowRow] = []
    for row in rows:
        if len(window) >= limit and row.published != window[-1].published:
            break
        window.append(row)
    return tuple(window)


def window_digest(spec: FeedSpec, rows: Sequence[WindowRow], *others: object) -> str:
    """Return a hash of everything the files of a feed are made of: equal digests, equal bytes.

    `others` are whatever else decides them, in an order of its own, and with a `repr` that is the same everywhere.
    """
    shown = tuple((row.id, row.published, row.updated, row.digest, row.verdict) for row in rows)
    return blake2b(repr((spec, shown, others)).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
