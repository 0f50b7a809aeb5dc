"""The front page: every feed there is, to be read, searched and subscribed to."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from feeds.items.slugs import fold
from feeds.model import Artifact, FeedSpec, Site
from feeds.model.look import Look
from feeds.model.tree import FRONT
from feeds.render.pages.facts import IndexRow
from feeds.render.pages.frame import frame_of
from feeds.render.pages.press import printed
from feeds.render.pages.wording import Moment, moment, number, short_title
from feeds.render.wording import feed_description

_GROUPS = {"custom": "Custom feeds", "topic": "Topics", "provider": "Providers"}
_LISTS = {"topic": "topics.opml", "provider": "providers.opml"}


class Row(NamedTuple):
    """A line of the list."""

    link: str
    title: str
    total: str
    updated: Moment | None


def render_index(rows: Sequence[IndexRow], site: Site, look: Look) -> Artifact:
    """Return the front page with these feeds; within a group they stand in the order of their titles."""
    everything = next((row for row in rows if row.spec.kind == "all"), None)
    groups = [group for kind in _GROUPS if (group := _group(kind, rows, site))]
    # A site without a feed of everything offers none to browsers.
    frame = frame_of(FRONT, everything.spec if everything else FeedSpec("all", "all", ""), site, look)
    variables = {
        **frame,
        "formats": frame["formats"] if everything else [],
        "description": feed_description(everything.spec, site) if everything else site.description,
        "everything": _row(everything, site) if everything else None,
        "groups": groups,
        "lists": [{"name": "all", "label": "All feeds", "link": "feeds.opml"}, *_lists(groups)],
        "count": number(sum(len(group["rows"]) for group in groups), "feed", "feeds"),
    }
    return Artifact(FRONT, printed(look, FRONT, variables).encode())


def _group(kind: str, rows: Sequence[IndexRow], site: Site) -> dict[str, Any] | None:
    found = [row for row in rows if row.spec.kind == kind]
    lines = sorted((_row(row, site) for row in found), key=lambda row: (fold(row.title), row.link))
    title = _GROUPS[kind]
    return {"kind": kind, "title": title, "rows": lines, "count": f"{len(lines):,}"} if lines else None


def _lists(groups: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {"name": group["kind"], "label": group["title"], "link": _LISTS[group["kind"]]}
        for group in groups
        if group["kind"] in _LISTS
    ]


def _row(row: IndexRow, site: Site) -> Row:
    updated = moment(row.updated) if row.updated else None
    return Row(f"{quote(row.spec.key)}.html", short_title(row.spec, site), number(row.total, "item", "items"), updated)
