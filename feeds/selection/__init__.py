"""Decide which items a feed holds, in which order, and what the feed is called. Pure."""

from feeds.selection.carriers import Carrier, carriers
from feeds.selection.naming import feed_spec
from feeds.selection.shares import EVERYTHING, TURN, Share, Shares, sharer
from feeds.selection.window import cut, window_digest

__all__ = [
    "EVERYTHING",
    "TURN",
    "Carrier",
    "Share",
    "Shares",
    "carriers",
    "cut",
    "feed_spec",
    "sharer",
    "window_digest",
]
