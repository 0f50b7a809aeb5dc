"""A feed that somebody else wrote, from bytes to values: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed.

This module must never open a file or a socket for a body (feedparser does, for a body that names one, unless it is
given a stream), and must never raise for one: a body that is no feed is a value.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from feeds.model.remote import NotAFeed, RemoteEntry, RemoteFeed
from feeds.remote import fields
from feeds.remote.charset import decode
from feeds.remote.discover import discover_in
from feeds.remote.entries import entry_of, listed, people, text, when
from feeds.remote.jsonfeed import parse_json
from feeds.remote.mend import (
    BROKEN_OFF,
    MAX_ENTRIES,
    breaks_off,
    entry_count,
    excess,
    is_quickly_read,
    mended,
    recovered,
)
from feeds.remote.prolog import Opened, open_text

_SKIP = re.compile(r"<skip(Hours|Days)\s*>(.{0,4000}?)</skip\1", re.DOTALL | re.IGNORECASE)
_HOUR, _DAY = re.compile(r"<hour>\s*([0-9]{1,2})\s*</", re.IGNORECASE), re.compile(r"<day>\s*(\w+)\s*</", re.IGNORECASE)
_DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_PAGES = frozenset(["text/html", "application/xhtml+xml"])
_OTHER_ROOTS = {
    "opml": "this is an OPML list of feeds; it can be imported",
    "urlset": "this is a site map",
    "sitemapindex": "this is a site map",
}


def parse_feed(body: bytes, content_type: str, url: str) -> RemoteFeed | NotAFeed:
    """Return what a body says, fetched from `url` (a clean URL) as `content_type`.

    The format is told by the content; the media type is asked for the encoding, and where nothing else tells that this
    is a web page. That is no feed, but may point to some. A document type that declares entities is refused unread
    (billion laughs, XXE).
    """
    decoded, faults = decode(body, content_type)
    start = decoded.lstrip("\ufeff \t\r\n")[:1]
    if start in {"{", "["}:
        return parse_json(decoded, url, faults)
    opened = open_text(decoded)
    if opened.entities:
        return NotAFeed("declares entities, which no feed needs: refused unread")
    if opened.is_feed:
        return _parsed(decoded, opened, url, faults)
    if opened.is_page or _is_piece_of_page(opened, content_type):
        return NotAFeed("this is a web page, not a feed", discover_in(decoded, url))
    return NotAFeed(_reason(opened, start))


def _is_piece_of_page(opened: Opened, content_type: str) -> bool:
    """Tell whether this is a web page all the same: `<html>` and the document type may both be left out (HTML 13.1)."""
    media_type = content_type.partition(";")[0].strip().lower()
    return opened.is_html or (media_type in _PAGES and bool(opened.root) and opened.root not in _OTHER_ROOTS)


def _reason(opened: Opened, start: str) -> str:
    if not start:
        return "the body is empty"
    if not opened.root:
        return "neither XML nor JSON nor a web page"
    return _OTHER_ROOTS.get(opened.root, f"<{opened.root[:40]}> is no feed")


def _parsed(decoded: str, opened: Opened, url: str, faults: tuple[str, ...]) -> RemoteFeed | NotAFeed:
    markup, done = mended(decoded[opened.start :])
    if reason := excess(markup):
        return NotAFeed(reason)
    try:
        found = _read_past_errors(markup)
    except Exception as error:  # noqa: BLE001 - feedparser's second parser raises what it likes, for bytes that hurt it
        return NotAFeed(f"cannot be parsed: {type(error).__name__}")
    version = text(found, "version") or ("rss" if opened.root == "channel" else "")
    if "netscape" in opened.doctype.lower() and version.startswith("rss"):
        version = "rss091n"
    if not version:
        return NotAFeed(f"<{opened.root}> of no known version of RSS or Atom")
    skipped_lines = decoded.count("\n", 0, opened.start)
    junk = ("has other text in front of it",) if opened.junk else ()
    broken = _broken(found, skipped_lines)
    cut = (BROKEN_OFF,) if broken and breaks_off(markup, opened.root) else ()
    said = (*faults, *junk, *done, *cut, *broken)
    return _feed_of(found, version, markup, url, said)


def _read_past_errors(markup: str) -> dict[str, Any]:
    """Read the markup; where it is broken, the way that finds more entries.

    feedparser's second parser takes what follows an element that is not closed for its text, and loses those entries.
    """
    found = _read(markup)
    if not dict.get(found, "bozo") or len(found["entries"]) >= entry_count(markup) or not is_quickly_read(markup):
        return found
    second = _read(recovered(markup))
    if len(second["entries"]) <= len(found["entries"]):
        return found
    return {**second, "bozo": True, "bozo_exception": dict.get(found, "bozo_exception")}


def _read(markup: str) -> dict[str, Any]:
    from feedparser import parse  # noqa: PLC0415 - 46 ms to import

    # Half of feedparser's time is its own sanitiser and resolver (50 ms without them for 200 entries, 135 ms with);
    # nh3 does both again in any case. No base is given: feedparser would make a guid absolute, and another guid when
    # the feed moves.
    stream = BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + markup.encode("utf-8", "ignore"))
    found: dict[str, Any] = parse(stream, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False)
    return found


def _broken(found: dict[str, Any], skipped_lines: int) -> tuple[str, ...]:
    error = dict.get(found, "bozo_exception")
    if not dict.get(found, "bozo") or error is None:
        return ()
    line = getattr(error, "getLineNumber", lambda: None)()
    reason = getattr(error, "getMessage", lambda: type(error).__name__)()
    return (f"is not well-formed XML{f' at line {line + skipped_lines}' if line else ''}: {reason}",)


def _feed_of(found: dict[str, Any], version: str, markup: str, url: str, faults: tuple[str, ...]) -> RemoteFeed:
    head: dict[str, Any] = found["feed"]
    authors = people(head) if version.startswith("atom") else ()
    taken = _newest(found["entries"])
    if any(fields.is_cut(*_lengths(one)) for one in taken):
        faults = (*faults, "has entries longer than what is kept of one; they are cut")
    if len(taken) < len(found["entries"]):
        faults = (*faults, f"has {len(found['entries'])} entries; the newest {MAX_ENTRIES} are taken")
    hours, days = _skipped(markup)
    return RemoteFeed(
        title=fields.title(text(head, "title")),
        home=_home(head, url),
        entries=tuple(_entries(taken, version, url, authors)),
        language=fields.language(text(head, "language")),
        ttl=_ttl(text(head, "ttl")),
        skip_hours=hours,
        skip_days=days,
        version=version,
        faults=faults,
    )


def _entries(found: list[dict[str, Any]], version: str, url: str, authors: tuple[str, ...]) -> Iterator[RemoteEntry]:
    for one in found:
        entry = entry_of(one, version, url, authors)
        if entry.title or entry.summary or entry.content or entry.link or entry.enclosure:
            yield entry


def _newest(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(entries) <= MAX_ENTRIES:
        return entries
    dates = [when(one, "published") or when(one, "updated") for one in entries]
    return [entries[place] for place in fields.newest(dates, MAX_ENTRIES)]


def _lengths(found: dict[str, Any]) -> Iterator[str]:
    yield text(found, "summary")
    yield from (text(one, "value") for one in listed(found, "content"))


def _home(head: dict[str, Any], url: str) -> str:
    alternates = [text(one, "href") for one in listed(head, "links") if text(one, "rel") == "alternate"]
    return next(filter(None, (fields.address(link, url) for link in (text(head, "link"), *alternates))), "")


def _ttl(value: str) -> int | None:
    minutes = fields.whole(value)
    return minutes if minutes and minutes <= 525_600 else None


def _skipped(markup: str) -> tuple[frozenset[int], frozenset[str]]:
    """Return `skipHours` and `skipDays` of RSS; feedparser keeps the last one of each only. RSS 0.91 has an hour 24."""
    hours: set[int] = set()
    days: set[str] = set()
    for match in _SKIP.finditer(markup, 0, 65_536):
        hours |= {int(hour) % 24 for hour in _HOUR.findall(match[2]) if int(hour) <= 24}
        days |= {day.capitalize() for day in _DAY.findall(match[2])} & _DAYS
    return frozenset(hours), frozenset(days)
