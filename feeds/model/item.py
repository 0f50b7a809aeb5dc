"""The canonical item: the one shape every source is turned into and every feed is made from."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Image:
    """A picture shown by reference; sizes in pixels where the source tells them."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A real attachment (RSS 2.0 `<enclosure>`); length in bytes, 0 where unknown (RSS Profile)."""

    url: str
    type: str
    length: int = 0


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published the story. `domain` is lower-case ASCII and names the provider's feed file."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Another provider's version of a story; `url` is "" where it has no page."""

    name: str
    domain: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Story:
    """What a source says about one story, cleaned: plain text, absolute URLs, canonical names.

    `link` is "" where the story has no page of its own; `date` is None where its kind has none. `content` is the whole
    text as sanitised HTML, or ""; `language` a tag of BCP 47, "" for the site's own.
    """

    title: str
    summary: str
    link: str
    kind: str
    provider: Provider
    topics: tuple[str, ...] = ()
    date: datetime | None = None
    images: tuple[Image, ...] = ()
    enclosure: Enclosure | None = None
    duration: int | None = None
    authors: tuple[str, ...] = ()
    amp: str = ""
    cdn_amp: str = ""
    quality: int | None = None
    heat: int | None = None
    content: str = ""
    language: str = ""
    also: tuple[Mention, ...] = ()
    curated: bool = True
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A story with what we remember of it: its id for ever and the two times a reader sees.

    `id` is a bare lower-case UUID; feeds show it as `urn:uuid:<id>` (RFC 4122), the same in every format.
    """

    id: str
    published: datetime
    updated: datetime
    story: Story
