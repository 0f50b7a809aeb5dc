"""Tell which feeds an item is in and at which place, or the first rule that keeps it out of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feeds.items.provenance import in_words
from feeds.model import Story, WindowRow
from feeds.pipeline.explained import Place
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.windows import custom_of, is_capped, is_configured, limit_of, oldest, share_of, window_of
from feeds.selection import Carrier, carriers, facts_of
from feeds.selection.query import decode, holds, why_not
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.traces import Traces

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Placing:
    """An item to be placed: the story as told or shown; `absent` says why it is nowhere, "" where it is shown.

    `verdict` is that of its page, "" where it does not matter.
    """

    item: str
    story: Story
    published: int
    absent: str = ""
    verdict: str = ""


def places(store: Store, traces: Traces, order: BuildOrder, placing: Placing, key: str = "") -> tuple[Place, ...]:
    """Return the places of an item in the feeds that it has to do with, or in the feed of this key only.

    Of the moment of the last release: what came due since is told to be so.
    """
    return tuple(_Places(store, traces, order, placing).told(key))


class _Places:
    def __init__(self, store: Store, traces: Traces, order: BuildOrder, placing: Placing) -> None:
        self._store, self._traces, self._order, self._placing = store, traces, order, placing
        self._rows = {(row.kind, row.ref): row for row in store.feeds.all()}
        self._released = int(store.meta.get("released", "0"))

    def told(self, key: str) -> Iterator[Place]:
        # As if every feed were on and nobody led: what keeps the item out is told of each.
        free = replace(self._placing.story, follows="")
        named = carriers(free, replace(self._order.lineup, topics=True, providers=True), self._placing.verdict)
        feeds = {(each.kind, each.ref): each for each in named}
        if not key:
            yield from (self._place(carrier, self._rows.get(ref)) for ref, carrier in feeds.items())
            custom = (self._rows.get(("custom", feed.name)) for feed in self._order.custom)
            yield from (self._strange(row) for row in custom if row and (row.kind, row.ref) not in feeds)
            return
        row = next(row for row in self._rows.values() if row.key == key)
        carrier = feeds.get((row.kind, row.ref))
        yield self._place(carrier, row) if carrier else self._strange(row)

    def _strange(self, row: FeedRow) -> Place:
        """Return the place of the item in a feed that it has nothing to do with."""
        why = self._placing.absent or self._renamed(row) or self._not_about(row)
        return Place(row.key, row.kind, row.ref, why=why)

    def _not_about(self, row: FeedRow) -> str:
        story = self._placing.story
        if row.kind == "custom":
            return self._not_asked_for(row)
        if row.kind == "topic":
            return f"its topics are {', '.join(story.topics)}" if story.topics else "it has no topics"
        return f"its provider is {in_words(story.provider) or 'unknown'}"

    def _not_asked_for(self, row: FeedRow) -> str:
        """Return which part of the query of a custom feed says no to the item, at its age of the last release."""
        placing, custom = self._placing, custom_of(self._order, row)
        if custom is None:
            return ""
        facts = facts_of(placing.story, self._order.lineup, placing.verdict)
        age = (self._released or self._order.now) - placing.published
        return why_not(custom.query, facts, max(age, 0))  # before its time, as it will be then

    def _place(self, carrier: Carrier, row: FeedRow | None) -> Place:
        place = Place(row.key if row else "", carrier.kind, carrier.label, via=carrier.via)
        why = self._without_looking(carrier, row)
        if why or row is None:
            return replace(place, why=why or "no build has made this feed yet")
        window = window_of(self._order, self._store.feeds, row, self._released)
        position = next((at for at, each in enumerate(window, 1) if each.id == self._placing.item), 0)
        page = self._page(row)
        why = "" if position or page else self._outside(carrier, row, window)
        return replace(place, position=position, of=len(window), why=why, page=page)

    def _page(self, row: FeedRow) -> int:
        """Return the page of the archive that holds the item, 0 for none."""
        kept = self._store.items.places([(row.id, self._placing.published, self._placing.item)])
        return kept[0].page if kept else 0

    def _without_looking(self, carrier: Carrier, row: FeedRow | None) -> str:
        placing, order = self._placing, self._order
        reasons = (
            placing.absent,
            self._switched_off(carrier),
            self._renamed(row),
            self._led(carrier),
            self._not_yet(),
            f"older than {order.max_age // DAY} days (feeds.max_age_days)"
            if placing.published <= oldest(order, self._released)
            else "",
        )
        return next(filter(None, reasons), "")

    def _switched_off(self, carrier: Carrier) -> str:
        on = {"topic": self._order.topics, "provider": self._order.providers}.get(carrier.kind, True)
        return "" if on else f"{carrier.kind} feeds are off (feeds.{carrier.kind}s)"

    def _renamed(self, row: FeedRow | None) -> str:
        if row is None or is_configured(self._order, row):
            return ""
        taxonomy = self._order.rules.taxonomy
        topic = taxonomy.topics.get(row.ref) if row.kind == "topic" else None
        entry = taxonomy.providers.get(row.ref) if row.kind == "provider" else topic
        return f"no longer configured: it is another name of {entry.name}" if entry else "no longer configured"

    def _led(self, carrier: Carrier) -> str:
        leader = self._placing.story.follows
        return f"{leader} tells the same story and stands for it" if leader and carrier.kind != "provider" else ""

    def _not_yet(self) -> str:
        published = self._placing.published
        if published > self._order.now:
            return f"dated in the future ({in_words(datetime.fromtimestamp(published, UTC))})"
        if not self._released:
            return "nothing was published yet"
        return "its time came after the last build" if published > self._released else ""

    def _outside(self, carrier: Carrier, row: FeedRow, window: Sequence[WindowRow]) -> str:
        custom, held = custom_of(self._order, row), len(window)
        if custom and not holds(decode(carrier.ages), self._released - self._placing.published):
            return self._not_asked_for(row)
        if self._has_had_its_share(carrier, row, window):
            cap = f"provider_cap of the custom feed {custom.name}" if custom and custom.cap else "feeds.provider_cap"
            turns = "" if custom and custom.sort != "newest" else ", feeds.interleave"
            return f"its provider has its share of this feed ({cap}{turns})"
        if custom and custom.sort != "newest":
            rest = "1 item ranks" if held == 1 else f"{held:,} items rank"
            return f"{rest} before it by {custom.sort} (sort and limit of the custom feed {custom.name})"
        newer = self._traces.between(row.id, self._placing.published, self._released)
        if newer >= limit_of(self._order, row):
            rest = "1 item is" if newer == 1 else f"{newer:,} items are"
            setting = f"limit of the custom feed {custom.name}" if custom and custom.limit else "feeds.limit"
            return f"{rest} newer, and the feed holds {held:,} ({setting})"
        return "the last build did not place it"

    def _has_had_its_share(self, carrier: Carrier, row: FeedRow, window: Sequence[WindowRow]) -> bool:
        """Tell whether the item would be in the feed but for others of its provider: there is room, or worse is in."""
        custom = custom_of(self._order, row)
        by_score = custom is not None and custom.sort != "newest"
        if not (share_of(self._order, row).cap if by_score else is_capped(self._order, row)):
            return False
        if len(window) < limit_of(self._order, row):
            return True
        published = self._placing.published
        return (published + carrier.bonus, published) > (window[-1].published + window[-1].bonus, window[-1].published)


def feed_keys(store: Store) -> list[str]:
    """Return the key of every feed there is or was."""
    return [row.key for row in store.feeds.all()]
