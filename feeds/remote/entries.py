"""One entry as feedparser hands it over, turned into ours.

feedparser's dictionaries are read by `dict.get`: their own `get` walks through a table of old names, at 3 µs each.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from feeds.model.item import Enclosure, Image
from feeds.model.remote import RemoteEntry
from feeds.remote import fields, media
from feeds.remote.media import File

_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_HTML_TYPES = frozenset(["text/html", "application/xhtml+xml"])
_Found = dict[str, Any]
_TEXTUAL = _HTML_TYPES | {"text/plain"}


def text(found: _Found, key: str) -> str:
    """Return what stands under a key if it is text, else ""."""
    value = dict.get(found, key)
    return value if isinstance(value, str) else ""


def listed(found: _Found, key: str) -> list[_Found]:
    """Return the dictionaries that stand under a key."""
    value = dict.get(found, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def people(found: _Found) -> tuple[str, ...]:
    """Return the names of the authors; who gives an address only stays unnamed."""
    named = [text(author, "name") for author in listed(found, "authors")]
    return fields.names(name for name in named if "@" not in name or " " in name.strip())


def entry_of(found: _Found, version: str, feed_url: str, feed_authors: tuple[str, ...] = ()) -> RemoteEntry:
    """Return the entry; relative URLs are resolved against its own page, its link against `xml:base` or the feed."""
    guid, link = fields.guid(text(found, "id")), _link(found, feed_url)
    summary, content, base = _texts(found)
    base = fields.address(base, feed_url) or link or feed_url
    plain, html = fields.body(summary, content, base)
    published, updated = _dates(found, version)
    shown, attached = _media(found, html, base)
    tongues = (
        text(found, "language"),
        _detail(found, "title_detail", "language"),
        _detail(found, "summary_detail", "language"),
    )
    return RemoteEntry(
        guid=guid,
        link=link,
        title=fields.title(_escaped_if_plain(found, "title")),
        summary=plain,
        content=html,
        published=published,
        updated=updated,
        authors=people(found) or feed_authors,
        categories=fields.names(_categories(found)),
        images=shown,
        enclosure=attached,
        duration=_duration(found),
        language=next(filter(None, map(fields.language, tongues)), ""),
    )


def when(found: _Found, key: str) -> datetime | None:
    """Return the date under a key: as we read it, else as feedparser does where the month is written out.

    Of the rest it makes what it can: `1612460700` is in May 2016 to it, `2021-035` in December.
    """
    value = text(found, key)
    if not value:
        return None
    moment = fields.moment(value)
    if moment is not None or value[:4].isdecimal() or not re.search("[^\\W\\d_]{3}", value):
        return moment
    parsed = dict.get(found, f"{key}_parsed")
    return fields.moment("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])) if parsed else None


def _dates(found: _Found, version: str) -> tuple[datetime | None, datetime | None]:
    published, updated = when(found, "published") or when(found, "created"), when(found, "updated")
    if published is None and not version.startswith("atom"):
        return updated, None  # `dc:date` of RSS 1.0, which feedparser takes for an update
    return published, updated


def _link(found: _Found, feed_url: str) -> str:
    """Return the page of the entry: the one FeedBurner hid, else the HTML alternate, else a permalink guid."""
    candidates = [text(found, "feedburner_origlink")]
    candidates += [
        text(one, "href")
        for one in listed(found, "links")
        if text(one, "rel") == "alternate" and text(one, "type") in _HTML_TYPES
    ]
    by_guid = dict.get(found, "guidislink") and not _ABSOLUTE.match(text(found, "link"))
    candidates.append("" if by_guid else text(found, "link"))
    return next(filter(None, (fields.address(url, feed_url) for url in candidates)), "")


def _texts(found: _Found) -> tuple[str, str, str]:
    """Return summary, content and the base that holds for it.

    feedparser puts every text after the first one into the list of contents, captions of Media RSS too: the longest one
    is the article.
    """
    summary = _escaped_if_plain(found, "summary")
    contents = [one for one in listed(found, "content") if text(one, "type") in _TEXTUAL and text(one, "value")]
    longest = max(contents, key=lambda one: len(text(one, "value")), default=None)
    if longest is None:
        return summary, "", _detail(found, "summary_detail", "base")
    return summary, _as_html(text(longest, "value"), text(longest, "type")), text(longest, "base")


def _escaped_if_plain(found: _Found, key: str) -> str:
    return _as_html(text(found, key), _detail(found, f"{key}_detail", "type"))


def _as_html(value: str, media_type: str) -> str:
    """Escape what Atom calls text where it would be read as markup (RFC 4287 section 3.1.1.1)."""
    if media_type != "text/plain" or not any(mark in value for mark in "<&"):
        return value
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _detail(found: _Found, key: str, part: str) -> str:
    detail = dict.get(found, key)
    return text(detail, part) if isinstance(detail, dict) else ""


def _categories(found: _Found) -> Iterator[str]:
    for tag in listed(found, "tags"):
        yield text(tag, "label") or text(tag, "term")


def _duration(found: _Found) -> int | None:
    told = [text(found, "itunes_duration"), *(text(one, "duration") for one in listed(found, "media_content"))]
    return next(filter(None, map(fields.seconds, told)), None)


def _media(found: _Found, html: str, base: str) -> tuple[tuple[Image, ...], Enclosure | None]:
    media_files = [_file(one) for one in listed(found, "media_content")]
    attached = [_file(one) for one in listed(found, "links") if text(one, "rel") == "enclosure"]
    pictures = [file for file in media_files if file.is_image]
    pictures += [_file(one, "image") for one in listed(found, "media_thumbnail")]
    pictures += [file for file in attached if file.is_image]
    cover = dict.get(found, "image")
    pictures += [_file(cover, "image")] if isinstance(cover, dict) else []
    films = [file for file in media_files if file.type.startswith(("audio/", "video/"))]
    return media.images(pictures, html, base), media.enclosure(attached + films, base)


def _file(named: _Found, medium: str = "") -> File:
    numbers = {key: fields.whole(text(named, key)) or 0 for key in ("width", "height", "length", "filesize")}
    return File(
        url=text(named, "url") or text(named, "href"),
        type=text(named, "type"),
        medium=medium or text(named, "medium").lower(),
        length=numbers["length"] or numbers["filesize"],
        width=numbers["width"],
        height=numbers["height"],
    )
