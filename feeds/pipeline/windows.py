"""Which feeds there should be, and what each holds at a moment: for the release, and for whoever asks why."""

from collections.abc import Iterator

from feeds.items.slugs import fold
from feeds.model import WindowRow
from feeds.pipeline.order import BuildOrder
from feeds.selection import EVERYTHING, Share, Shares, cut
from feeds.selection.custom import CustomFeed
from feeds.selection.query import decode, holds
from feeds.selection.ranking import ranked
from feeds.store.feeds import FeedRow, Feeds
from feeds.store.history import History, Stretch

# Before anything was published.
EVER = -(2**62)


def is_configured(order: BuildOrder, row: FeedRow) -> bool:
    """Tell whether there should be such a feed; a topic that is an alias now goes on under its main name."""
    if row.kind == "topic":
        entry = order.rules.taxonomy.topics.get(row.ref)
        return order.topics and (entry is None or fold(entry.name) == row.ref)
    if row.kind == "provider":
        entry_ = order.rules.taxonomy.providers.get(row.ref)
        return order.providers and (entry_ is None or entry_.domain == row.ref)
    return row.kind == "all" or custom_of(order, row) is not None


def custom_of(order: BuildOrder, row: FeedRow) -> CustomFeed | None:
    """Return what the settings say of a custom feed; None for one of another kind, or that they know no more."""
    if row.kind != "custom":
        return None
    return next((feed for feed in order.custom if feed.name == row.ref), None)


def limit_of(order: BuildOrder, row: FeedRow) -> int:
    """Return how many items the feed holds at most."""
    custom = custom_of(order, row)
    return (custom.limit if custom else None) or order.limit


def share_of(order: BuildOrder, row: FeedRow) -> Share:
    """Return how much of the feed one provider may take."""
    if row.kind == "provider":
        return EVERYTHING
    custom = custom_of(order, row)
    return Share(custom.cap, order.share.step) if custom and custom.cap else order.share


def is_capped(order: BuildOrder, row: FeedRow) -> bool:
    """Tell whether the feed gives each provider a share only."""
    return share_of(order, row) != EVERYTHING


def has_archive(order: BuildOrder, row: FeedRow) -> bool:
    """Tell whether what leaves the feed goes to an archive.

    It does not where items leave by age or by score: such a feed is a list of its own (RFC 5005 section 2), and what is
    not in it has no place in its history.
    """
    return order.archives and not order.max_age and not is_list(order, row)


def is_list(order: BuildOrder, row: FeedRow) -> bool:
    """Tell whether the feed is a list by score or by age, whole as it is."""
    custom = custom_of(order, row)
    return custom is not None and (custom.sort != "newest" or bool(custom.query.bounds))


def stretches(order: BuildOrder, history: History, row: FeedRow, now: int) -> list[Stretch]:
    """Return where in the time before `now` the items stand that belong to the feed now, old ones as well as new."""
    if not (custom := custom_of(order, row)) or not custom.query.bounds:
        return [Stretch(EVER, now)]
    return [
        Stretch(EVER if end is None else now - end, now - start, ages)
        for ages in history.ages(row.id)
        for start, end in decode(ages)
    ]


def oldest(order: BuildOrder, now: int) -> int:
    """Return the time that every item of a feed must be published after, as of `now` (seconds since 1970)."""
    return now - order.max_age if order.max_age else EVER


def window_of(order: BuildOrder, feeds: Feeds, row: FeedRow, now: int) -> tuple[WindowRow, ...]:
    """Return what the feed holds as of `now` (seconds since 1970).

    That is what is newest, and after it what came late: older than what is there, and on no page of the archive yet. In
    a feed with shares the late ones wait for their page, for they would take more than their share.
    """
    custom, limit = custom_of(order, row), limit_of(order, row)
    after, share = oldest(order, now), share_of(order, row)
    if custom and custom.sort != "newest":
        rows = _belonging(feeds.window(row.id, after, now), now)
        return ranked(rows, limit, share.cap, custom.half_life)
    if share != EVERYTHING:
        shares = Shares(share, limit, after)
        return shares.cut(_belonging(feeds.window(row.id, after, now, shares), now))
    window = cut(_belonging(feeds.window(row.id, after, now), now), limit)
    if len(window) < limit or not has_archive(order, row):
        return window
    shown = {each.id for each in window}
    return window + tuple(each for each in feeds.loose(row.id, now, limit) if each.id not in shown)


def _belonging(rows: Iterator[WindowRow], now: int) -> Iterator[WindowRow]:
    """Yield those that belong to the feed at their age of now."""
    return (row for row in rows if not row.ages or holds(decode(row.ages), now - row.published))
