"""Make a source of an address: the feed there, or the feed that the page there points to.

This module must ask through the guarded client only, and for no more than two documents.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from feeds.app.client import web_client
from feeds.app.polling import ACCEPT
from feeds.app.sources import Wish, find_source, keep_sources, new_source
from feeds.config.listed_source import ListedSource
from feeds.errors import UsageError
from feeds.model.remote import NotAFeed, RemoteFeed
from feeds.remote.fields import feed_address
from feeds.remote.parse import parse_feed
from feeds.web.client import WebClient
from feeds.web.fetch import Document, fetch
from feeds.web.limits import Limits

if TYPE_CHECKING:
    from feeds.config.load import Loaded

_UNSEEN = "or add it unseen with --no-check"
_CURES = {
    "401": "a source that wants credentials is written into feeds.yaml, with username_env or token_env",
    "403": "a source that wants credentials is written into feeds.yaml, with username_env or token_env",
    "address-": "open its network with links.allow_networks if it may be asked",
    "dns-": "check the name",
    "too-large": "raise polling.max_bytes if it may be that large",
    "url-": "give the usual http or https address of a feed",
}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that was found: `url` is where to ask for it, `faults` what is wrong with it and could be read past."""

    url: str
    title: str
    home: str
    entries: int
    newest: datetime | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """A page that points to more than one feed: address and title of each."""

    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a wish: the source, new or known before; `feed` is None where nobody was asked."""

    source: ListedSource
    is_new: bool
    feed: Feed | None = None


def add_source(loaded: "Loaded", wish: Wish, *, check: bool = True, first: bool = False) -> Added | Several:
    """Add a source to the file; unless `check` is off, its address is asked, and may be that of a web page.

    Of several feeds of a page none is added, but with `first` the first one. Raises UsageError for a wish that cannot
    be granted, and where nothing answers or no feed is there.
    """
    wish = replace(wish, url=_address(wish.url))
    if known := find_source(loaded, wish.url):
        return Added(known, is_new=False)
    source = new_source(loaded, wish)  # a wish that cannot be granted is refused before anybody is asked
    if not check:
        keep_sources(loaded, [source])
        return Added(source, is_new=True)
    found = asyncio.run(_search(loaded, wish.url, first=first))
    if isinstance(found, Several):
        return found
    if known := find_source(loaded, found.url):
        return Added(known, is_new=False, feed=found)
    source = new_source(loaded, replace(wish, url=found.url), found.title, found.home)
    keep_sources(loaded, [source])
    return Added(source, is_new=True, feed=found)


def _address(url: str) -> str:
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise UsageError(f"URL: holds a user name or password; {_CURES['401']}")
    address = feed_address(url)
    if not address:
        raise UsageError(f"URL: {url!r} is no web address; give one such as https://example.org/feed.xml")
    return address


async def _search(loaded: "Loaded", url: str, *, first: bool) -> Feed | Several:
    polling = loaded.settings.polling
    async with web_client(loaded, limits=Limits(total=float(polling.timeout_seconds))) as client:
        address, found = await _ask(client, url, polling.max_bytes)
        if isinstance(found, NotAFeed) and len(found.found) > 1 and not first:
            return Several(found.found)
        if isinstance(found, NotAFeed) and found.found:
            address, found = await _ask(client, found.found[0][0], polling.max_bytes)
    if isinstance(found, NotAFeed):
        raise UsageError(f"{address} is no feed: {found.reason}; give the address of a feed, or of a page with one")
    dates = [date for one in found.entries if (date := one.published or one.updated)]
    return Feed(address, found.title, found.home, len(found.entries), max(dates, default=None), found.faults)


async def _ask(client: WebClient, url: str, most: int) -> tuple[str, RemoteFeed | NotAFeed]:
    """Return what is at an address, and the address to ask next time."""
    document = await fetch(client, url, {"accept": ACCEPT}, secret={}, most=most)
    if document.error or document.status != 200:
        raise UsageError(_unanswered(url, document))
    found = parse_feed(document.body, document.headers.get("content-type", ""), document.url)
    return feed_address(document.moved) or url, found


def _unanswered(url: str, document: Document) -> str:
    reason = document.error or str(document.status)
    cure = next((cure for code, cure in _CURES.items() if reason.startswith(code)), f"try again later, {_UNSEEN}")
    said = f"cannot be asked ({reason})" if document.error else f"answers {reason}"
    return f"{url} {said}; {cure}"
