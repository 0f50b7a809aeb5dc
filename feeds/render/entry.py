"""One item in every format a site has, rendered once by feedgen and completed where feedgen falls short.

Must never depend on the feed an item is shown in: what differs there, the source, is kept beside the entry.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from feedgen.entry import FeedEntry

from feeds.model import Item, Site
from feeds.render import atom, jsonfeed, rss
from feeds.render.addresses import entry_url, topic_scheme
from feeds.render.credit import atom_source, rss_source
from feeds.render.media import media_of
from feeds.render.wording import Words, words_of


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as bytes, each format on one line; b"" for a format the site does not have.

    `rss_source` and `atom_source` credit the provider's own feed and go into every feed but that one.
    """

    rss: bytes = b""
    rss_source: bytes = b""
    atom: bytes = b""
    atom_source: bytes = b""
    json: bytes = b""


def render_entry(item: Item, site: Site) -> Entry:
    """Return an item in the formats of the site."""
    words, formats = words_of(item, site), site.formats
    json = jsonfeed.item_line(item, words, site) if "json" in formats else b""
    if "rss" not in formats and "atom" not in formats:
        return Entry(json=json)
    draft, media = _draft(item, words, site), media_of(item.story)
    return Entry(
        rss=rss.item_line(draft.rss_entry(), item, words, media) if "rss" in formats else b"",
        rss_source=rss_source(item, words, site) if "rss" in formats else b"",
        atom=atom.entry_line(draft.atom_entry(), item, words, media) if "atom" in formats else b"",
        atom_source=atom_source(item, words, site) if "atom" in formats else b"",
        json=json,
    )


def rss_with_source(entry: Entry) -> bytes:
    """Return the RSS item with its source as the last child."""
    return b"%b%b%b" % (entry.rss[: -len(rss.ITEM_END)], entry.rss_source, rss.ITEM_END)


def atom_with_source(entry: Entry) -> bytes:
    """Return the Atom entry with its source as the last child."""
    return b"%b%b%b" % (entry.atom[: -len(atom.ENTRY_END)], entry.atom_source, atom.ENTRY_END)


def _draft(item: Item, words: Words, site: Site) -> Any:
    """Return what feedgen writes right by itself; its dates, sources and enclosures are replaced in rss and atom."""
    story, scheme = item.story, topic_scheme(site)
    draft = FeedEntry()
    draft.id("urn:uuid:" + item.id)
    draft.title(words.title)
    draft.updated(item.updated)
    draft.author([{"name": name, "uri": url} for name, url in words.authors])
    draft.category([{"term": topic, "scheme": scheme, "label": topic} for topic in story.topics])
    draft.link({"href": entry_url(site, item), "rel": "alternate"})
    _describe(draft, words, own_page=bool(story.link))
    return draft


def _describe(draft: Any, words: Words, *, own_page: bool) -> None:
    if not own_page and not words.content:
        # What has no page to go on to is here in full; for RSS the content is the description.
        draft.content(words.summary or escape(words.title, quote=False), type="html")
    elif words.summary:
        draft.summary(words.summary, type="html")
