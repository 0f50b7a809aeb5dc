"""The list of all feeds, `feeds.json`: what there is, where, and how fresh. Must never list a file that is not made."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from feeds.model import Artifact, FeedSummary, Site
from feeds.model.tree import CATALOGUE
from feeds.render.addresses import feed_url, home_url
from feeds.render.jsonfeed import one_a_line
from feeds.render.wording import feed_description, feed_title, site_title


def render_catalogue(summaries: Sequence[FeedSummary], site: Site, gone: Sequence[str] = ()) -> Artifact:
    """Return the catalogue, one feed a line, in the order given.

    `gone` are the keys of feeds that were published once and are not any more: a server may answer 410 for them.
    """
    head: dict[str, Any] = {
        "title": site_title(site),
        "description": site.description,
        "home_page_url": home_url(site),
        "language": site.language,
    }
    if gone:
        head["gone"] = sorted(gone)
    lines = [json.encode(_line(summary, site)) for summary in summaries]
    return Artifact(CATALOGUE, one_a_line(head, "feeds", lines))


def _line(summary: FeedSummary, site: Site) -> dict[str, Any]:
    spec = summary.spec
    return {
        "key": spec.key,
        "kind": spec.kind,
        "title": feed_title(spec, site),
        "description": feed_description(spec, site),
        "count": summary.count,
        "updated": summary.updated,
        **{ending: feed_url(site, spec.key, ending) for ending in site.formats},
    }
