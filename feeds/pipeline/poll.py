"""Keep what remote feeds said: which entries are new, changed or gone, and when each source is asked again.

Asks nobody itself, and decides nothing about feeds: the next build turns what is marked here into sightings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from feeds.items.urls import Tracking
from feeds.model.remote import RemoteFeed
from feeds.model.source import Source
from feeds.remote.encoding import decode_source, decode_traits, encode
from feeds.remote.memory import Known, Matching, Met, match, retained
from feeds.remote.outcome import Fetched, Polled, outcome, remembered
from feeds.store import Store
from feeds.store.sources import EntryRow, SourceRow


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long entries are kept that their feed no longer lists, and what belongs to no address."""

    days: int
    most: int
    tracking: Tracking


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll brought: entries that are new, changed, or dropped; `detail` says how it went."""

    source: Source
    fault: str
    detail: str
    new: int = 0
    changed: int = 0
    dropped: int = 0
    due: int = 0


def keep_polls(store: Store, fetched: Sequence[tuple[Source, Fetched]], keeping: Keeping, now: int) -> list[PollResult]:
    """Keep what came of asking some sources, in one transaction."""
    with store.transaction():
        # Not all of them: a batch of 100 among 5,000 would read 5,000 rows, 0.2 ms for each that it is about.
        rows = store.sources.some(source.id for source, _ in fetched)
        results, news = [], []
        for source, found in fetched:
            row = rows.get(source.id) or SourceRow(source.id)
            result, new = _keep(store, source, found, row, keeping, now)
            results.append(result)
            news.append(new)
        store.sources.put(news)
    return results


def _keep(
    store: Store, source: Source, found: Fetched, row: SourceRow, keeping: Keeping, now: int
) -> tuple[PollResult, SourceRow]:
    memory = remembered(decode_source(row.body), source)
    met: list[Met] = []
    dropped: list[Known] = []
    if isinstance(found.feed, RemoteFeed) and not found.fault:
        met, dropped = _entries(store, source, found.feed, keeping, now)
    changed = [each for each in met if each.is_changed]
    spread = crc32(source.id.encode()) / 2**32
    told = outcome(memory, source, found, row.fails, now, spread, changed=bool(changed))
    new = sum(each.before is None for each in changed)
    result = PollResult(source, found.fault, told.detail, new, len(changed) - new, len(dropped), told.due)
    return result, _row(row, told, found, now)


def _row(row: SourceRow, told: Polled, found: Fetched, now: int) -> SourceRow:
    good = row.good if found.fault else now
    return SourceRow(row.id, told.due, now, good, told.fails, told.detail, encode(told.memory))


def _entries(
    store: Store, source: Source, feed: RemoteFeed, keeping: Keeping, now: int
) -> tuple[list[Met], list[Known]]:
    """Write down what became of the entries of a source; return those that it lists, and those that are dropped."""
    rows = {row.name: row for row in store.sources.entries(source.id)}
    known = [
        Known(row.name, decode_traits(row.traits), row.digest, row.first_seen, row.gone_at) for row in rows.values()
    ]
    found = match(feed.entries, known, now, full_text=source.full_text, tracking=keeping.tracking)
    if feed.faults:  # of a feed that broke off nobody knows what it still lists
        found = replace(found, vanished=())
    stay = {each.name for each in retained(found.vanished, now, days=keeping.days, most=keeping.most)}
    news = [_entry(source.id, each) for each in found.met]
    told_anew = [new for new in news if _is_told_anew(rows.get(new.name), new)]
    store.sources.keep(
        [new for new in news if rows.get(new.name) != new and (new in told_anew or _has_moved(rows[new.name], new))],
        mark=[new.name for new in told_anew],
    )
    dropped = [each for each in found.vanished if each.name not in stay]
    store.sources.keep(_vanished(found, stay, rows), mark=())
    store.sources.drop(source.id, [each.name for each in dropped])
    return list(found.met), dropped


def _is_told_anew(old: EntryRow | None, new: EntryRow) -> bool:
    return old is None or old.digest != new.digest or old.shared != new.shared


def _has_moved(old: EntryRow, new: EntryRow) -> bool:
    """Tell whether there is something to remember though a reader sees no difference: another guid, or it is back."""
    return (old.gone_at, old.traits) != (new.gone_at, new.traits)


def _entry(source: str, met: Met) -> EntryRow:
    known = met.known
    return EntryRow(
        source,
        known.name,
        known.first_seen,
        known.gone_at,
        known.digest,
        met.shared_page,
        encode(known.traits),
        encode(met.entry),
    )


def _vanished(found: Matching, stay: set[str], rows: dict[str, EntryRow]) -> list[EntryRow]:
    """Return the rows of entries that are missing for the first time and stay for a while."""
    return [
        replace(rows[each.name], gone_at=each.gone_at)
        for each in found.vanished
        if each.name in stay and rows[each.name].gone_at != each.gone_at
    ]
