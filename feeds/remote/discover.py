"""Which feeds a web page points to (RSS Autodiscovery; HTML, `rel=alternate`).

This module must never fetch, and must never run what it reads: lxml reads it as a tree, at most 256 deep.
"""

import re
from collections.abc import Iterator
from typing import Any

from feeds.items.text import clean_line, shorten
from feeds.items.urls import clean_url
from feeds.remote import fields
from feeds.remote.charset import decode
from feeds.remote.prolog import without_forbidden

_MOST = 20
_LONGEST = 4_000_000
_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"])
# Types that mean anything; WordPress calls its API an alternate of type application/json.
_LOOSE_TYPES = frozenset(["application/xml", "text/xml", "application/json"])
_LIKE_A_FEED = re.compile(
    r"(?:^|[/=._-])(?:feeds?|rss2?|atom|rdf)(?:[/._-](?:xml|json|rss|atom|rdf|index)?|\d*$|[/?#&]|$)"
    r"|/index\.(?:xml|rdf)(?:$|\?)|\.(?:rss|atom|rdf)(?:$|\?)",
    re.IGNORECASE,
)


def discover(html: bytes, content_type: str, url: str) -> tuple[tuple[str, str], ...]:
    """Return URL and title of the feeds a page names, in its order, each once.

    Those in `<link rel=alternate>` with the type of a feed; only where there is none, links in its text that look like
    feeds.
    """
    return discover_in(decode(html, content_type)[0], url)


def discover_in(html: str, url: str) -> tuple[tuple[str, str], ...]:
    """Do what `discover` does, for text."""
    root = _tree(html)
    if root is None:
        return ()
    base = next((clean_url(href, url)[0] for href in root.xpath("//base/@href")), "") or url
    named = _unique(_linked(root), base, url)
    return named or _unique(_likely(root, base), base, url)


def _tree(html: str) -> Any:
    from lxml import etree  # noqa: PLC0415 - 15 ms, and needed by one body in a thousand

    settled = without_forbidden(html[:_LONGEST])
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    return etree.fromstring(settled.encode("utf-8", "ignore"), parser) if settled.strip() else None


def _linked(root: Any) -> Iterator[tuple[str, str]]:
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        media_type = (link.get("type") or "").partition(";")[0].strip().lower()
        href = link.get("href") or ""
        is_named = media_type in _TYPES or (media_type in _LOOSE_TYPES and _LIKE_A_FEED.search(href))
        if href and ("feed" in relations or ("alternate" in relations and is_named)):
            yield href, link.get("title") or ""


def _likely(root: Any, base: str) -> Iterator[tuple[str, str]]:
    for link in root.iter("a"):
        href = link.get("href") or ""
        path = re.sub(r"\A(?:[a-z]+:)?//[^/]*", "", href)
        if path and _LIKE_A_FEED.search(path) and clean_url(href, base)[0]:
            yield href, " ".join(link.itertext())[:1000] or link.get("title") or ""


def _unique(found: Iterator[tuple[str, str]], base: str, page: str) -> tuple[tuple[str, str], ...]:
    known: dict[str, str] = {}
    for href, title in found:
        url = fields.feed_address(href, base)
        if url and url != page and len(known) < _MOST:
            known.setdefault(url, shorten(clean_line(title[:1000]), 200))
    return tuple(known.items())
