"""What Atom 1.0 (RFC 4287) needs beyond feedgen, per entry, and the bytes of entry and feed.

Must never leave a link without `rel`: feedgen 1.0.0 drops it, and readers then take an enclosure for the article.
"""

from html import escape
from typing import Any

from lxml.etree import SubElement, tostring

from feeds.model import Enclosure, Item
from feeds.render.also import related_links
from feeds.render.markup import empty, html_in, in_numbers, plain_elements, quoted
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
    also = related_links("link", story.also) if story.also else ""
    added = f"{_text(item, words)}<published>{item.published.isoformat()}</published>"
    added += f"{also}{_enclosure(story.enclosure)}{media}"
    written = in_numbers(tostring(element, encoding="utf-8"), _PLAIN)
    if words.language:
        written = written.replace(b"<entry>", f'<entry xml:lang="{quoted(words.language)}">'.encode(), 1)
    return written.removesuffix(ENTRY_END) + added.encode() + ENTRY_END


def complete_feed(marker: str, root: Any) -> None:
    """Add to feedgen's `<feed>` what the document is: the name of an empty element (RFC 5005), "" for none."""
    if marker:
        SubElement(root, marker)


def feed_head(document: bytes) -> bytes:
    """Return a document without entries, up to where they go."""
    return in_numbers(document.removesuffix(FEED_END), _PLAIN)


def _text(item: Item, words: Words) -> str:
    """Return the text that feedgen was not given: the whole one, or what stands in where there is none."""
    if words.content:
        return html_in("content", words.content, ' type="html"')
    return _missing_summary(words.title) if item.story.link and not words.summary else ""


def _missing_summary(title: str) -> str:
    # RFC 4287 4.1.1.1: an entry without content should have a summary, and all we have is the title
    return f'<summary type="html">{escape(escape(title, quote=False), quote=False)}</summary>'


def _enclosure(enclosure: Enclosure | None) -> str:
    if enclosure is None:
        return ""
    length = str(enclosure.length) if enclosure.length > 0 else ""
    return empty("link", {"href": enclosure.url, "rel": "enclosure", "type": enclosure.type, "length": length})
