"""Give a feed its title and description."""

from collections import Counter
from collections.abc import Sequence

from feeds.model.feed import FeedSpec, Site, WindowRow, with_site, without_site
from feeds.model.taxonomy import Taxonomy
from feeds.selection.custom import CustomFeed


def feed_spec(
    kind: str,
    ref: str,
    key: str,
    last_title: str,
    rows: Sequence[WindowRow],
    taxonomy: Taxonomy,
    site: Site,
    custom: CustomFeed | None = None,
) -> FeedSpec:
    """Return what the feed is called: as the settings have it, else as its items mostly have it.

    `last_title` is what an empty feed was called before.
    """
    if kind == "all":
        return FeedSpec(key, kind, site.title, site.description or f"The newest from {site.title}.", site.image)
    if custom:
        title = custom.title or custom.name
        about = custom.description or f"{title}, from {site.title}."
        return FeedSpec(key, kind, with_site(title, site.title), about, custom.image or site.image)
    entry = taxonomy.topics.get(ref) if kind == "topic" else taxonomy.providers.get(ref)
    told = entry.name if entry else _common_name(kind, ref, rows)
    name = told or without_site(last_title, site.title) or ref
    about = (entry.description if entry else "") or f"The newest of {name} from {site.title}."
    return FeedSpec(key, kind, with_site(name, site.title), about, (entry.image if entry else "") or site.image)


def under(title: str, was: str, site_title: str) -> str:
    """Return the title of a feed of a site that was called `was` as it reads now that the site is called otherwise."""
    name = without_site(title, was)
    return title if name == title else with_site(name, site_title)


def _common_name(kind: str, ref: str, rows: Sequence[WindowRow]) -> str:
    """Return the commonest spelling among the items; a provider whose items disagree is called by its domain."""
    counts = Counter(row.label for row in rows)
    if not counts:
        return ""
    name, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ref if kind == "provider" and count * 2 <= len(rows) else name
