"""Where a feed is and what it is called for ever. Must never depend on what is in the feed."""

from urllib.parse import quote
from uuid import UUID, uuid5

from feeds.model import FeedSpec, Item, Provider, Site

MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}

# Made once with uuid4. Changing it gives every feed a new atom:id.
_FEED_NAMESPACE = UUID("adeda8d4-0128-4d97-985d-339704ec2225")


def feed_url(site: Site, key: str, ending: str) -> str:
    """Return the public address of one file of a feed; letters beyond ASCII are percent-encoded UTF-8 (RFC 3986)."""
    return f"{site.base_url}{quote(key)}.{ending}"


def feed_id(site: Site, key: str) -> str:
    """Return the atom:id of a feed, no other site's (RFC 4287 4.2.6); it stays while `site.authority` does."""
    return f"urn:uuid:{uuid5(_FEED_NAMESPACE, f'{site.authority} {key}')}"


def entry_url(site: Site, item: Item) -> str:
    """Return where an entry leads: the story's own page, else a place on our front page that is its alone.

    Readers need a link to open, and some take two entries with one link for the same.
    """
    return item.story.link or f"{home_url(site)}#{item.id}"


def home_url(site: Site) -> str:
    """Return the page that readers are sent to from a feed's title."""
    return site.home_url or site.base_url


def topic_scheme(site: Site) -> str:
    """Return the scheme that our topic names belong to (RFC 4287 4.2.2.2)."""
    return site.base_url + "topics/"


def provider_key(provider: Provider) -> str:
    """Return the key of the provider's own feed."""
    return "providers/" + provider.domain


def provider_url(provider: Provider) -> str:
    """Return the front page of a provider, or "" where its domain is not known."""
    return f"https://{provider.domain}/" if provider.domain else ""


def image_url(spec: FeedSpec, site: Site) -> str:
    """Return the picture of a feed, its own or the site's, or ""."""
    return spec.image or site.image
