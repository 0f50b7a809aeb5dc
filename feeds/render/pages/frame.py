"""What every page has around its own content: the head, the way back, the site's name."""

from functools import lru_cache
from typing import Any

from feeds.model import FeedSpec, Site
from feeds.model.look import Look
from feeds.render.addresses import MEDIA_TYPES, feed_url
from feeds.render.pages.press import asset_links, root_of
from feeds.render.pages.wording import web_address
from feeds.render.wording import feed_title, site_title

_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON"}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src {}; base-uri 'none'; form-action 'none'"


def frame_of(path: str, spec: FeedSpec, site: Site, look: Look) -> dict[str, Any]:
    """Return the variables that all templates share; `spec` is the feed that a browser is offered."""
    return {**_shared(root_of(path), site, look), "formats": formats_of(spec, site)}


def formats_of(spec: FeedSpec, site: Site) -> list[dict[str, str]]:
    """Return the files of a feed: what they are called, their media type and address."""
    title = feed_title(spec, site)
    return [
        {"label": _LABELS[name], "type": MEDIA_TYPES[name], "url": feed_url(site, spec.key, name), "title": title}
        for name in site.formats
    ]


@lru_cache(64)
def _shared(root: str, site: Site, look: Look) -> dict[str, Any]:
    sources = "'self'" if look.images == "hide" else "'self' https: http:"
    return {
        "root": root,
        "style": "",  # of pages that stand alone; all others link to theirs
        "policy": _POLICY.format(sources),
        "site": {
            "title": site_title(site),
            "description": site.description,
            "language": site.language,
            "rights": site.rights,
            "home": web_address(site.home_url),
        },
        **{
            kind: [root + link for link in found] if isinstance(found, list) else found and root + found
            for kind, found in asset_links(look).items()
        },
    }
