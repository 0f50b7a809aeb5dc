"""Does a request already have what it asks for? The preconditions of RFC 9110 13, as pure functions."""

import re
from collections.abc import Mapping
from email.utils import formatdate, mktime_tz, parsedate_tz
from functools import lru_cache

_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def is_unchanged(fields: Mapping[bytes, bytes], etag: bytes, modified: int | None) -> bool:
    """Tell whether the answer is 304; a date counts only where no tag was sent (RFC 9110 13.1.2, 13.1.3)."""
    tags = fields.get(b"if-none-match")
    if tags is not None:
        return tags == etag or tags.strip() == b"*" or etag in _tags(tags)
    since = fields.get(b"if-modified-since")
    if since is None or modified is None:
        return False
    date = seconds(since)
    return date is not None and modified <= date


def is_failed(fields: Mapping[bytes, bytes], etag: bytes, modified: int | None) -> bool:
    """Tell whether the answer is 412; If-Match compares strongly (RFC 9110 13.1.1, 13.1.4)."""
    tags = fields.get(b"if-match")
    if tags is not None:
        return tags.strip() != b"*" and etag not in _strong(tags)
    since = fields.get(b"if-unmodified-since")
    if since is None or modified is None:
        return False
    date = seconds(since)
    return date is not None and modified > date


@lru_cache(maxsize=1024)
def _tags(value: bytes) -> frozenset[bytes]:
    """Return the tags of a list without W/: that is the weak comparison (RFC 9110 8.8.3.2)."""
    return frozenset(tag for _, tag in _TAG.findall(value))


@lru_cache(maxsize=64)
def _strong(value: bytes) -> frozenset[bytes]:
    return frozenset(tag for weak, tag in _TAG.findall(value) if not weak)


@lru_cache(maxsize=1024)
def seconds(value: bytes) -> int | None:
    """Return an HTTP date (any of the three forms of RFC 9110 5.6.7) in seconds since 1970, None for what is none."""
    parts = parsedate_tz(value.decode("latin-1"))
    if parts is None:
        return None
    try:
        return int(mktime_tz(parts))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def http_date(moment: int) -> bytes:
    """Return seconds since 1970 as an HTTP date (RFC 9110 5.6.7)."""
    return formatdate(moment, usegmt=True).encode()
