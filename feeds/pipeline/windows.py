"""Which feeds there should be, and what each holds at a moment: for the release, and for whoever asks why."""

from feeds.items.slugs import fold
from feeds.model import WindowRow
from feeds.pipeline.order import BuildOrder
from feeds.selection import EVERYTHING, Shares, cut
from feeds.store.feeds import FeedRow, Feeds

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
    return True


def is_capped(order: BuildOrder, row: FeedRow) -> bool:
    """Tell whether the feed gives each provider a share only."""
    return order.share != EVERYTHING and row.kind != "provider"


def oldest(order: BuildOrder, now: int) -> int:
    """Return the time that every item of a feed must be published after, as of `now` (seconds since 1970)."""
    return now - order.max_age if order.max_age else EVER


def window_of(order: BuildOrder, feeds: Feeds, row: FeedRow, now: int) -> tuple[WindowRow, ...]:
    """Return what the feed holds as of `now` (seconds since 1970)."""
    after = oldest(order, now)
    if not is_capped(order, row):
        return cut(feeds.window(row.id, after, now), order.limit)
    shares = Shares(order.share, order.limit, after)
    return shares.cut(feeds.window(row.id, after, now, shares))
