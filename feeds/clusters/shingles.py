"""Compare the beginnings of two summaries: agencies sell one text that each buyer gives a title of its own."""

import re

from feeds.clusters.lexicon import NEGATIONS, STOP, canonical
from feeds.clusters.tokens import fold

SIZE = 3
MOST_WORDS = 48
# Fewer in common happen by chance: a place and a date.
LEAST = 6

_WORD = re.compile(r"[^\W_]+")


def same_text(one: str, other: str) -> float:
    """Return the share of the shorter beginning's runs of three words that the other has too, 0.0 where few are."""
    here, there = shingles(one), shingles(other)
    shared = len(here & there)
    return shared / min(len(here), len(there)) if shared >= LEAST else 0.0


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return all runs of three words among the first 48."""
    words = _beginning(text)
    return frozenset(zip(*(words[start:] for start in range(SIZE)), strict=False))


def telling(text: str) -> frozenset[str]:
    """Return the stems of what the first 48 words tell."""
    folded = map(fold, _beginning(text))
    return frozenset(canonical(word) for word in folded if word not in STOP and word not in NEGATIONS)


def _beginning(text: str) -> list[str]:
    # Cutting first keeps a body of any length from costing more; a word has some six letters.
    return _WORD.findall(text[: MOST_WORDS * 12].lower())[:MOST_WORDS]
