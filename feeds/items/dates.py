"""Dates and durations as people write them in records, told as UTC and as seconds.

This module must never read the clock or the zone of the machine: a date without a zone is in the zone it is given.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt]|\s+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:([Zz]|UTC|GMT)|([+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+(\d{2,4})\s+\d{1,2}:\d\d(?::\d\d)?(?:\s+(\S+))?", re.ASCII
)
# What programs write where there is no date: the first day of .NET and Go, the zero of MySQL, and what PHP makes of it.
_NO_DATE = re.compile(
    r"(?:0000-00-00|0001-01-01|-0001-11-30|0?0/0?0/0000|0?1/0?1/0001"
    r"|(?:[A-Za-z]{3,9},?\s+)?(?:0?1\s+Jan(?:uary)?\s+0001|30\s+Nov(?:ember)?\s+-0001))(?:[Tt\s].*)?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
# RFC 822 section 5.1; any other name of a zone is a guess (CST is in America, Cuba and China).
_ZONES = frozenset(["UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"])
_OFFSET = re.compile(r"[+-]\d{4}", re.ASCII)
_DURATION = re.compile(
    r"P(?:0+Y)?(?:0+M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?W)?(?:(\d{1,9})(?:[.,](\d{1,9}))?D)?"
    r"(?:T(?:(\d{1,9})(?:[.,](\d{1,9}))?H)?(?:(\d{1,9})(?:[.,](\d{1,9}))?M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNITS = (604_800, 86_400, 3_600, 60, 1)


def parse_date(value: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return the moment in UTC, whole seconds, and ""; or None and why the value is no date, "empty" if it tells none.

    Reads ISO 8601 as YAML users write it and RFC 822/2822. A date without a time is midnight; without an offset it is
    in `zone`, where an hour that comes twice is the first and one that is skipped is read by the offset before the gap
    (PEP 495, fold=0). Years outside 1990 to 2100 are refused, as the W3C validator does (ImplausibleDate).
    `0001-01-01T00:00:00Z` and `0000-00-00` are how programs write that there is none.
    """
    moment, reason = _read(value, zone)
    return (None, "empty") if reason and _NO_DATE.fullmatch(value.strip()) else (moment, reason)


def _read(value: str, zone: tzinfo) -> tuple[datetime | None, str]:
    try:
        moment = datetime.fromisoformat(value) if _is_usual(value) else _parsed(value.strip(), zone)
        moment = None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, f"no such date: {value.strip()[:40]}"
    if moment is None:
        return None, f"not a date: {value.strip()[:40]}" if value.strip() else "empty"
    if not 1990 <= moment.year <= 2100:
        return None, f"implausible year {moment.year}"
    return moment, ""


def parse_duration(value: str) -> int | None:
    """Return an ISO 8601 duration in whole seconds, rounded down; None if it is not one, or is zero.

    Years and months other than zero have no fixed length and are no duration here.
    """
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        return None
    parts = match.groups()
    seconds = 0
    for unit, whole, fraction in zip(_UNITS, parts[::2], parts[1::2], strict=True):
        seconds += int(whole or 0) * unit
        seconds += int(fraction) * unit // 10 ** len(fraction) if fraction else 0
    return seconds or None


def _is_usual(value: str) -> bool:
    """Tell `2021-02-04T17:45:00Z`, which is how nearly all dates are written, from the rest (and from leap seconds)."""
    marked = len(value) == 20 and value[10] == "T" and value[19] == "Z"
    return marked and value[4] == value[7] == "-" and value[13] == value[16] == ":" and value[17] != "6"


def _parsed(value: str, zone: tzinfo) -> datetime | None:
    if match := _ISO.fullmatch(value):
        return _from_iso(match, zone)
    if match := _RFC822.fullmatch(value):
        return _from_rfc822(value, match, zone)
    return None


def _from_iso(match: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    second = 59 if second == 60 else second  # a leap second (RFC 3339 section 5.7) has no datetime
    naive = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    if match[7]:
        return naive.replace(tzinfo=UTC)
    if match[8]:
        return naive.replace(tzinfo=_offset(match[8]))
    return naive


def _offset(written: str) -> timezone:
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _from_rfc822(value: str, match: re.Match[str], zone: tzinfo) -> datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - 8 ms, and records use ISO 8601

    year, name = match[1], match[2] or ""
    if len(year) > 2 and year[0] == "0":  # `email` takes 0001 for 2001
        raise ValueError(value)
    if name and name.upper() not in _ZONES and not _OFFSET.fullmatch(name):
        return None
    moment = parsedate_to_datetime(value)
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC if name else zone)  # "-0000": the time is UTC, the place unknown (RFC 5322 3.3)
