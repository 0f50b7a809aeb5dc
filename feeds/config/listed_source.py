"""A configured source together with where it was written, and when two of them are one.

This module must never know how a list is read.
"""

from dataclasses import dataclass

from feeds.config.faults import Place
from feeds.config.source_settings import SourceSettings
from feeds.items.urls import clean_url, identity_key

# 30,000 sources; what is larger is no list of feeds.
MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source and where it was written; `title` and `home` are what a list says of it, for people."""

    settings: SourceSettings
    place: Place
    title: str = ""
    home: str = ""

    @property
    def name(self) -> str:
        """Return the id of the source, given or derived."""
        return self.settings.name

    @property
    def address(self) -> str:
        """Return the key of its address."""
        return address_key(self.settings.url)


def address_key(url: str) -> str:
    """Return what the addresses of one feed have in common: neither the scheme nor `www.` makes it another feed."""
    return identity_key(clean_url(url)[0] or url)
