"""Find which pairs of headlines are worth comparing, by the rare words they share.

It must never look at every pair: what one headline costs is bounded, however many there are.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from feeds.clusters.candidate import Policy
from feeds.clusters.readings import Readings
from feeds.clusters.words import keys

_SPARE = 64


def pairs(readings: Readings, policy: Policy) -> Iterator[tuple[int, int]]:
    """Return places of items to compare, the earlier one first; the items are in order of time.

    An item looks back at those of the window that share its words, the rarest word first, and of each word at the
    nearest in time. So what is found depends on the items and not on the order in which they came.
    """
    postings: dict[str, list[int]] = {}
    telling: dict[int, frozenset[str]] = {}
    opens = 0
    for place, candidate in enumerate(readings.candidates):
        while candidate.published - readings.candidates[opens].published > policy.window:
            del telling[opens]
            opens += 1
        readings.forget(opens)
        headline = readings[place].headline
        telling[place] = headline.telling
        lists = [postings.setdefault(word, []) for word in (*keys(headline), f"={headline.wording}")]
        near = _sharing(_shortest_first(lists, opens), policy)
        yield from ((earlier, place) for earlier in _likest(near, headline.telling, telling, policy))
        for listed in lists:
            listed.append(place)


def _shortest_first(lists: Sequence[list[int]], opens: int) -> list[tuple[int, list[int]]]:
    """Return how many places of each list are in the window, and the lists, rid of most that never will be again."""
    counted = []
    for listed in lists:
        count = len(listed) - bisect_left(listed, opens)
        closed = len(listed) - count
        if closed > max(count, _SPARE):
            del listed[:closed]
        if count:
            counted.append((count, listed))
    return sorted(counted, key=itemgetter(0))


def _sharing(counted: Sequence[tuple[int, list[int]]], policy: Policy) -> set[int]:
    """Return the places that have a rare word of these or two others."""
    looked: list[int] = []
    near: set[int] = set()
    for count, listed in counted:
        if count <= policy.rare:
            near.update(listed[-count:])
        looked += listed[-min(count, policy.postings) :]
        if len(looked) >= policy.looks:
            break
    near.update([place for place, times in Counter(looked).items() if times > 1])
    return near


def _likest(near: set[int], words: frozenset[str], telling: Mapping[int, frozenset[str]], policy: Policy) -> list[int]:
    """Return the places that share most words, the latest of equal ones, in order of time."""
    ranked = []
    for place in near:
        others = telling[place]
        shared = len(words & others)
        if shared >= policy.share * min(len(words), len(others)):
            ranked.append((shared, place))
    ranked.sort(reverse=True)
    return sorted(place for _, place in ranked[: policy.trials])
