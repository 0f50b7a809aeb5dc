"""Look at an address before it becomes a source: the feed it has, or the feeds its page points to.

It asks through the guarded client only, and no more than two documents.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feeds.app.client import web_client
from feeds.errors import UsageError
from feeds.model.remote import NotAFeed, RemoteFeed
from feeds.remote.fields import feed_address
from feeds.remote.parse import parse_feed
from feeds.web.client import WebClient
from feeds.web.fetch import Document, fetch
from feeds.web.limits import Limits

if TYPE_CHECKING:
    from feeds.config.load import Loaded

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_UNSEEN = "or add it unseen with --no-check"
_CURES = {
    "401": "a source that wants credentials is written into feeds.yaml, with username_env or token_env",
    "403": "a source that wants credentials is written into feeds.yaml, with username_env or token_env",
    "address-": "open its network with polling.allow_networks if it may be asked",
    "dns-": "check the name",
    "too-large": "raise polling.max_bytes if it may be that large",
    "url-": "give an http or https address without a user name",
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


def search(loaded: "Loaded", url: str, *, first: bool = False) -> Feed | Several:
    """Return the feed at an address, or that of the page there; with `first` the first one of several.

    Raises UsageError where nothing answers, or no feed is there.
    """
    return asyncio.run(_search(loaded, url, first=first))


async def _search(loaded: "Loaded", url: str, *, first: bool) -> Feed | Several:
    polling = loaded.settings.polling
    async with web_client(loaded, polling.allow_networks, Limits(total=float(polling.timeout_seconds))) as client:
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
    document = await fetch(client, url, {"accept": _ACCEPT}, secret={}, most=most)
    if document.error or document.status != 200:
        raise UsageError(_unanswered(url, document))
    found = parse_feed(document.body, document.headers.get("content-type", ""), document.url)
    return feed_address(document.moved) or url, found


def _unanswered(url: str, document: Document) -> str:
    reason = document.error or str(document.status)
    cure = next((cure for code, cure in _CURES.items() if reason.startswith(code)), f"try again later, {_UNSEEN}")
    said = f"cannot be asked ({reason})" if document.error else f"answers {reason}"
    return f"{url} {said}; {cure}"
