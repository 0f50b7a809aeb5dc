"""The titles of a batch as read, kept while the window is open on them, so that memory follows the window."""

from collections.abc import Sequence

from feeds.clusters.candidate import Candidate, Policy
from feeds.clusters.likeness import Told
from feeds.clusters.words import Reader


class Readings:
    """Candidates in order of time, read when asked for."""

    def __init__(self, candidates: Sequence[Candidate], policy: Policy) -> None:
        self.candidates = candidates
        self._reader = Reader(policy.common)
        self._kept: dict[int, Told] = {}
        self._opens = 0

    def __getitem__(self, place: int) -> Told:
        """Return the candidate at a place with its title read."""
        if place not in self._kept:
            self._kept[place] = self.once(place)
        return self._kept[place]

    def once(self, place: int) -> Told:
        """Return the same without keeping it."""
        candidate = self.candidates[place]
        return Told(candidate, self._reader.read(candidate.title, candidate.provider_domain))

    def forget(self, opens: int) -> None:
        """Keep nothing of the places before this one; they are read again if need be."""
        for place in range(self._opens, opens):
            self._kept.pop(place, None)
        self._opens = max(self._opens, opens)
