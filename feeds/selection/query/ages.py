"""The ages of an item at which a query holds: what is left of a query once everything but the time is known."""

from collections.abc import Iterable

# Half-open spans of whole seconds since publication, ascending and apart; an end of None is never reached.
Span = tuple[int, int | None]
Ages = tuple[Span, ...]

ALWAYS: Ages = ((0, None),)
NEVER: Ages = ()


def holds(ages: Ages, age: int) -> bool:
    """Tell whether an item of this age, in seconds, is among them."""
    return any(start <= age and (end is None or age < end) for start, end in ages)


def union(one: Ages, other: Ages) -> Ages:
    """Return the ages that are in either."""
    found: list[Span] = []
    for start, end in sorted((*one, *other), key=lambda span: span[0]):
        if found and _reaches(found[-1], start):
            found[-1] = (found[-1][0], _later(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def complement(ages: Ages) -> Ages:
    """Return all other ages."""
    found: list[Span] = []
    start: int | None = 0
    for begin, end in ages:
        if start is not None and start < begin:
            found.append((start, begin))
        start = end
    return (*found, (start, None)) if start is not None else tuple(found)


def intersection(one: Ages, other: Ages) -> Ages:
    """Return the ages that are in both."""
    return complement(union(complement(one), complement(other)))


def encode(ages: Ages) -> str:
    """Return ages as text, "" for always and "-" for never."""
    if ages == NEVER:
        return "-"
    return "" if ages == ALWAYS else ",".join(f"{start}-{'' if end is None else end}" for start, end in ages)


def decode(text: str) -> Ages:
    """Return what `encode` made text of."""
    if text == "-":
        return NEVER
    return tuple(map(_span, text.split(","))) if text else ALWAYS


def bounds(ages: Iterable[Ages]) -> tuple[int, ...]:
    """Return every age at which one of these begins or ends, ascending."""
    return tuple(sorted({edge for each in ages for span in each for edge in span if edge}))


def _span(text: str) -> Span:
    start, _, end = text.partition("-")
    return int(start), int(end) if end else None


def _reaches(span: Span, start: int) -> bool:
    return span[1] is None or span[1] >= start


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
