"""Where an entry comes from: `<source>` in RSS 2.0 and atom:source (RFC 4287 4.2.11), both our feed of its provider.

Must never be put into that feed itself.
"""

from feeds.model import Item, Site
from feeds.render.addresses import MEDIA_TYPES, feed_id, feed_url, home_url, provider_key
from feeds.render.markup import filled, numbered, quoted
from feeds.render.wording import Words


def rss_source(item: Item, words: Words, site: Site) -> bytes:
    """Return the source of an RSS item, b"" where its provider has no feed."""
    provider = item.story.provider
    if not provider.domain:
        return b""
    url = quoted(feed_url(site, provider_key(provider), "rss"))
    return f'<source url="{url}">{numbered(words.publisher)}</source>'.encode()


def atom_source(item: Item, words: Words, site: Site) -> bytes:
    """Return the source of an Atom entry, b"" where its provider has no feed.

    Its time is the entry's own: with the feed's, an old entry would change whenever its provider writes a new one.
    """
    provider = item.story.provider
    if not provider.domain:
        return b""
    key = provider_key(provider)
    own, page = quoted(feed_url(site, key, "atom")), quoted(home_url(site))
    head = f"<id>{feed_id(key)}</id>{filled('title', words.publisher)}<updated>{item.updated.isoformat()}</updated>"
    self_link = f'<link href="{own}" rel="self" type="{MEDIA_TYPES["atom"]}"/>'
    return f'<source>{head}{self_link}<link href="{page}" rel="alternate" type="text/html"/></source>'.encode()
