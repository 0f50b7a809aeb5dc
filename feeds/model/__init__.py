"""The values every other part speaks in: frozen, slotted, with nothing to run.

This package must never read a clock, a file, a socket or a setting. Every datetime is aware and in UTC.
"""

from feeds.model.feed import Artifact, FeedSpec, FeedSummary, Paging, Site, Tombstone, WindowRow
from feeds.model.item import Enclosure, Image, Item, Provider, Story
from feeds.model.problem import Problem, Severity
from feeds.model.record import Record, RecordProvider
from feeds.model.sighting import Sighting
from feeds.model.taxonomy import ProviderEntry, Taxonomy, TopicEntry

__all__ = [
    "Artifact",
    "Enclosure",
    "FeedSpec",
    "FeedSummary",
    "Image",
    "Item",
    "Paging",
    "Problem",
    "Provider",
    "ProviderEntry",
    "Record",
    "RecordProvider",
    "Severity",
    "Sighting",
    "Site",
    "Story",
    "Taxonomy",
    "Tombstone",
    "TopicEntry",
    "WindowRow",
]
