"""Decide which items a feed holds, in which order, and what the feed is called. Pure."""

from feeds.selection.carriers import Carrier, Lineup, carriers, facts_of
from feeds.selection.naming import feed_spec, under
from feeds.selection.shares import EVERYTHING, TURN, Share, Shares, sharer
from feeds.selection.window import cut, window_digest

__all__ = [
    "EVERYTHING",
    "TURN",
    "Carrier",
    "Lineup",
    "Share",
    "Shares",
    "carriers",
    "cut",
    "facts_of",
    "feed_spec",
    "sharer",
    "under",
    "window_digest",
]
