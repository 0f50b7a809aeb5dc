"""A chart of how much there was in each week, as SVG without a style: the style sheet colours it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from feeds.render.pages.wording import MONTHS, moment, number

# Units of the drawing: each week has a bar and a gap.
_STEP, _BAR, _HEIGHT = 10, 7, 60
_LEAST = 3


class Chart(NamedTuple):
    """A drawing: the outline of all bars, its width and height, what it says in words, and its first month."""

    bars: str
    base: str
    width: int
    height: int
    label: str
    first: str
    last: str


def chart_of(activity: Sequence[int], newest: datetime | None) -> Chart | None:
    """Return the chart of a feed, None where there is nothing to draw."""
    most = max(activity, default=0)
    if not most or newest is None:
        return None
    heights = [max(_LEAST, round(count * _HEIGHT / most)) if count else 0 for count in activity]
    bars = [f"M{at * _STEP} {_HEIGHT}v-{high}h{_BAR}v{high}z" for at, high in enumerate(heights) if high]
    base = [f"M{at * _STEP} {_HEIGHT}v-1h{_BAR}v1z" for at, high in enumerate(heights) if not high]
    return Chart(
        "".join(bars),
        "".join(base),
        len(activity) * _STEP - (_STEP - _BAR),
        _HEIGHT,
        _label(activity, most, newest),
        _month(newest, len(activity) - 1),
        _month(newest, 0),
    )


def _label(activity: Sequence[int], most: int, newest: datetime) -> str:
    weeks, items = number(len(activity), "week", "weeks"), number(sum(activity), "item", "items")
    busy = f"{sum(map(bool, activity)):,} of them with any, at most {most:,} in one week"
    return f"{items} in the {weeks} up to {moment(newest).text}; {busy}."


def _month(newest: datetime, weeks: int) -> str:
    when = datetime.fromordinal(max(newest.toordinal() - 7 * weeks, 1))
    return f"{MONTHS[when.month - 1][:3]} {when.year}"
