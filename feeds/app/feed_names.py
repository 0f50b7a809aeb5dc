"""Which feed is meant by what somebody typed after --feed."""

from collections.abc import Sequence

from feeds.config.faults import suggestion
from feeds.errors import UsageError
from feeds.items.slugs import fold


def named_key(keys: Sequence[str], typed: str) -> str:
    """Return the key of the feed that is meant: `ai` may stand for `topics/ai`, where no feed is called just `ai`.

    Raises UsageError where there is none.
    """
    wanted = fold(typed.strip().strip("/"))
    near = (key for key in keys if fold(key.rpartition("/")[2]) == wanted)
    key = next((key for key in keys if fold(key) == wanted), None) or next(near, "")
    if not key:
        raise UsageError(f"--feed: {typed!r} is no feed{suggestion(typed, keys) or '; see them all: feeds list feeds'}")
    return key
