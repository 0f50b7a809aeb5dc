"""Turn a remote entry into a sighting, the form in which curated records come too.

This module must never take an entry's own word for who it is: a guid means nothing outside of its source, and an
address that several entries share names none of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from feeds.items.slugs import fold
from feeds.items.text import clean_line
from feeds.items.urls import DEFAULT_TRACKING, Tracking, clean_domain, host_of, is_root
from feeds.model.item import Provider, Story
from feeds.model.remote import RemoteEntry, RemoteFeed
from feeds.model.sighting import Sighting
from feeds.model.source import Source
from feeds.model.taxonomy import Taxonomy
from feeds.remote.shown import excerpt, headline, page, told_date
from feeds.remote.topics import Reason

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Voice:
    """What all entries of a feed share: who publishes them, and the language of those that do not say ("" unknown)."""

    provider: Provider
    language: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sighting, and what the story has no field for: `content` is HTML, "" unless the source gives full text."""

    sighting: Sighting
    content: str
    language: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why nothing can be made of an entry."""

    reason: str


def voice(source: Source, feed: RemoteFeed, taxonomy: Taxonomy) -> Voice:
    """Return whose feed it is: as the taxonomy has it, else as the source says, else as the feed does."""
    domain = clean_domain(source.provider_domain) if source.provider_domain else ""
    name = clean_line(source.provider_name)
    entries = taxonomy.providers
    entry = entries.get(domain) or (entries.get(fold(name)) if name and not domain else None)
    if entry is None:
        domain = domain or clean_domain(host_of(feed.home)) or clean_domain(host_of(source.url))
        entry = entries.get(domain)
    provider = Provider(entry.name, entry.domain) if entry else Provider(name or feed.title or domain, domain)
    return Voice(provider, source.language or feed.language)


def sighting(
    entry: RemoteEntry,
    source: Source,
    voice: Voice,
    name: str,
    first_seen: int,
    *,
    shared_page: bool = False,
    reasons: Iterable[Reason] = (),
    score: int | None = None,
    tracking: Tracking = DEFAULT_TRACKING,
) -> Told | Unusable:
    """Return what the entry says of its story, or why it says too little.

    `name` is what the entry is remembered by within its source, and `first_seen` since when: a missing or absurd date
    is that moment, for ever. `shared_page` says that other entries of the source have the same page.
    """
    title, (link, key) = headline(entry), page(entry, tracking)
    if not title:
        return Unusable("no title and no text")
    story = Story(
        title=title,
        summary=excerpt(entry),
        link=link,
        kind="article",
        provider=voice.provider,
        topics=tuple(dict.fromkeys(reason.topic for reason in reasons)),
        date=told_date(entry, first_seen) or datetime.fromtimestamp(first_seen, UTC),
        images=entry.images,
        enclosure=entry.enclosure,
        duration=entry.duration,
        authors=entry.authors,
        quality=score,
    )
    # A feed without permalinks points at its front page with every entry.
    by_page = (key,) if key and not shared_page and not is_root(key) else ()
    seen = Sighting(story, (*by_page, source_key(source.id, name)), own=True)
    return Told(seen, entry.content if source.full_text else "", entry.language or voice.language)


def source_key(source: str, name: str) -> str:
    """Return the key of an entry that holds wherever its page moves; FROZEN: ids are minted from it."""
    if len(name) > _LONGEST_NAME or not name.isprintable():
        name = "blake2b:" + blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"guid:{source}:{name}"
