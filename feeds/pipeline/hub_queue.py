"""What hubs have to be told after a release. Must never queue a file whose bytes are those that subscribers have."""

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from feeds.model import Site
from feeds.store import Store
from feeds.store.feeds import FeedRow

PAGE = ".html"


def queue_changed(store: Store, site: Site, before: Iterable[FeedRow], after: Sequence[FeedRow], now: int) -> None:
    """Queue, for each hub, the files of `after` that are new or differ from `before`; call inside a transaction.

    What counts is what was remembered, not what was written: a build that was killed between the two left its files in
    place, and told nobody.
    """
    if not site.hubs:
        return
    touched = {row.id for row in after}
    known = dict(_files(row for row in before if row.id in touched))
    changed = [path for path, digest in _files(after) if known.get(path) != digest]
    store.pings.add(site.hubs, [_url(site, path) for path in changed], now)


def queue_all(store: Store, site: Site, now: int) -> None:
    """Queue every published file for each hub; call inside a transaction."""
    store.pings.add(site.hubs, [_url(site, path) for path, digest in _files(store.feeds.all()) if digest], now)


def _files(rows: Iterable[FeedRow]) -> list[tuple[str, str]]:
    """Return path and digest of what can be subscribed to: a web page names no hub."""
    files = (file for row in rows for file in json.loads(row.files).items())
    return [(path, digest) for path, digest in files if not path.endswith(PAGE)]


def _url(site: Site, path: str) -> str:
    # What `feed_url` gives; importing that would bring feedgen, 40 ms, to who only tells hubs.
    return site.base_url + quote(path)
