"""Read how the remote feeds stand: how many are due, which fail, which have moved or are gone. Asks nobody."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from feeds.app.standing import FailingSource, RemoteSources

if TYPE_CHECKING:
    from feeds.config.source_settings import SourceSettings
    from feeds.store.sources import SourceRow, Sources

# As many as fit on a screen; `feeds sources list` has them all.
WORST = 5


def unasked(configured: Iterable["SourceSettings"]) -> RemoteSources:
    """Return how sources stand of which nothing is remembered."""
    return _counted([(given, None) for given in configured], 0)


def remote_sources(configured: Iterable["SourceSettings"], sources: "Sources", now: int) -> RemoteSources:
    """Return how the configured sources stand at `now` (seconds since 1970)."""
    given = tuple(configured)
    rows = sources.all() if given else {}
    return _counted([(each, rows.get(each.name)) for each in given], now)


def _counted(pairs: "list[tuple[SourceSettings, SourceRow | None]]", now: int) -> RemoteSources:
    if not pairs:
        return RemoteSources()
    from feeds.remote.encoding import decode_source  # noqa: PLC0415  msgspec and more, only where there are sources

    standings: Counter[str] = Counter()
    failing: list[FailingSource] = []
    due = moved = 0
    for given, row in pairs:
        memory = decode_source(row.body) if row else None
        if row is None or memory is None or memory.configured != given.url:
            standing = "paused" if given.paused else "new"  # at another address it is another feed
        else:
            moved += memory.url != memory.configured
            standing = _standing(given, row, retired=memory.retired)
        standings[standing] += 1
        due += standing == "new" or (standing in {"fine", "failing"} and row is not None and row.due <= now)
        if standing == "failing" and row is not None:
            failing.append(FailingSource(given.name, row.fails, row.good, row.detail))
    failing.sort(key=lambda each: (-each.fails, each.good, each.id))
    return RemoteSources(dict(sorted(standings.items())), due, moved, tuple(failing[:WORST]))


def _standing(given: "SourceSettings", row: "SourceRow", *, retired: bool) -> str:
    if given.paused:
        return "paused"
    if retired:
        return "retired"
    return "failing" if row.fails else "fine"
