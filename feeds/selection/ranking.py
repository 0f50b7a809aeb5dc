"""Order a feed by score. Must never look at a clock: a score decays by half in a fixed time, so the order stands still.

With `published + bonus` as the time an item counts as published at, an item of twice the score may be one half-life
older and stand at the same place, today and in a year.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from feeds.model.feed import WindowRow
from feeds.selection.score import GREATEST

# As many rows as are read of a feed at once.
_PAGE = 200


def ranked(rows: Iterable[WindowRow], limit: int, cap: int | None, half_life: int) -> tuple[WindowRow, ...]:
    """Return the `limit` rows that rank first, at most `cap` of one provider; `half_life` is in seconds.

    `rows` come newest first; no more of them are read than it takes.
    """
    best: list[WindowRow] = []
    remaining = iter(rows)
    while page := list(islice(remaining, _PAGE)):
        best = _best([*best, *page], limit, cap)
        # What comes later is older still, and no bonus is greater: it cannot reach even the last of these.
        if len(best) == limit and page[-1].published + GREATEST * half_life < _rank(best[-1]):
            break
    return tuple(best)


def _best(rows: Sequence[WindowRow], limit: int, cap: int | None) -> list[WindowRow]:
    """Return the best of these; what is left out now cannot come back when others are added."""
    taken: Counter[str] = Counter()
    best: list[WindowRow] = []
    for row in sorted(rows, key=lambda row: (-_rank(row), -row.published, row.id)):
        if len(best) == limit:
            break
        if not cap or not row.provider or taken[row.provider] < cap:
            taken[row.provider] += 1
            best.append(row)
    return best


def _rank(row: WindowRow) -> int:
    return row.published + row.bonus
