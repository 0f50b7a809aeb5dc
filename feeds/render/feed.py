"""A whole feed: its head, and its entries as they were rendered, one a line.

Must never render an entry: a feed of fifty is put together in the time it takes to render two.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from feeds.model import Artifact, FeedSpec, Site
from feeds.render import atom, jsonfeed, rss
from feeds.render.entry import Entry, atom_with_source, rss_with_source
from feeds.render.head import atom_head, rss_head


def render_feed(
    spec: FeedSpec, updated: datetime, site: Site, entries: Sequence[Entry], *, credit: bool = True
) -> tuple[Artifact, ...]:
    """Return one file for each format of the site, in its order.

    `updated` is the newest change among the entries, not the clock. `credit` is False where providers have no feeds
    that the source of an entry could point to; a provider's own feed never has sources.
    """
    sourced = credit and spec.kind != "provider"
    return tuple(
        Artifact(f"{spec.key}.{ending}", _body(ending, spec, updated, site, _lines(ending, entries, sourced=sourced)))
        for ending in site.formats
    )


def _lines(ending: str, entries: Sequence[Entry], *, sourced: bool) -> list[bytes]:
    match ending:
        case "rss":
            return [rss_with_source(entry) if sourced else entry.rss for entry in entries]
        case "atom":
            return [atom_with_source(entry) if sourced else entry.atom for entry in entries]
        case _:
            return [entry.json for entry in entries]


def _body(ending: str, spec: FeedSpec, updated: datetime, site: Site, lines: Sequence[bytes]) -> bytes:
    match ending:
        case "rss":
            return _around(rss_head(spec, updated, site), lines, rss.CHANNEL_END)
        case "atom":
            return _around(atom_head(spec, updated, site), lines, atom.FEED_END)
        case _:
            return jsonfeed.feed_file(spec, site, lines)


def _around(head: bytes, lines: Iterable[bytes], end: bytes) -> bytes:
    return b"\n".join((head.removesuffix(b"\n"), *lines, end))
