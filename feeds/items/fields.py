"""Clean the fields of one record one by one, noting what had to be left out.

Never decides whether the story is shown: a note says what a field cost, the caller what that means.
"""

import re
from collections.abc import Callable, Iterator

from feeds.items.dates import parse_date
from feeds.items.enclosures import type_of
from feeds.items.rules import Rules
from feeds.items.slugs import fold
from feeds.items.text import clean_line
from feeds.items.urls import clean_domain, clean_url, host_of, identity_key, is_root
from feeds.model.item import Enclosure, Image, Provider
from feeds.model.record import Record, RecordImage

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")  # RFC 6838 section 4.2

# (code, detail, field path below the story)
Note = Callable[[str, str, tuple[str | int, ...]], None]


def link(record: Record, rules: Rules, note: Note) -> str:
    """Return the publisher's own page: `originalUrl`, else `webUrl` (which may be a page of the curators')."""
    for field, value in (("originalUrl", record.original_url), ("webUrl", record.web_url)):
        if value:
            url, reason = clean_url(value, rules.relative_to, rules.tracking)
            if url:
                return url
            note("url", f"'{field}' is not usable: {reason}", (field,))
    return ""


def address(record_value: str, field: str, rules: Rules, note: Note) -> str:
    """Return a further URL of the story, cleaned, or "" with a note."""
    if not record_value:
        return ""
    url, reason = clean_url(record_value, rules.relative_to, rules.tracking)
    if reason:
        note("url", f"'{field}' is left out: {reason}", (field,))
    return url


def keys(record: Record, shown: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """Return what the story is known by, the key its id is minted from first.

    A bare host is a name only for the record whose page it is: half the web's alternates point at a front page.
    """
    urls = shown
    if record.web_url != record.original_url and record.original_url:
        urls = (*shown, clean_url(record.web_url, rules.relative_to, rules.tracking)[0])
    known = [identity_key(url) for url in dict.fromkeys(urls) if url]
    return tuple(dict.fromkeys(key for place, key in enumerate(known) if place == 0 or not is_root(key)))


def provider(record: Record, link_url: str, rules: Rules) -> Provider:
    """Return who published the story: as the taxonomy has it, else as the record, else by the host of the link."""
    given = record.provider
    domain = clean_domain(given.domain) if given.domain else ""
    name = clean_line(given.name)
    entries = rules.taxonomy.providers
    entry = entries.get(domain) or (entries.get(fold(name)) if name and not domain else None)
    if entry is not None:
        return Provider(entry.name, entry.domain)
    domain = domain or clean_domain(host_of(link_url))
    entry = entries.get(domain)
    if entry is not None:
        return Provider(entry.name, entry.domain)
    return Provider(name or domain, domain)


def topics(record: Record, rules: Rules) -> tuple[str, ...]:
    """Return the canonical names of the record's topics, each once."""
    named: dict[str, str] = {}
    for value in record.topics:
        name = clean_line(value)
        entry = rules.taxonomy.topics.get(fold(name))
        name = entry.name if entry else name
        if name:
            named.setdefault(fold(name), name)
    return tuple(named.values())


def images(record: Record, base: str, rules: Rules, note: Note) -> tuple[Image, ...]:
    """Return the usable images, each URL once."""
    found: dict[str, Image] = {}
    for place, image in enumerate(record.images):
        url, reason = clean_url(image.url, rules.relative_to or base, rules.tracking)
        if url:
            found.setdefault(url, _sized(url, image))
        else:
            note("image-url", f"an image is left out: {reason}", ("images", place, "url"))
    return tuple(found.values())


def _sized(url: str, image: RecordImage) -> Image:
    width, height = number(image.width), number(image.height)
    # Media RSS wants positive integers, and one size without the other helps nobody.
    return Image(url, width, height) if width and height and width > 0 and height > 0 else Image(url)


def enclosure(record: Record, link_url: str, rules: Rules, note: Note) -> Enclosure | None:
    """Return a real attachment: the one the record names, else a link that itself is a file to download."""
    named = record.enclosure
    if named is None:
        media_type = type_of(link_url)
        return Enclosure(link_url, media_type) if media_type else None
    url, reason = clean_url(named.url, rules.relative_to or link_url, rules.tracking)
    if not url:
        note("url", f"the enclosure is left out: {reason}", ("enclosure", "url"))
        return None
    media_type = named.type.strip().lower()
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = type_of(url) or "application/octet-stream"
    return Enclosure(url, media_type, max(number(named.length) or 0, 0))


def number(value: str) -> int | None:
    """Return a whole number, or None where the text is not one. Real records have `-1` and `4.5`."""
    try:
        return int(value)
    except ValueError:
        return None


def date_fault(record: Record, kind: str, rules: Rules) -> tuple[str, str]:
    """Return the code and detail of what is wrong with the date, or two empty strings."""
    reason = parse_date(record.date, rules.zone)[1]
    if reason != "empty":
        # The reason repeats the value as it is, which may hold what no terminal or database should be given.
        reason = reason.partition(":")[0]
        return ("date", f"{record.date.strip()[:40]!r} is not usable: {reason}") if reason else ("", "")
    if kind in rules.undated_kinds:
        return "", ""
    return "date-missing", "no 'publishedDateTime'; add one, or list the type under 'undated_kinds'"


def authors(record: Record) -> Iterator[str]:
    """Yield the names of the people who wrote the story."""
    return filter(None, map(clean_line, record.provider.authors))
