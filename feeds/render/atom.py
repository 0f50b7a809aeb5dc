"""What Atom 1.0 (RFC 4287) needs beyond feedgen, per entry, and the bytes of entry and feed.

Must never leave a link without `rel`: feedgen 1.0.0 drops it, and readers then take an enclosure for the article.
"""

from html import escape
from typing import Any

from lxml.etree import tostring

from feeds.model import Enclosure, Item
from feeds.render.markup import empty, in_numbers, plain_elements
from feeds.render.media import MEDIA_NS
from feeds.render.wording import Words

NAMESPACES = {"media": MEDIA_NS}
ENTRY_END = b"</entry>"
FEED_END = b"</feed>\n"

_PLAIN = plain_elements("title", "subtitle", "rights", "name")


def entry_line(element: Any, item: Item, words: Words, media: str) -> bytes:
    """Return feedgen's `<entry>` with its link relations, dates and media, as one line without a source."""
    story = item.story
    for link in element.iterchildren("link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    summary = _missing_summary(words.title) if story.link and not words.excerpt else ""
    added = f"{summary}<published>{item.published.isoformat()}</published>{_enclosure(story.enclosure)}{media}"
    written = in_numbers(tostring(element, encoding="utf-8"), _PLAIN)
    return written.removesuffix(ENTRY_END) + added.encode() + ENTRY_END


def feed_head(document: bytes) -> bytes:
    """Return a document without entries, up to where they go."""
    return in_numbers(document.removesuffix(FEED_END), _PLAIN)


def _missing_summary(title: str) -> str:
    # RFC 4287 4.1.1.1: an entry without content should have a summary, and all we have is the title
    return f'<summary type="html">{escape(escape(title, quote=False), quote=False)}</summary>'


def _enclosure(enclosure: Enclosure | None) -> str:
    if enclosure is None:
        return ""
    length = str(enclosure.length) if enclosure.length > 0 else ""
    return empty("link", {"href": enclosure.url, "rel": "enclosure", "type": enclosure.type, "length": length})
