"""Give every provider its share of a feed, so that one that publishes much leaves room for the others.

Must never look at anything but the items and the settings: what a feed held before decides nothing, so that a build
from nothing gives the same feed. An item's chance only ever falls when others arrive, whatever their dates: none that
left comes back by an arrival (docs/adr/0019-shares.md has the proof).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappush, heappushpop

from feeds.items.slugs import fold
from feeds.model.feed import WindowRow
from feeds.model.item import Provider


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a feed one provider may take.

    `cap` is the most items, None for no cap. `step` is how many seconds older an item counts for each newer one of its
    provider, 0 for none.
    """

    cap: int | None = None
    step: int = 0


EVERYTHING = Share()

# The step of `feeds.interleave`, in seconds. With a day a feed of fifty items looks back some fifty days for those who
# publish little; turns without such a bound fill a feed with the last words of providers that are long gone.
TURN = 86_400


def sharer(provider: Provider) -> str:
    """Return what tells a provider from others, "" for one that nobody named: such items are never held back."""
    return provider.domain or fold(provider.name)


class Shares:
    """A window while it is filled. `after` and `full` tell what can no longer get in, and so need not be read."""

    def __init__(self, share: Share, limit: int, after: int) -> None:
        self.after = after
        self.full: dict[str, None] = {}
        self._cap = share.cap
        self._step = share.step
        self._limit = limit
        self._counts: Counter[str] = Counter()
        self._youngest: list[int] = []  # the `limit` least ages so far, negated: the first is the greatest

    def cut(self, rows: Iterable[WindowRow]) -> tuple[WindowRow, ...]:
        """Return the `limit` rows that count as the youngest, in their order, and those as old as the last of them.

        `rows` come newest first; no more of them are read than it takes.
        """
        seen = [(age, row) for row in self._wanted(rows) if (age := self._admit(row)) is not None]
        oldest = self._oldest()
        return tuple(row for age, row in seen if oldest is None or age <= oldest)

    def _wanted(self, rows: Iterable[WindowRow]) -> Iterable[WindowRow]:
        for row in rows:
            if row.published <= self.after:
                return
            if row.provider not in self.full:
                yield row

    def _admit(self, row: WindowRow) -> int | None:
        """Return the age that the row counts as, in seconds before 1970, or None where that is too old."""
        age = self._step * self._counts[row.provider] - row.published
        oldest = self._oldest()
        if oldest is not None and age > oldest:
            self.full[row.provider] = None  # what comes later of the same provider counts as older still
            return None
        self._keep(age)
        if row.provider:
            self._counts[row.provider] += 1
            if self._counts[row.provider] == self._cap:
                self.full[row.provider] = None
        return age

    def _keep(self, age: int) -> None:
        if len(self._youngest) < self._limit:
            heappush(self._youngest, -age)
        else:
            heappushpop(self._youngest, -age)
        oldest = self._oldest()
        if oldest is not None:
            self.after = max(self.after, -oldest - 1)  # the age of any row is at least what its date makes it

    def _oldest(self) -> int | None:
        """Return the greatest age that gets in, None while everything does."""
        return -self._youngest[0] if len(self._youngest) == self._limit else None
