"""Check a timetable entry: a span such as 15m, or five fields as in crontab(5). Must never compute a time."""

import re
from itertools import pairwise

_SPAN = re.compile(r"[1-9][0-9]{0,5}[smhd]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_PART = re.compile(r"(?:\*|(?P<first>[0-9a-z]+)(?:-(?P<last>[0-9a-z]+))?)(?:/(?P<step>[1-9][0-9]?))?")


def when(value: str) -> str:
    """Return `value`, in lower case, if it is a span or a crontab line of five fields."""
    text = " ".join(value.lower().split())
    if _SPAN.fullmatch(text):
        return text
    fields = text.split(" ")
    if len(fields) != len(_FIELDS):
        raise ValueError(f"must be a span such as 15m or 1h, or five crontab fields such as 17 3 * * *, not {value!r}")
    for field, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, low, high, names) for part in field.split(",")):
            raise ValueError(f"the {name} must be * or numbers from {low} to {high} as in crontab, not {field!r}")
    return text


def _is_part(part: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    found = _PART.fullmatch(part)
    if not found:
        return False
    ends = [_number(end, names, low) for end in (found["first"], found["last"]) if end is not None]
    return all(low <= end <= high for end in ends) and all(first <= last for first, last in pairwise(ends))


def _number(text: str, names: tuple[str, ...], low: int) -> int:
    if text.isdigit():
        return int(text)
    return names.index(text) + low if text in names else -1
