"""The head of an RSS or Atom feed: all that feedgen writes of one without entries."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from feedgen.feed import FeedGenerator

from feeds.model import FeedSpec, Site
from feeds.render import atom, rss
from feeds.render.addresses import MEDIA_TYPES, feed_id, feed_url, home_url, image_url
from feeds.render.wording import feed_description, feed_title, site_author


def rss_head(spec: FeedSpec, updated: datetime, site: Site) -> bytes:
    """Return an RSS feed up to its first item, one element a line."""
    head = _head(spec, site, "rss")
    head.ttl(site.ttl)
    head.updated(_UnwrittenDate.fromtimestamp(0, updated.tzinfo))
    complete = partial(rss.complete_channel, updated, site.hubs)
    head.register_extension("completion", partial(_Completion, rss.NAMESPACES, complete))
    return rss.channel_head(head.rss_str(pretty=True))


def atom_head(spec: FeedSpec, updated: datetime, site: Site) -> bytes:
    """Return an Atom feed up to its first entry, one element a line."""
    head = _head(spec, site, "atom")
    head.id(feed_id(site, spec.key))
    head.updated(updated)
    head.author({"name": site_author(site), "uri": home_url(site)})
    head.register_extension("completion", partial(_Completion, atom.NAMESPACES, None))
    return atom.feed_head(head.atom_str(pretty=True))


def _head(spec: FeedSpec, site: Site, ending: str) -> Any:
    head = FeedGenerator()
    head.title(feed_title(spec, site))
    head.subtitle(feed_description(spec, site))
    head.language(site.language)
    head.rights(site.rights)
    head.generator("feeds")  # without a version: a new one would change every file
    head.logo(image_url(spec, site) or None)
    own = {"href": feed_url(site, spec.key, ending), "rel": "self", "type": MEDIA_TYPES[ending]}
    hubs = [{"href": hub, "rel": "hub"} for hub in site.hubs]  # feedgen writes them in Atom only
    # feedgen makes the last link the RSS <link>, so the page comes after all others
    head.link([own, *hubs, {"href": home_url(site), "rel": "alternate", "type": "text/html"}])
    return head


class _UnwrittenDate(datetime):
    """A date that feedgen accepts and leaves out: writing one in RSS, it sets the locale of the whole process."""

    def __bool__(self) -> bool:
        return False


class _Completion:
    """A feedgen extension without feedgen's base class, which has no types; these are all it calls."""

    def __init__(self, namespaces: dict[str, str], complete_rss: Callable[[Any], None] | None) -> None:
        self.namespaces, self.complete_rss = namespaces, complete_rss

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces

    def extend_rss(self, root: Any) -> None:
        if self.complete_rss is not None:
            self.complete_rss(root)

    def extend_atom(self, root: Any) -> None:
        """Leave an Atom head as it is: feedgen writes it right."""
