"""Tidy the state: drop what nobody will ask for again. Must never drop an item, an id, a name or a person's word."""

from feeds.links.encoding import decode_link
from feeds.links.policy import DAY
from feeds.store import Store

# A link comes back when an editor takes an edit back, or a withdrawn record is published again.
KEPT = 90 * DAY


def tidy(store: Store, now: int) -> int:
    """Drop links that no item has used for long, as of `now`, and compact the state; return how many links went."""
    idle = [row.url for row in store.links.unused(now - KEPT) if not decode_link(row.body).pin]
    with store.transaction():
        store.links.drop(idle, now - KEPT)
    store.compact()
    return len(idle)
