"""What a remote feed says, before anything is decided about it."""

from dataclasses import dataclass
from datetime import datetime

from feeds.model.item import Enclosure, Image


@dataclass(frozen=True, slots=True)
class RemoteEntry:
    """One entry as its publisher tells it: plain text cleaned, HTML sanitised, every URL absolute.

    `guid` is the publisher's own and means nothing outside of its feed; "" where it gives none. `content` is HTML or
    ""; `summary` is plain text. Dates are None where they are missing or cannot be read.
    """

    guid: str
    link: str
    title: str
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    enclosure: Enclosure | None = None
    duration: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class RemoteFeed:
    """A remote feed. `ttl` is in minutes, None where it names none; `skip_hours` are hours in UTC (RSS 2.0).

    `faults` tell what was wrong with it and could be read past, in words for the operator.
    """

    title: str
    home: str
    entries: tuple[RemoteEntry, ...]
    language: str = ""
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()
    version: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAFeed:
    """Why a body is no feed; `found` are feeds that a web page points to instead (URL and title)."""

    reason: str
    found: tuple[tuple[str, str], ...] = ()
