"""Tell which feeds an item is in and at which place, or the first rule that keeps it out of one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feeds.items.provenance import in_words
from feeds.items.slugs import fold
from feeds.model import Story
from feeds.pipeline.explained import Place
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.windows import is_capped, is_configured, oldest, window_of
from feeds.selection import Carrier, carriers
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.traces import Traces

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Placing:
    """An item to be placed: the story as told or shown; `absent` says why it is nowhere, "" where it is shown."""

    item: str
    story: Story
    published: int
    absent: str = ""


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
        named = carriers(replace(self._placing.story, follows=""))
        if not key:
            yield from (self._place(carrier, self._rows.get((carrier.kind, carrier.ref))) for carrier in named)
            return
        row = next(row for row in self._rows.values() if row.key == key)
        carrier = next((each for each in named if (each.kind, each.ref) == (row.kind, row.ref)), None)
        yield self._place(carrier, row) if carrier else Place(key, row.kind, row.ref, why=self._not_about(row))

    def _not_about(self, row: FeedRow) -> str:
        story = self._placing.story
        if row.kind == "topic":
            return f"its topics are {', '.join(story.topics)}" if story.topics else "it has no topics"
        return f"its provider is {in_words(story.provider) or 'unknown'}"

    def _place(self, carrier: Carrier, row: FeedRow | None) -> Place:
        place = Place(row.key if row else "", carrier.kind, carrier.label)
        why = self._without_looking(carrier, row)
        if why or row is None:
            return replace(place, why=why or "no build has made this feed yet")
        window = window_of(self._order, self._store.feeds, row, self._released)
        position = next((at for at, each in enumerate(window, 1) if each.id == self._placing.item), 0)
        why = "" if position else self._outside(row, len(window))
        return replace(place, position=position, of=len(window), why=why)

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
        entry = taxonomy.topics.get(row.ref) if row.kind == "topic" else taxonomy.providers.get(row.ref)
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

    def _outside(self, row: FeedRow, held: int) -> str:
        newer = self._traces.between(row.id, self._placing.published, self._released)
        if newer >= self._order.limit:
            rest = "1 item is" if newer == 1 else f"{newer:,} items are"
            return f"{rest} newer, and the feed holds {held:,} (feeds.limit)"
        if is_capped(self._order, row):
            return "its provider has its share of this feed (feeds.provider_cap, feeds.interleave)"
        return "the last build did not place it"


def feed_keys(store: Store) -> list[str]:
    """Return the key of every feed there is or was."""
    return [row.key for row in store.feeds.all()]


def slug_key(keys: list[str], typed: str) -> str:
    """Return the key that is meant by what was typed, "" for none: `ai` may stand for `topics/ai`."""
    wanted = fold(typed.strip().strip("/"))
    return next((key for key in keys if fold(key) == wanted or fold(key.partition("/")[2]) == wanted), "")
