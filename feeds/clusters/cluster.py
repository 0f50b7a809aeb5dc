"""Put the items that tell one story together and choose who leads them.

The same items give the same clusters in whatever order they come. What was together stays together while it can, and
who leads keeps leading until someone clearly better is there. It must never join two items only because a third one
resembles both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from feeds.clusters.candidate import DEFAULT_POLICY, Candidate, Policy
from feeds.clusters.likeness import Match, match
from feeds.clusters.rare_words import pairs
from feeds.clusters.readings import Readings

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Clusters:
    """Who leads whom: `leader` has every item, alone or not, `members` the clusters of two and more by their leader.

    Members stand in order of time behind the leader. An item alone leads itself.
    """

    leader: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]


def cluster(
    candidates: Iterable[Candidate],
    remembered: Mapping[str, str] = _NOTHING,
    policy: Policy = DEFAULT_POLICY,
) -> Clusters:
    """Return the clusters of these items; `remembered` is the `leader` of the last time, as far as it is known.

    Each id may come once.
    """
    items = sorted(candidates, key=_age)
    grouping = _Grouping(Readings(items, policy), policy)
    grouping.keep(remembered)
    grouping.join()
    leader: dict[str, str] = {}
    members: dict[str, tuple[str, ...]] = {}
    for places in grouping.groups.values():
        group = [items[place] for place in sorted(places)]
        head = leads(group, {each.id for each in group if remembered.get(each.id) == each.id}, policy.margin)
        leader.update((each.id, head.id) for each in group)
        if len(group) > 1:
            members[head.id] = (head.id, *(each.id for each in group if each is not head))
    return Clusters(leader, members)


def leads(
    group: Sequence[Candidate], incumbents: set[str] | frozenset[str] = frozenset(), margin: int = 5
) -> Candidate:
    """Return who leads a cluster: curated first, then the best rated, then the earliest, then by id.

    Who led before, one of `incumbents`, gives way only to a curated item, if it is not curated itself, or to one rated
    better by `margin`: ratings move by a point or two every day.
    """
    best = min(group, key=_rank)
    before = min((each for each in group if each.id in incumbents), key=_rank, default=best)
    if best.curated == before.curated and (best.quality or 0) - (before.quality or 0) < margin:
        return before
    return best


def _age(candidate: Candidate) -> tuple[int, str]:
    return candidate.published, candidate.id


def _rank(candidate: Candidate) -> tuple[bool, int, int, str]:
    return not candidate.curated, -(candidate.quality or 0), candidate.published, candidate.id


class _Grouping:
    """Groups of places, each known by its first, with which all others of the group must match.

    The first is the earliest and not the leader: ratings change, and members would come and go with them.
    """

    def __init__(self, readings: Readings, policy: Policy) -> None:
        self._readings = readings
        self._policy = policy
        self._fits: dict[tuple[int, int], bool] = {}
        self._first = list(range(len(readings.candidates)))
        self.groups = {place: [place] for place in self._first}

    def keep(self, remembered: Mapping[str, str]) -> None:
        """Put together what was together and still matches its first, if less well than a new one has to."""
        together: dict[str, list[int]] = {}
        for place, candidate in enumerate(self._readings.candidates):
            if candidate.id in remembered:
                together.setdefault(remembered[candidate.id], []).append(place)
        for first, *others in together.values():
            head = self._readings.once(first) if others else None
            for place in others:
                if head and match(head, self._readings.once(place), self._policy, self._policy.stay):
                    self._merge(first, place)

    def join(self) -> None:
        """Merge groups along the matches between them, the best first, until there is no merge left to make."""
        matches = sorted(self._matches())
        merged = True
        while merged:
            merged = False
            apart = []
            for scored in matches:
                first, second = sorted((self._first[scored[1]], self._first[scored[2]]))
                if first != second and all(self._fit(first, place) for place in self.groups[second]):
                    self._merge(first, second)
                    merged = True
                elif first != second:
                    apart.append(scored)
            matches = apart

    def _matches(self) -> list[tuple[float, int, int]]:
        found = []
        for earlier, later in pairs(self._readings, self._policy):
            if self._first[earlier] != self._first[later]:
                matched = self._match(earlier, later)
                if matched is not None:
                    found.append((-matched.score, earlier, later))
        return found

    def _fit(self, first: int, place: int) -> bool:
        if (first, place) not in self._fits:
            self._match(first, place)
        return self._fits[first, place]

    def _match(self, earlier: int, later: int) -> Match | None:
        matched = match(self._readings[earlier], self._readings[later], self._policy, self._policy.join)
        self._fits[earlier, later] = matched is not None
        return matched

    def _merge(self, first: int, second: int) -> None:
        moved = self.groups.pop(second)
        self.groups[first] += moved
        for place in moved:
            self._first[place] = first
