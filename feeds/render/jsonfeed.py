"""JSON Feed 1.1: the bytes of one item and of the head.

Must never hold HTML but in `content_html`: titles, excerpts and summaries are plain text.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from feeds.model import FeedSpec, Item, Paging, Site, Story
from feeds.render.addresses import entry_url, home_url, image_url
from feeds.render.history import own_url, previous_url
from feeds.render.wording import Words, feed_description, feed_title, site_author

_VERSION = "https://jsonfeed.org/version/1.1"


def item_line(item: Item, words: Words, site: Site) -> bytes:
    """Return one item of a JSON Feed as one line; what our extension `_feeds` holds is said in the manual."""
    story = item.story
    html = words.content or (words.summary if story.also else "")
    members: dict[str, Any] = {
        "id": "urn:uuid:" + item.id,
        "url": entry_url(site, item),
        "title": words.title,
        "content_html": html,
        "content_text": "" if html else words.excerpt or words.title,
        "summary": words.excerpt if words.content else "",
        "image": story.images[0].url if story.images else "",
        "date_published": item.published,
        "date_modified": item.updated,
        "authors": [_author(name, url) for name, url in words.authors],
        "tags": story.topics,
        "language": words.language,
        "attachments": _attachments(story),
        "_feeds": _extension(story),
    }
    return json.encode(_present(members))


def feed_file(spec: FeedSpec, site: Site, items: Sequence[bytes], paging: Paging) -> bytes:
    """Return a JSON Feed around items as `item_line` made them."""
    members = {
        "version": _VERSION,
        "title": feed_title(spec, site),
        "home_page_url": home_url(site),
        "feed_url": own_url(spec, site, "json", paging),
        "description": feed_description(spec, site),
        "next_url": previous_url(spec, site, "json", paging),
        "icon": image_url(spec, site),
        "authors": [_author(site_author(site), home_url(site))],
        "language": site.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in site.hubs] if not paging.page else [],
    }
    return one_a_line(_present(members), "items", items)


def one_a_line(members: dict[str, Any], last: str, elements: Sequence[bytes]) -> bytes:
    """Return a JSON object, one member a line and after them an array, one element a line, so that files diff well."""
    lines = [b"%b: %b,\n" % (json.encode(name), json.encode(value)) for name, value in members.items()]
    array = b"[\n%b\n]" % b",\n".join(elements) if elements else b"[]"
    return b"{\n%b%b: %b\n}\n" % (b"".join(lines), json.encode(last), array)


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _author(name: str, url: str) -> dict[str, str]:
    return {"name": name, "url": url} if url else {"name": name}


def _attachments(story: Story) -> list[dict[str, Any]]:
    enclosure = story.enclosure
    if enclosure is None:
        return []
    attachment: dict[str, Any] = {
        "url": enclosure.url,
        "mime_type": enclosure.type or "application/octet-stream",
        "size_in_bytes": max(enclosure.length, 0),
        "duration_in_seconds": story.duration,
    }
    return [_present(attachment)]


def _extension(story: Story) -> dict[str, Any]:
    provider = _present({"name": story.provider.name, "domain": story.provider.domain})
    also = _reports(story) if story.also else []
    return _present({"provider": provider, "kind": story.kind, "duration": story.duration, "also": also})


def _reports(story: Story) -> list[dict[str, Any]]:
    reports = [_present({"name": each.name, "domain": each.domain, "url": each.url}) for each in story.also]
    return [report for report in reports if report]
