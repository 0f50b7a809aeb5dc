"""Give changed items their places in feeds, and mark what shows them: feeds, pages of archives, tombstones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from feeds.items.encoding import decode_story
from feeds.model import Story
from feeds.pipeline.feed_book import FeedBook
from feeds.pipeline.order import BuildOrder
from feeds.selection import Carrier, carriers, sharer
from feeds.store import Store
from feeds.store.items import ItemRow, Membership


@dataclass(slots=True)
class Change:
    """One item before and after; `story` is what it shows now, None for one that is withdrawn."""

    old: ItemRow | None
    new: ItemRow
    story: Story | None

    @property
    def is_the_same(self) -> bool:
        """Tell whether nothing is different but the build that looked."""
        return self.old is not None and replace(self.old, turn=self.new.turn) == self.new

    @property
    def shows_the_same(self) -> bool:
        """Tell whether readers see the same, wherever they see it."""
        old, new = self.old, self.new
        return old is not None and (old.digest, old.verdict) == (new.digest, new.verdict)


# (feed, published, item), as places are looked up
_Key = tuple[int, int, str]


class Placer:
    """The places of items. Call inside a transaction."""

    def __init__(self, order: BuildOrder, store: Store, book: FeedBook) -> None:
        self._now, self._lineup = order.now, order.lineup
        self._custom = frozenset(book.number(Carrier("custom", feed.name, "")) for feed in order.custom)
        self._store, self._book = store, book
        self._released = int(store.meta.get("released", "0"))

    def place(self, changes: Sequence[Change]) -> None:
        """Bring the places of these items in line, and mark the feeds that lost, gained or show one."""
        named = {
            change.new.id: carriers(change.story, self._lineup, change.new.verdict)
            for change in changes
            if change.story
        }
        self._book.learn(carrier for carriers in named.values() for carrier in carriers)
        before = self._before(changes)
        feeds: set[int] = set()
        join: list[Membership] = []
        leave: list[Membership] = []
        pages: set[tuple[int, int]] = set()
        for change in changes:
            places, old = self._places(change, named.get(change.new.id, ())), before.get(change.new.id)
            if not old:
                join += places
                feeds.update([place.feed for place in places])
                continue
            # A place keeps its page. What else it says counts: a feed is called by its labels.
            new = {_key(place): place for place in places}
            new = {key: replace(place, page=old[key].page) if key in old else place for key, place in new.items()}
            if change.shows_the_same and old == new:
                continue
            leave += [place for key, place in old.items() if new.get(key) != place]
            join += [place for key, place in new.items() if old.get(key) != place]
            feeds.update(feed for feed, _, _ in (*old, *new))
            pages.update((place.feed, place.page) for place in old.values() if place.page)
        self._store.items.leave(leave)
        self._store.items.join(join)
        self._store.feeds.mark(feeds)
        self._store.history.mark(pages)
        self._bury(changes, leave)

    def _bury(self, changes: Iterable[Change], left: Sequence[Membership]) -> None:
        """Leave tombstones for what is told no more, if it was published before; take them from what is told again."""
        gone = {change.new.id for change in changes if change.story is None}
        history = self._store.history
        history.bury([(p.feed, p.item) for p in left if p.item in gone and p.published <= self._released], self._now)
        back = [change.new.id for change in changes if change.old and not change.old.story and change.story]
        # It may come back elsewhere: the feeds that call it gone are none of those that carry it now.
        self._store.feeds.mark(history.raise_up(back))

    def _before(self, changes: Iterable[Change]) -> dict[str, dict[_Key, Membership]]:
        """Return the places that items had: looked up, for a query may have asked for what is no longer known."""
        wanted: list[_Key] = []
        for change in changes:
            if change.old and change.old.story is not None:
                named = carriers(decode_story(change.old.story), replace(self._lineup, custom=()))
                numbers = self._custom.union(map(self._book.number, named))
                wanted += [(number, change.old.published, change.old.id) for number in sorted(numbers)]
        found: dict[str, dict[_Key, Membership]] = {}
        for place in self._store.items.places(wanted):
            found.setdefault(place.item, {})[_key(place)] = place
        return found

    def _places(self, change: Change, named: Iterable[Carrier]) -> list[Membership]:
        if change.story is None:
            return []
        key, published, provider = change.new.id, change.new.published, sharer(change.story.provider)
        return [
            Membership(self._book.number(each), published, key, each.label, provider, 0, each.bonus, each.ages)
            for each in named
        ]


def _key(place: Membership) -> _Key:
    return place.feed, place.published, place.item
