"""A whole feed: its head, and its entries as they were rendered, one a line.

Must never render an entry: a feed of fifty is put together in the time it takes to render two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.model import Artifact, FeedSpec, Paging, Site, Tombstone
from feeds.model.tree import document_key
from feeds.render import atom, jsonfeed, rss
from feeds.render.entry import Entry, atom_with_source, rss_with_source
from feeds.render.head import atom_head, rss_head
from feeds.render.history import deleted_entries

WHOLE = Paging()


def render_feed(
    spec: FeedSpec,
    updated: datetime,
    site: Site,
    entries: Sequence[Entry],
    *,
    credit: bool = True,
    paging: Paging = WHOLE,
    tombstones: Sequence[Tombstone] = (),
) -> tuple[Artifact, ...]:
    """Return one file for each format of the site, in its order.

    `updated` is the newest change among the entries, not the clock. `credit` is False where providers have no feeds
    that the source of an entry could point to; a provider's own feed never has sources. `paging` says which document
    of the feed this is; `tombstones` are told in Atom only, which alone has a word for them.
    """
    sourced = credit and spec.kind != "provider"
    document = _Document(spec, updated, site, paging, tuple(tombstones))
    key = document_key(spec.key, paging.page)
    return tuple(
        Artifact(f"{key}.{ending}", document.body(ending, _lines(ending, entries, sourced=sourced)))
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


@dataclass(frozen=True, slots=True)
class _Document:
    """What goes around the entries."""

    spec: FeedSpec
    updated: datetime
    site: Site
    paging: Paging
    tombstones: tuple[Tombstone, ...]

    def body(self, ending: str, lines: Sequence[bytes]) -> bytes:
        match ending:
            case "rss":
                return _around(rss_head(self.spec, self.updated, self.site, self.paging), lines, rss.CHANNEL_END)
            case "atom":
                head = atom_head(self.spec, self.updated, self.site, self.paging, self.tombstones)
                return _around(head, (*lines, *deleted_entries(self.tombstones)), atom.FEED_END)
            case _:
                return jsonfeed.feed_file(self.spec, self.site, lines, self.paging)


def _around(head: bytes, lines: Iterable[bytes], end: bytes) -> bytes:
    return b"\n".join((head.removesuffix(b"\n"), *lines, end))
