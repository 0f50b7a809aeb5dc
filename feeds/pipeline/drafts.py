"""What is to be rendered: feeds and pages of archives that are made of something else than what is published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from feeds.model import FeedSpec, Paging, Tombstone, WindowRow
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.windows import custom_of, has_archive, is_list, limit_of, stretches, window_of
from feeds.selection import feed_spec, window_digest
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.history import PageRow, Stretch

# 2000-01-01, for a feed that never held an item: RFC 4287 4.1.1 wants a date, and validators doubt those before 1990.
NEVER = 946_684_800
WEEK = 7 * 86_400
WEEKS = 52
# 1970-01-01 was a Thursday: by so much later begins a week that starts on a Monday.
_MONDAY = 4 * 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """What a web page tells of a feed beside its items: how many it has, how many came in each of its last weeks.

    `newest` is when the newest was published (seconds since 1970), None for none; `activity` ends with its week.
    """

    total: int
    newest: int | None = None
    activity: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be rendered: its row as it will be but for its files, its head and what it holds.

    `standing` is None where no web page is to be made beside it. `updated` is seconds since 1970.
    """

    row: FeedRow | PageRow
    spec: FeedSpec
    window: tuple[WindowRow, ...]
    updated: int
    paging: Paging
    tombstones: tuple[Tombstone, ...] = ()
    standing: Standing | None = None


class Drafts:
    """Decides which documents have to be rendered, one by one."""

    def __init__(self, order: BuildOrder, store: Store, last_pages: dict[int, int]) -> None:
        self._order, self._store, self._last = order, store, last_pages

    def feed(self, row: FeedRow, *, hurt: bool) -> Draft | None:
        """Return what the feed is to hold, or None where its files say that already; `hurt` ones are made anyway."""
        order, store = self._order, self._store
        window = window_of(order, store.feeds, row, order.now)
        if not window and not row.is_out and row.kind not in {"all", "custom"}:
            return None  # nothing to show yet: a topic of drafts only must not be told by its name
        spec = self.spec(row, window)
        updated = max((entry.updated for entry in window), default=row.updated)
        total = store.history.total(row.id, self._stretches(row)) if self._counts(row, window) else len(window)
        paging, tombstones = self._paging(row, window, total), self._tombstones(row)
        standing = self._standing(row, window, total) if order.look else None
        digest = window_digest(spec, window, order.site_digest, updated, paging, tombstones, standing)
        if digest == row.window and not hurt:
            return None
        row = replace(row, title=spec.title, updated=updated, count=len(window), total=total, window=digest)
        return Draft(row, spec, window, updated or NEVER, paging, tombstones, standing)

    def page(self, page: PageRow, feed: FeedRow, window: tuple[WindowRow, ...], *, hurt: bool) -> Draft | None:
        """Return what a page of the archive of a feed is to hold, likewise. Its title stays what it was."""
        title = page.title or feed.title
        spec = self.spec(replace(feed, title=title), ())
        paging = Paging(page=page.page, previous=page.page - 1)
        # An empty page has no date of its own: it keeps the last it had.
        updated = max((entry.updated for entry in window), default=page.updated)
        digest = window_digest(spec, window, self._order.site_digest, updated, paging)
        if digest == page.window and not hurt:
            return None
        return Draft(replace(page, title=title, updated=updated, window=digest), spec, window, updated, paging)

    def spec(self, row: FeedRow, window: Sequence[WindowRow]) -> FeedSpec:
        """Return what a feed is called."""
        order = self._order
        return feed_spec(
            row.kind, row.ref, row.key, row.title, window, order.rules.taxonomy, order.site, custom_of(order, row)
        )

    def _counts(self, row: FeedRow, window: Sequence[WindowRow]) -> bool:
        """Tell whether there may be items that the document does not hold."""
        return len(window) >= limit_of(self._order, row) or row.kind == "custom" or bool(self._order.max_age)

    def _stretches(self, row: FeedRow) -> list[Stretch]:
        return stretches(self._order, self._store.history, row, self._order.now)

    def _paging(self, row: FeedRow, window: Sequence[WindowRow], total: int) -> Paging:
        if not has_archive(self._order, row):
            # A list by age or score is whole as it is; a feed that was cut short and keeps nothing is not.
            return Paging(complete=is_list(self._order, row) or total == len(window))
        last = self._last.get(row.id, 0)
        return Paging(previous=last, complete=not last and total == len(window))

    @cached_property
    def _bereft(self) -> set[int]:
        """The feeds that tell of withdrawn items; most never lost one, and asking each costs a cold build 3 %."""
        age = self._order.tombstone_age
        atoms = age and "atom" in self._order.site.formats
        return self._store.history.bereft(self._order.now - age) if atoms else set()

    def _tombstones(self, row: FeedRow) -> tuple[Tombstone, ...]:
        order = self._order
        if row.id not in self._bereft:
            return ()
        found = self._store.history.tombstones(row.id, order.now - order.tombstone_age, limit_of(order, row))
        return tuple(Tombstone(key, datetime.fromtimestamp(since, UTC)) for key, since in found)

    def _standing(self, row: FeedRow, window: Sequence[WindowRow], total: int) -> Standing:
        newest = max((entry.published for entry in window), default=None)
        if newest is None:
            return Standing(total)
        after = _monday(newest) - (WEEKS - 1) * WEEK - 1
        if total == len(window):
            weeks = [(entry.published - after - 1) // WEEK for entry in window if entry.published > after]
            return Standing(total, newest, tuple(weeks.count(number) for number in range(WEEKS)))
        found = self._store.history.activity(row.id, self._stretches(row), after, WEEK)
        return Standing(total, newest, tuple(found.get(number, 0) for number in range(WEEKS)))


def _monday(moment: int) -> int:
    """Return when the week of a moment began."""
    return (moment - _MONDAY) // WEEK * WEEK + _MONDAY
