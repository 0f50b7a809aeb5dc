"""The custom feeds of the settings, with the names of topics and providers that the taxonomy has for them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from feeds.config.custom_settings import custom_feed
from feeds.selection.query import resolved

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.selection.custom import CustomFeed


def custom_feeds(loaded: "Loaded") -> "tuple[CustomFeed, ...]":
    """Return the custom feeds."""
    found = map(custom_feed, loaded.settings.custom_feeds)
    return tuple(replace(feed, query=resolved(feed.query, loaded.taxonomy)) for feed in found)
