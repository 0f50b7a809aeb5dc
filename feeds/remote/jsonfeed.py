"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read as its writers write it: ids that are numbers, fields that are null.

This module must never raise for a body, however deep it is nested.
"""

import json
from collections.abc import Iterator
from typing import Any

from feeds.model.remote import NotAFeed, RemoteEntry, RemoteFeed
from feeds.remote import fields, media
from feeds.remote.media import File
from feeds.remote.mend import MAX_ENTRIES
from feeds.remote.sanitise import paragraphs

_PLACE = "jsonfeed.org/version/"

_Object = dict[str, Any]


def parse_json(text: str, url: str, faults: tuple[str, ...] = ()) -> RemoteFeed | NotAFeed:
    """Return what a JSON text says; `faults` are those already known of it."""
    try:
        # Not strict: line breaks in strings are the usual fault of JSON written by a template.
        found = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        return NotAFeed(f"is not valid JSON: {str(error)[:100]}")
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        return NotAFeed("this is JSON, but no JSON Feed")
    version, told = _version(found)
    objects = [one for one in items if isinstance(one, dict)]
    if not version and not _is_likely(objects):
        return NotAFeed("this is JSON, but no JSON Feed")
    if len(objects) > MAX_ENTRIES:
        told = (*told, f"has {len(objects)} entries; the newest {MAX_ENTRIES} are taken")
    authors = _authors(found)
    entries = tuple(filter(_says_anything, (_entry(one, url, authors) for one in _newest(objects))))
    return RemoteFeed(
        title=fields.title(_text(found, "title")),
        home=fields.address(_text(found, "home_page_url"), url),
        entries=entries,
        language=fields.language(_text(found, "language")),
        version=version or "json1",
        faults=(*faults, *told),
    )


def _version(found: _Object) -> tuple[str, tuple[str, ...]]:
    place = _text(found, "version")
    number = place.rpartition(_PLACE)[2].strip("/") if _PLACE in place else ""
    if number in {"1", "1.0"}:
        return "json1", ()
    if number:
        return "json11", () if number == "1.1" else (f"is of version {number[:20]} of JSON Feed, and is read as 1.1",)
    return "", ("names no version of JSON Feed",)


def _is_likely(objects: list[_Object]) -> bool:
    return bool(objects) and all(
        "id" in one and {"url", "content_html", "content_text"} & one.keys() for one in objects
    )


def _newest(objects: list[_Object]) -> list[_Object]:
    dates = [fields.moment(_text(one, "date_published")) for one in objects]
    return [objects[place] for place in fields.newest(dates, MAX_ENTRIES)]


def _entry(found: _Object, url: str, feed_authors: tuple[str, ...]) -> RemoteEntry:
    link = fields.address(_text(found, "url"), url) or fields.address(_text(found, "external_url"), url)
    base = link or url
    content = _text(found, "content_html") or paragraphs(_text(found, "content_text"))
    summary, html = fields.body(_text(found, "summary"), content, base)
    attached = [_attachment(one) for one in _objects(found, "attachments")]
    pictures = [File(_text(found, key), medium="image") for key in ("image", "banner_image") if _text(found, key)]
    return RemoteEntry(
        guid=fields.guid(_id(found.get("id"))),
        link=link,
        title=fields.title(_text(found, "title")),
        summary=summary,
        content=html,
        published=fields.moment(_text(found, "date_published")),
        updated=fields.moment(_text(found, "date_modified")),
        authors=_authors(found) or feed_authors,
        categories=fields.names(_texts(found, "tags")),
        images=media.images([*pictures, *(file for file in attached if file.is_image)], html, base),
        enclosure=media.enclosure(attached, base),
        duration=_duration(found),
        language=fields.language(_text(found, "language")),
    )


def _says_anything(entry: RemoteEntry) -> bool:
    return bool(entry.title or entry.summary or entry.content or entry.link or entry.enclosure)


def _attachment(found: _Object) -> File:
    length = fields.whole(found.get("size_in_bytes"))
    return File(_text(found, "url"), type=_text(found, "mime_type").lower(), length=length or 0)


def _duration(found: _Object) -> int | None:
    told = (one.get("duration_in_seconds") for one in _objects(found, "attachments"))
    return next((int(seconds) for seconds in told if isinstance(seconds, int | float) and 0 < seconds < 1e7), None)


def _authors(found: _Object) -> tuple[str, ...]:
    one = found.get("author")  # JSON Feed 1.0
    several = [*_objects(found, "authors"), *([one] if isinstance(one, dict) else [])]
    return fields.names(_text(author, "name") for author in several)


def _id(value: object) -> str:
    """Return an id as text; numbers are to be taken for strings (section `items` of the standard)."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _text(found: _Object, key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _texts(found: _Object, key: str) -> Iterator[str]:
    value = found.get(key)
    return (one for one in value if isinstance(one, str)) if isinstance(value, list) else iter(())


def _objects(found: _Object, key: str) -> list[_Object]:
    value = found.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
