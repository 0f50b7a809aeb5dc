"""Tell whether two items are the same story, and why.

Two scores decide: how much of what the titles say is shared, and how much of the summaries is the same text. Some
differences forbid a match whatever the scores: other numbers, other names, the opposite, another kind of piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Indel

from feeds.clusters.candidate import DEFAULT_POLICY, Candidate, Policy
from feeds.clusters.lexicon import OPPOSITES
from feeds.clusters.shingles import same_text, telling
from feeds.clusters.words import Headline, Reader

# What one word counts that may be a name, or is all that differs, in place of another; others count 1.
_DOUBTFUL = 1.5
# What only one title says: agencies cut and lengthen them.
_EXTRA = 0.2
# Spellings are looked for only where they can matter: with two more words shared, seven in ten would be.
_MISSPELT, _HALF = 2, 0.7
_NUMBER = 0.5
_ENDINGS = frozenset(("an", "ian", "ish", "ern"))


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate and its title as read."""

    candidate: Candidate
    headline: Headline


@dataclass(frozen=True, slots=True)
class Match:
    """Two items tell one story: `score` from 0 to 1, `why` is "wording", "title" or "text"."""

    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Titles:
    """How two titles compare: what both say, what each says alone, and the score from 0 to 1."""

    shared: frozenset[str]
    alone: frozenset[str]
    other_alone: frozenset[str]
    weight: float
    score: float


def same_story(one: Candidate, other: Candidate, policy: Policy = DEFAULT_POLICY) -> Match | None:
    """Return how two items match where they are one story, or None."""
    return match(told(one, policy), told(other, policy), policy, policy.join)


def told(candidate: Candidate, policy: Policy = DEFAULT_POLICY) -> Told:
    """Return the candidate with its title read."""
    return Told(candidate, Reader(policy.common).read(candidate.title, candidate.provider_domain))


def match(one: Told, other: Told, policy: Policy, enough: float) -> Match | None:
    """Return how two items match where their titles score `enough` or their summaries are one text, or None."""
    here, there = one.headline, other.headline
    if apart(one.candidate, other.candidate, policy) or differ(here, there):
        return None
    if here.wording == there.wording:
        return _alike(one, other, policy)
    titles = compare(here, there)
    if one.candidate.provider_domain == other.candidate.provider_domain or contradict(titles, here, there):
        return None
    if titles.weight >= policy.least and titles.score >= enough:
        return Match(titles.score, "title")
    text = one_text(one, other, titles, policy)
    return Match(text, "text") if text else None


def apart(one: Candidate, other: Candidate, policy: Policy) -> bool:
    """Whether too much time lies between two items; one provider says the same thing twice only by mistake."""
    own = one.provider_domain == other.provider_domain
    return abs(one.published - other.published) > (policy.own_window if own else policy.window)


def _alike(one: Told, other: Told, policy: Policy) -> Match | None:
    """Equal titles are one story unless they say so little that two stories can have them."""
    titles = compare(one.headline, other.headline)
    if titles.weight < policy.least:
        text = one_text(one, other, titles, policy)
        return Match(text, "text") if text else None
    here, there = one.candidate.summary, other.candidate.summary
    if titles.weight < policy.sparse and here and there and not telling(here) & telling(there) - titles.shared:
        return None
    return Match(1.0, "wording")


def differ(here: Headline, there: Headline) -> str:
    """Return what in two titles makes them two stories whatever their words, "" if nothing does."""
    if here.forms != there.forms:
        return "form"
    if here.negated != there.negated:
        return "negation"
    if not (here.numbers <= there.numbers or there.numbers <= here.numbers):
        return "numbers"
    return ""


def compare(here: Headline, there: Headline) -> Titles:
    """Return how much of what two titles say is shared.

    What stands in place of something else counts in full, what only one of them says a little.
    """
    if there.wording < here.wording:  # which of two twins is found first must not hang on who is asked first
        other = compare(there, here)
        return replace(other, alone=other.other_alone, other_alone=other.alone)
    shared = here.telling & there.telling
    alone, other_alone = _unlike(here, there, shared)
    alike = (here.weight - here.weigh(alone) + there.weight - there.weigh(other_alone)) / 2
    weighed = alike + _NUMBER * len(here.numbers & there.numbers)
    left, right = _missing(alone, here), _missing(other_alone, there)
    replaced = (left + right) / 2 if left and right else 0.0
    if len(alone) == len(other_alone) == 1 and not (alone | other_alone) & (here.light | there.light):
        replaced = max(replaced, _DOUBTFUL)  # the rest word for word: titles of one desk on two stories
    whole = weighed + replaced + _EXTRA * (abs(left - right) if replaced else left + right)
    return Titles(shared, alone, other_alone, weighed, weighed / whole if whole else 0.0)


def _missing(words: frozenset[str], headline: Headline) -> float:
    return headline.weigh(words) + (_DOUBTFUL - 1) * len(words & headline.doubtful)


def _unlike(here: Headline, there: Headline, shared: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of each title that are not in the other under any spelling."""
    far = here.weigh(shared) + _MISSPELT < _HALF * min(here.weight, there.weight)
    if far or len(shared) == min(len(here.telling), len(there.telling)):
        return here.telling - shared, there.telling - shared
    left = [word for word in here.words if word not in shared]
    right = [word for word in there.words if word not in shared]
    for word in tuple(left):
        twin = next((each for each in right if _is_twin(word, each, here, there)), None)
        if twin is not None:
            left.remove(word)
            right.remove(twin)
    return _uncompounded(left, right), _uncompounded(right, left)


def _is_twin(word: str, other: str, here: Headline, there: Headline) -> bool:
    if is_spelling(word, other):
        return True
    names = word in here.names or word in here.doubtful or other in there.names or other in there.doubtful
    return not names and is_longer(*sorted((word, other), key=len))


def _uncompounded(words: Sequence[str], others: Sequence[str]) -> frozenset[str]:
    """Return the words but those written as one or as two in the other title, as in kite surfer and kitesurfer."""
    found = {word for pair in pairwise(words) if any(_is_pair(pair, other) for other in others) for word in pair}
    return frozenset(
        word for word in words if word not in found and not any(_is_pair(p, word) for p in pairwise(others))
    )


def _is_pair(pair: tuple[str, str], word: str) -> bool:
    return word[0] == pair[0][0] and len(word) > 5 and Indel.distance("".join(pair), word, score_cutoff=1) <= 1


def is_longer(short: str, long: str) -> bool:
    """Whether a word is another with something before or behind it: rail and railway, planet and exoplanet."""
    return len(short) >= 4 and (long.startswith(short) or (len(short) >= 5 and long.endswith(short)))


def is_spelling(one: str, other: str) -> bool:
    """Whether two words differ as spellings or forms of one word do; Iran and Iraq, Niger and Nigeria do not."""
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or one[0] != other[0]:
        return False
    if len(short) == len(long):
        swapped = sorted(short) == sorted(long) and Indel.distance(short, long) == 2
        return swapped or (len(short) >= 6 and Indel.distance(short, long) == 2)
    if long.startswith(short) and len(long) - len(short) > 1:
        return long[len(short) :] in _ENDINGS
    spare = 1 if len(short) < 9 else 2
    return Indel.distance(short, long, score_cutoff=spare) <= spare


def contradict(titles: Titles, here: Headline, there: Headline) -> str:
    """Return what two titles say in place of each other that makes them two stories, "" if nothing does."""
    if titles.alone & here.names and titles.other_alone & there.names:
        return "names"
    for word in titles.alone:
        if not titles.other_alone.isdisjoint(OPPOSITES.get(word, ())):
            return "opposite"
    return ""


def one_text(one: Told, other: Told, titles: Titles, policy: Policy) -> float:
    """Return how much of the summaries is one text that speaks of what the titles say, 0.0 if it is not.

    A text that says nothing of its title stands under many: cookie notices, what a series is about.
    """
    light = one.headline.light | other.headline.light
    shared = titles.shared - light
    if not shared or titles.score < policy.hint or not one.candidate.summary or not other.candidate.summary:
        return 0.0
    same = same_text(one.candidate.summary, other.candidate.summary)
    if same < policy.lead:
        return 0.0
    told_of = telling(one.candidate.summary) & telling(other.candidate.summary)
    told_of &= (one.headline.telling | other.headline.telling) - light
    alike = titles.weight >= policy.least and titles.score >= policy.near
    return same if shared <= told_of or len(told_of) >= (1 if alike else 2) else 0.0
