"""What RSS 2.0 needs beyond feedgen, per item and per channel, and the bytes of both.

Follows the RSS 2.0 specification, the RSS Advisory Board's profile and Media RSS 1.5. Must never let feedgen write a
date in RSS: its formatter sets the locale of the whole process, which other threads see.
"""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from lxml.etree import SubElement, tostring

from feeds.model import Enclosure, Item
from feeds.render.also import related_links
from feeds.render.markup import empty, filled, html_in, in_numbers, plain_elements
from feeds.render.media import MEDIA_NS
from feeds.render.wording import Words

NAMESPACES = {"dc": "http://purl.org/dc/elements/1.1/", "media": MEDIA_NS}
ITEM_END = b"</item>"
CHANNEL_END = b"  </channel>\n</rss>\n"

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_ITEM_PLAIN = plain_elements("title", "category")  # not description: in an item that is HTML
_CHANNEL_PLAIN = plain_elements("title", "description", "copyright")


def item_line(element: Any, item: Item, words: Words, media: str) -> bytes:
    """Return feedgen's `<item>` with its date, authors and media, as one line without a source."""
    date = format_datetime(item.published)
    authors = "".join([filled("dc:creator", name) for name, _ in words.authors])
    language = filled("dc:language", words.language) if words.language else ""
    also = related_links("atom:link", item.story.also) if item.story.also else ""
    added = f"{_text(words)}<pubDate>{date}</pubDate>{authors}{language}{_enclosure(item.story.enclosure)}{also}{media}"
    written = in_numbers(tostring(element, encoding="utf-8"), _ITEM_PLAIN)
    return written.removesuffix(ITEM_END) + added.encode() + ITEM_END


def complete_channel(updated: datetime, links: Sequence[tuple[str, str]], marker: str, root: Any) -> None:
    """Add to feedgen's `<channel>` when its contents last changed, what it is, and links after its own address.

    `links` are (relation, address): the hubs (WebSub 4) and other documents of the feed; `marker` is the name of an
    empty element (RFC 5005), "" for none.
    """
    channel = root[0]
    SubElement(channel, "lastBuildDate").text = format_datetime(updated)
    own = channel.find(_ATOM_LINK)
    for relation, url in reversed(links):
        own.addnext(channel.makeelement(_ATOM_LINK, {"href": url, "rel": relation}))
    if marker:
        SubElement(channel, marker)


def channel_head(document: bytes) -> bytes:
    """Return a document without items, up to where they go."""
    return in_numbers(document.removesuffix(CHANNEL_END), _CHANNEL_PLAIN)


def _text(words: Words) -> str:
    """Return the whole text: in the description (RSS 2.0), or in `content:encoded` where that is an excerpt."""
    if not words.content:
        return ""
    return html_in("content:encoded" if words.summary else "description", words.content)


def _enclosure(enclosure: Enclosure | None) -> str:
    if enclosure is None:
        return ""
    # RSS Profile: all three attributes are required, and a length that is not known is 0
    length, media_type = str(max(enclosure.length, 0)), enclosure.type or "application/octet-stream"
    return empty("enclosure", {"url": enclosure.url, "length": length, "type": media_type})
