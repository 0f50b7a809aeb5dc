"""The head of an RSS or Atom feed: all that feedgen writes of one without entries."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from feedgen.feed import FeedGenerator

from feeds.model import FeedSpec, Paging, Site, Tombstone
from feeds.render import atom, rss
from feeds.render.addresses import MEDIA_TYPES, feed_id, home_url, image_url
from feeds.render.history import marker, namespaces, own_url, relations
from feeds.render.wording import feed_description, feed_title, site_author


def rss_head(spec: FeedSpec, updated: datetime, site: Site, paging: Paging) -> bytes:
    """Return an RSS feed up to its first item, one element a line."""
    head = _head(spec, site, "rss", paging)
    head.ttl(site.ttl)
    head.updated(_UnwrittenDate.fromtimestamp(0, updated.tzinfo))
    others = [*relations(spec, site, "rss", paging), *(("hub", hub) for hub in _hubs(site, paging))]
    complete = partial(rss.complete_channel, updated, others, marker(paging))
    spaces = {**rss.NAMESPACES, **namespaces(paging, ())}
    head.register_extension("completion", partial(_Completion, spaces, complete_rss=complete))
    return rss.channel_head(head.rss_str(pretty=True))


def atom_head(spec: FeedSpec, updated: datetime, site: Site, paging: Paging, tombstones: Sequence[Tombstone]) -> bytes:
    """Return an Atom feed up to its first entry, one element a line; the entries that are gone come later."""
    head = _head(spec, site, "atom", paging)
    head.id(feed_id(site, spec.key))
    head.updated(updated)
    head.author({"name": site_author(site), "uri": home_url(site)})
    spaces = {**atom.NAMESPACES, **namespaces(paging, tombstones)}
    complete = partial(atom.complete_feed, marker(paging))
    head.register_extension("completion", partial(_Completion, spaces, complete_atom=complete))
    return atom.feed_head(head.atom_str(pretty=True))


def _head(spec: FeedSpec, site: Site, ending: str, paging: Paging) -> Any:
    head = FeedGenerator()
    head.title(feed_title(spec, site))
    head.subtitle(feed_description(spec, site))
    head.language(site.language)
    head.rights(site.rights)
    head.generator("feeds")  # without a version: a new one would change every file
    head.logo(image_url(spec, site) or None)
    own = {"href": own_url(spec, site, ending, paging), "rel": "self", "type": MEDIA_TYPES[ending]}
    # feedgen writes these in Atom only
    others = [
        {"href": url, "rel": name, "type": MEDIA_TYPES[ending]} for name, url in relations(spec, site, ending, paging)
    ]
    hubs = [{"href": hub, "rel": "hub"} for hub in _hubs(site, paging)]
    # feedgen makes the last link the RSS <link>, so the page comes after all others
    head.link([own, *others, *hubs, {"href": home_url(site), "rel": "alternate", "type": "text/html"}])
    return head


def _hubs(site: Site, paging: Paging) -> tuple[str, ...]:
    return () if paging.page else site.hubs


class _UnwrittenDate(datetime):
    """A date that feedgen accepts and leaves out: writing one in RSS, it sets the locale of the whole process."""

    def __bool__(self) -> bool:
        return False


def _leave(_root: Any) -> None:
    """Leave a head as it is: feedgen writes it right."""


class _Completion:
    """A feedgen extension without feedgen's base class, which has no types; these are all it calls."""

    def __init__(
        self,
        namespaces: dict[str, str],
        complete_rss: Callable[[Any], None] = _leave,
        complete_atom: Callable[[Any], None] = _leave,
    ) -> None:
        self.namespaces, self.extend_rss, self.extend_atom = namespaces, complete_rss, complete_atom

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces
