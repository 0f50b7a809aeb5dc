"""Settle what the sightings mean: which story each speaks of, what that story says now, and which feeds it touches."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from feeds.items.encoding import decode_mentions, decode_sighting, encode_story
from feeds.items.identity import Name, Resolution, mint, record_name, resolve
from feeds.items.merge import Placed, Remembered, date, digest, doubled, merge
from feeds.model import Problem, Story
from feeds.pipeline.effects import Effects
from feeds.pipeline.feed_book import FeedBook
from feeds.pipeline.order import BuildOrder, Ports
from feeds.pipeline.placing import Change, Placer
from feeds.selection import Carrier
from feeds.store.groups import GroupRow
from feeds.store.identities import Assigned, Identities
from feeds.store.items import ItemRow

BATCH = 2000


def settle(order: BuildOrder, ports: Ports, *, again: bool) -> bool:
    """Settle all that is unsettled; return whether there was anything. `again` gives every place out anew."""
    identities, done, looked = ports.store.identities, 0, False
    book = FeedBook(ports.store.feeds, order)
    turn = int(ports.store.meta.get("turn", "0")) + 1
    if again:
        with ports.store.transaction():
            # There is a feed of everything even before there is anything.
            book.learn(Carrier("custom", feed.name, feed.title) for feed in order.custom)
            book.rename()
    while True:
        fresh, stale = identities.unsettled(BATCH), identities.stale(BATCH)
        if not fresh and not stale:
            break
        with ports.store.transaction():
            touched = _identify(identities, fresh, stale, order.now)
            _Fold(order, ports, book, turn).fold(sorted(touched))
            identities.settled(stale)
        done, looked = done + len(fresh), True
        ports.progress("settling", done, done)
    if looked:
        with ports.store.transaction():
            # Last: a check that learns of items while this build writes them will look at this turn once more.
            ports.store.meta.put("turn", str(turn))
    return looked


def _identify(identities: Identities, fresh: list[Assigned], stale: list[str], now: int) -> set[str]:
    """Give these sightings their items, with all that hangs together with them; return the items touched."""
    members, names = _closure(identities, [*fresh, *identities.of_items(stale)])
    resolution = resolve([entry.member for entry in members.values()], names, now)
    moved = {ref: item for ref, item in resolution.items.items() if members[ref].item != item}
    identities.assign(moved)
    identities.remember(resolution.names, resolution.merged)
    return _touched(members, moved, resolution, stale)


def _touched(members: dict[int, Assigned], moved: dict[int, str], resolution: Resolution, stale: list[str]) -> set[str]:
    left = {members[ref].item for ref in moved if members[ref].item}
    return {*stale, *moved.values(), *left, *resolution.merged}


def _closure(identities: Identities, start: Iterable[Assigned]) -> tuple[dict[int, Assigned], dict[str, Name]]:
    """Return every sighting that shares a URL, a name or an item with these, and what all their names stand for."""
    members: dict[int, Assigned] = {}
    names: dict[str, Name] = {}
    asked: set[str] = set()
    items: set[str] = set()
    wave = list(start)
    while wave:
        members.update((entry.member.ref, entry) for entry in wave)
        new = {name for entry in wave for name in entry.member.names} - asked
        asked |= new
        found = identities.names(sorted(new))
        names.update(found)
        reached = {name.item for name in found.values()} | {entry.item for entry in wave if entry.item}
        # A name that moved on to another item may still be what its first item's id was made of.
        reached |= {mint(name) for name in found}
        near = identities.by_keys(sorted(key for key in new if not key.startswith(record_name(""))), members)
        near += identities.of_items(sorted(reached - items))
        items |= reached
        wave = list({e.member.ref: e for e in near if e.member.ref not in members}.values())
    return members, names


def _in_group(shown: Story | None, key: str, group: GroupRow | None) -> Story | None:
    """Return a story with its place among those that tell the same; `updated` goes by what it tells itself."""
    if shown is None or group is None:
        return shown
    if group.leader != key:
        return replace(shown, follows=group.leader)
    return replace(shown, also=decode_mentions(group.also))


class _Fold:
    """Fold the sightings of each item into one story, and note the feeds that notice."""

    def __init__(self, order: BuildOrder, ports: Ports, book: FeedBook, turn: int) -> None:
        self.order, self.store, self.turn = order, ports.store, turn
        self.placer = Placer(order, ports.store, book)

    def fold(self, ids: list[str]) -> None:
        """Bring these items up to date."""
        said: dict[str, list[Placed]] = defaultdict(list)
        for row in self.store.items.sightings(ids):
            said[row.item].append(Placed(row.file, decode_sighting(row.body)))
        kept = self.store.items.get(ids)
        told = {key: merge(said[key]) for key in ids}
        links = Effects(self.store.links, self.order.links, [story for story in told.values() if story])
        groups = self.store.groups.get(ids)
        changes = [
            change for key in ids if (change := self._change(key, told[key], kept.get(key), links, groups.get(key)))
        ]
        self.store.items.put([change.new for change in changes if not change.is_the_same])
        self.placer.place(changes)
        self._report(ids, said)

    def _change(
        self, key: str, told: Story | None, old: ItemRow | None, links: Effects, group: GroupRow | None
    ) -> Change | None:
        if told is None:
            # Withdrawn: the row stays, for the times a reader was shown must not start anew when it comes back.
            return Change(old, replace(old, turn=self.turn, story=None, verdict=""), None) if old else None
        now = self.order.now
        remembered = Remembered(old.published, old.updated, old.told) if old else None
        published, updated, digest_told = date(told, remembered, now)
        shown = _in_group(links.shown(told), key, group)
        seen = digest_told if shown is told else digest(shown, published) if shown else ""
        first_seen = old.first_seen if old else now
        body = encode_story(shown) if shown else None
        verdict = links.verdict(told) if shown else ""
        new = ItemRow(key, first_seen, published, updated, seen, digest_told, self.turn, body, verdict)
        return Change(old, new, shown)

    def _report(self, ids: list[str], said: dict[str, list[Placed]]) -> None:
        problems: dict[str, tuple[Problem, ...]] = {"item:" + key: doubled(said[key]) for key in ids}
        self.store.documents.report(problems)
