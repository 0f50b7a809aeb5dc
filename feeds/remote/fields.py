"""Clean the fields of one remote entry one by one, whatever format it came in.

This module must never let markup or control characters through in what is plain text, and must never guess: a value
that cannot be read is "" or None.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from feeds.items.dates import parse_date
from feeds.items.text import clean_line, shorten
from feeds.items.urls import Tracking, clean_url
from feeds.remote.sanitise import MAX_CONTENT, has_content, paragraphs, sanitise

_TITLE, _NAME, _SUMMARY = 1000, 200, 500
_MOST_NAMES, _LONGEST_GUID = 50, 2048
# A summary is made from the first 8 KiB, so that a text of any size costs the same.
_HEAD = 8_192
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z]+);")
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]+")
_CLOCK = re.compile(r"(?:(?:([0-9]{1,3}):)?([0-9]{1,3}):)?([0-9]{1,7})(?:\.[0-9]+)?")
_EPOCH = re.compile(r"([0-9]{9,10})(?:[0-9]{3})?")
_LAST_WORD = re.compile(r"\s([A-Z]{3,4})\Z")
# Names that mean one zone only, of those feeds use beside RFC 822's; IST is in India, Israel and Ireland.
_OFFSETS = {
    "AEDT": "+1100",
    "AEST": "+1000",
    "BST": "+0100",
    "CEST": "+0200",
    "CET": "+0100",
    "EEST": "+0300",
    "EET": "+0200",
    "HKT": "+0800",
    "JST": "+0900",
    "KST": "+0900",
    "MSK": "+0300",
    "NZDT": "+1300",
    "NZST": "+1200",
    "SGT": "+0800",
    "WEST": "+0100",
    "WET": "+0000",
}


def title(value: str) -> str:
    """Return a headline as one line of plain text."""
    return shorten(clean_line(value[: 4 * _TITLE]), _TITLE)


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Return names (of people, of categories) as plain text, each once, whatever its case."""
    found: dict[str, str] = {}
    for value in values:
        name = shorten(clean_line(value[: 4 * _NAME]), _NAME)
        if name and len(found) < _MOST_NAMES:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def guid(value: str) -> str:
    """Return the publisher's own id as it stands, but for white space and controls; "" if it is absurdly long."""
    settled = " ".join(_CONTROLS.sub(" ", value).split())
    return settled if len(settled) <= _LONGEST_GUID else ""


def address(value: str, base: str) -> str:
    """Return the clean absolute URL of a page, or ""."""
    return clean_url(value, base)[0] if value else ""


def feed_address(value: str, base: str = "") -> str:
    """Return the clean absolute URL of a feed, every parameter kept, or ""; `feed:` means http, or what follows it."""
    value = value.strip()
    if value[:5].lower() == "feed:":
        value = f"http:{value[5:]}" if value[5:7] == "//" else value[5:]
    return clean_url(value, base, Tracking())[0]


def language(value: str) -> str:
    """Return a language tag (BCP 47), or ""."""
    tag = value.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def moment(value: str) -> datetime | None:
    """Return the moment in UTC, or None. What has no zone is in UTC; bare numbers are seconds or milliseconds."""
    value = value.strip()
    if match := _EPOCH.fullmatch(value):
        value = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))).isoformat()
    elif (match := _LAST_WORD.search(value)) and match[1] in _OFFSETS:
        value = f"{value[: match.start()]} {_OFFSETS[match[1]]}"
    return parse_date(value, UTC)[0]


def newest(dates: Sequence[datetime | None], limit: int) -> list[int]:
    """Return the places of the newest `limit` entries, in their order; of the first ones where one has no date."""
    places = range(len(dates))
    known = [date for date in dates if date is not None]
    if len(dates) <= limit or len(known) < len(dates):
        return list(places[:limit])
    return sorted(sorted(places, key=lambda place: known[place], reverse=True)[:limit])


def whole(value: object) -> int | None:
    """Return a whole number of zero or more, or None."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    digits = str(value).strip()
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 15 else None


def seconds(value: str) -> int | None:
    """Return a duration such as `1:02:03`, `62:03` or `3723` in seconds; None if it is not one, or is zero."""
    match = _CLOCK.fullmatch(value.strip())
    if match is None:
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest or None


def body(summary: str, content: str, base: str) -> tuple[str, str]:
    """Return the summary as plain text and the content as safe HTML, of two texts that may both be HTML.

    The content is "" where the summary already says it all; the summary opens the content where there is none.
    """
    full = content if len(content) > len(summary) else summary
    text = _excerpt(summary or content)
    if not _MARKUP.search(full):
        return text, "" if len(full) <= _SUMMARY else paragraphs(full)
    html = sanitise(full, base)
    return text or _excerpt(html), html if has_content(html) else ""


def is_cut(*texts: str) -> bool:
    """Tell whether one of the texts is longer than what is kept of it."""
    return any(len(text) > MAX_CONTENT for text in texts)


def _excerpt(text: str) -> str:
    return shorten(clean_line(text[:_HEAD]), _SUMMARY)
