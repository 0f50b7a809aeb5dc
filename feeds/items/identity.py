"""Decide which sightings are one story, and which id that story has had for ever.

Two questions, kept apart. *Which sightings belong together* is answered by what the records say today: they share an
identity URL. *Which id a group has* is answered by memory: every URL and every record file that an item was ever known
by is one of its names. So an edited URL keeps its id (the file remembers), a mention by an old URL finds the item it
meant, and a record that began as a copy of another parts from it as soon as its URL is its own.

Pure. `mint` is frozen: ids are for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

# uuid5(NAMESPACE_URL, "https://feeds.invalid/story"): any constant would do, but never another one.
NAMESPACE = UUID("1f2a9d38-6c0b-5d0e-9a55-3c0f3c1b7e42")


@dataclass(frozen=True, slots=True)
class Member:
    """One live sighting: `ref` tells it from all others, `file` is the record it stands in."""

    ref: int
    file: str
    own: bool
    keys: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything this sighting is known by; only a record's own story is known by the record's file."""
        return (*self.keys, record_name(self.file)) if self.own else self.keys


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for, and since when (seconds since 1970)."""

    item: str
    since: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which item each sighting belongs to, which names to remember, and which ids went up in another."""

    items: Mapping[int, str]
    names: Mapping[str, Name]
    merged: Mapping[str, str]


@dataclass(slots=True)
class _Group:
    """Sightings that share a URL today."""

    members: list[Member]
    own: bool = False
    claims: dict[str, tuple[bool, bool, int]] = field(default_factory=dict)
    item: str = ""

    @property
    def primary(self) -> str:
        """The name an id is minted from: a record's own first URL before a mention's, then bytewise order."""
        chosen = min(self.members, key=lambda m: (not m.own, m.names[0], m.file))
        return chosen.names[0]


def record_name(file: str) -> str:
    """Return the name by which an item is known through the file of its record."""
    return "record:" + file


def mint(name: str) -> str:
    """Return the id of an item first known by `name`."""
    return str(uuid5(NAMESPACE, name))


def resolve(members: Sequence[Member], names: Mapping[str, Name], now: int) -> Resolution:
    """Give every member its item.

    `members` must be closed: whatever shares a URL, a name or a remembered item with one of them is among them, and
    whatever has the id that `mint` makes of a name that `names` knows.
    """
    groups = _join_mentions(_groups(members), names)
    taken = _award(groups, names)
    for group in sorted((g for g in groups if not g.item), key=lambda g: g.primary):
        group.item = _fresh(group, taken)
        taken.add(group.item)
    return _remember(groups, names, now)


def _groups(members: Iterable[Member]) -> list[_Group]:
    """Return the members joined by shared URLs (a file is no reason to join: it holds many mentions)."""
    by_key: dict[str, _Group] = {}
    groups: dict[int, _Group] = {}
    for member in members:
        met = {id(group): group for group in (by_key[key] for key in member.keys if key in by_key)}
        # The smaller go up in the largest: of 4,000 mentions of one URL each would otherwise move all before it.
        home = max(met.values(), key=lambda group: len(group.members), default=None) or _Group([])
        groups[id(home)] = home
        for other in met.values():
            if other is not home:
                home.members += other.members
                home.own |= other.own
                by_key.update((key, home) for moved in other.members for key in moved.keys)
                del groups[id(other)]
        home.members.append(member)
        home.own |= member.own
        by_key.update((key, home) for key in member.keys)
    return list(groups.values())


def _join_mentions(groups: list[_Group], names: Mapping[str, Name]) -> list[_Group]:
    """Let mentions join what their URLs stand for: a record that was known by them, or one another."""
    for group in groups:
        group.claims = _claims(group, names)
    holders: dict[str, _Group] = {}
    for group in sorted((g for g in groups if g.own), key=lambda g: g.primary):
        for item, claim in group.claims.items():
            if item not in holders or claim > holders[item].claims[item]:
                holders[item] = group
    kept = [group for group in groups if group.own]
    for group in sorted((g for g in groups if not g.own), key=lambda g: g.primary):
        home = next((holders[item] for item in _by_strength(group.claims) if item in holders), None)
        if home is None:
            kept.append(group)
            home = group
        else:
            home.members += group.members
        for item, claim in group.claims.items():
            home.claims[item] = max(home.claims.get(item, claim), claim)
            holders.setdefault(item, home)
    return kept


def _claims(group: _Group, names: Mapping[str, Name]) -> dict[str, tuple[bool, bool, int]]:
    """Return how strongly the group claims each remembered item: by a record's file, by a URL, and how old."""
    claims: dict[str, tuple[bool, bool, int]] = {}
    for member in group.members:
        for name in member.names:
            known = names.get(name)
            if known is not None:
                by_file = member.own and name == member.names[-1]
                file, url, age = claims.get(known.item, (False, False, -known.since))
                claims[known.item] = (file or by_file, url or not by_file, max(age, -known.since))
    return claims


def _by_strength(claims: Mapping[str, tuple[bool, bool, int]]) -> list[str]:
    return sorted(claims, key=lambda item: (tuple(-part for part in claims[item]), item))


def _award(groups: list[_Group], names: Mapping[str, Name]) -> set[str]:
    """Give each remembered item to the group with the strongest claim on it; return the ids in use."""
    claimants: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        for item in group.claims:
            claimants[item].append(group)
    won: dict[int, list[str]] = defaultdict(list)
    for item, rivals in claimants.items():
        winner = min(rivals, key=lambda g: (tuple(-part for part in g.claims[item]), g.primary))
        won[id(winner)].append(item)
    for group in groups:
        mine = {item: group.claims[item] for item in won[id(group)]}
        if mine:
            group.item = _by_strength(mine)[0]
            group.claims = mine
        else:
            group.claims = {}
    return {name.item for name in names.values()}


def _fresh(group: _Group, taken: set[str]) -> str:
    name = group.primary
    while (item := mint(name)) in taken:
        # The id of this URL went to the record that had it first: the file tells the two apart.
        name += " " + record_name(min(member.file for member in group.members))
    return item


def _remember(groups: list[_Group], names: Mapping[str, Name], now: int) -> Resolution:
    items: dict[int, str] = {}
    remembered: dict[str, Name] = {}
    merged: dict[str, str] = {}
    for group in groups:
        merged.update((item, group.item) for item in group.claims if item != group.item)
        for member in group.members:
            items[member.ref] = group.item
            for name in member.names:
                known = names.get(name)
                if known is None or known.item != group.item:
                    remembered[name] = Name(group.item, known.since if known else now)
    return Resolution(items, remembered, merged)
