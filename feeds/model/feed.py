"""What a feed is: its address and head, the items in it, and the files it becomes."""

from dataclasses import dataclass
from datetime import datetime

_AND_SITE = " – {}"


@dataclass(frozen=True, slots=True)
class Site:
    """What all feeds share. `base_url` ends with a slash; everything under it is ours.

    `authority` tells our feeds from everybody else's in their ids: a host, kept when the site moves to another.
    `ttl` is in minutes (RSS 2.0 `<ttl>`); `image` is the absolute URL of a GIF, JPEG or PNG or "". `hubs` are the URLs
    of the WebSub hubs that tell subscribers of changes.
    """

    base_url: str
    title: str
    description: str
    language: str = "en"
    author: str = ""
    rights: str = ""
    image: str = ""
    ttl: int = 60
    home_url: str = ""
    authority: str = ""
    formats: tuple[str, ...] = ("rss", "atom", "json")
    hubs: tuple[str, ...] = ()


def with_site(name: str, site_title: str) -> str:
    """Return what a feed of a site is called: by its own name first, which is what narrow lists of readers show."""
    return f"{name}{_AND_SITE.format(site_title)}"


def without_site(title: str, site_title: str) -> str:
    """Return the name of a feed without its site's; what does not end with that stays as it is."""
    return title.removesuffix(_AND_SITE.format(site_title))


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed: `key` is its path without an ending, e.g. `all`, `topics/ai`, `providers/reuters.com`."""

    key: str
    kind: str
    title: str
    description: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One place in a feed, before the item itself is loaded. `label` is the topic or provider name it came by.

    `provider` is whose share of the feed it takes, "" where nobody knows. `bonus` is by how many seconds its score
    makes it younger, `ages` at which it belongs to the feed (`feeds.selection.query`), "" for always. `verdict` is that
    of its page where it matters, else "".
    """

    id: str
    published: int
    updated: int
    digest: str
    label: str
    provider: str = ""
    bonus: int = 0
    ages: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a document stands in the history of its feed (RFC 5005).

    `page` is the number of a page of the archive, counted from the oldest, 0 for the document that readers subscribe
    to; `previous` that of the page before it, 0 for none. `complete` says that the document is the whole feed.
    """

    page: int = 0
    previous: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of an item that was withdrawn, and when that was (RFC 6721); `id` is a bare UUID like an item's."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """One line of the catalogue, `feeds.json`; `updated` is None for a feed that never held an item."""

    spec: FeedSpec
    count: int
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file to publish; `path` is relative to the output folder and uses forward slashes."""

    path: str
    body: bytes
