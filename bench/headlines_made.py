"""Make items to cluster by the hundred thousand: headlines of invented words, some told by several providers.

The words follow Zipf's law, as those of headlines do; the same count and days make the same items on every machine.
"""

import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from feeds.clusters.candidate import DAY, Candidate

VERBS = ("raises", "cuts", "says", "wins", "closes", "opens", "finds", "seeks", "plans", "rejects", "returns", "builds")
ONSETS = ("b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "st", "tr", "pl")
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
ENDS = ("", "n", "r", "t", "k", "sh")
WORDS, PROVIDERS, TOLD_ONCE = 40_000, 800, 0.7


@dataclass(frozen=True, slots=True)
class Made:
    """The items and, by id, the number of the story each tells."""

    items: list[Candidate]
    story: dict[str, int]


def make(count: int, days: float) -> Made:
    """Return at least `count` items over so many days; three stories in ten are told by two to six providers."""
    chance = random.Random(7)
    pick = _words(chance)
    made = Made([], {})
    story = 0
    while len(made.items) < count:
        words = [pick().capitalize(), chance.choice(VERBS), *(pick() for _ in range(chance.randint(4, 7)))]
        words[-1] = words[-1].capitalize()
        lead = [*(pick() for _ in range(34)), *words]
        at = int(chance.random() * days * DAY)
        for copy in range(1 if chance.random() < TOLD_ONCE else chance.randint(2, 6)):
            title = _rewritten(words, pick, chance) if copy else " ".join(words)
            summary = " ".join(lead if chance.random() < 0.5 else chance.sample(lead, len(lead)))
            name, published = f"{len(made.items):06d}", at + int(chance.random() * DAY / 2)
            made.items.append(Candidate(name, title, summary, f"p{chance.randrange(PROVIDERS)}.example", published))
            made.story[name] = story
        story += 1
    return made


def _words(chance: random.Random) -> Callable[[], str]:
    def word() -> str:
        syllables = (chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(chance.choice((1, 2, 2, 3, 3, 4))))
        return "".join(syllables) + chance.choice(ENDS)

    words = list(dict.fromkeys(word() for _ in range(WORDS)))
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
    return lambda: words[bisect(weights, chance.random() * weights[-1])]


def _rewritten(words: list[str], pick: Callable[[], str], chance: random.Random) -> str:
    """Return the headline with an agency's mark, another verb, one word more, another order, or as it is."""
    way = chance.randrange(5)
    if way == 0:
        return " ".join(words) + " - Reuters"
    if way == 1:
        return " ".join([words[0], chance.choice(VERBS), *words[2:]])
    if way == 2:
        return " ".join([*words[:2], pick(), *words[2:]])
    if way == 3:
        return " ".join([words[0], *words[2:], words[1]])
    return " ".join(words)
