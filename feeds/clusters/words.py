"""Read a headline: the words that tell its story, the numbers in it, and what kind of piece it stands over.

What comes out is for comparing and is never shown.
"""

import re
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field

from feeds.clusters.frame import forms, unframed
from feeds.clusters.lexicon import CALENDAR, NEGATIONS, NUMBERS, SCALES, STOP, WORDING, canonical
from feeds.clusters.tokens import fold, pieces, tokens

MOST_KEYS = 8
LIGHT = 0.4
NAME = 1.5

_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
# Words that count what follows: only before these is `first` a number that tells two stories apart.
_COUNTED = frozenset(
    ("quarter", "half", "part", "series", "season", "phase", "wave", "stage", "round", "episode", "chapter", "volume")
)
# `may` is a verb more often than a month.
_BEFORE_MONTHS = frozenset(("in", "this", "last", "next", "since", "until", "by", "late", "early", "mid", "of"))
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_LONG = 4


@dataclass(frozen=True, slots=True)
class Headline:
    """What a title says.

    `words` are stems, each once, in the order of the title. `names` are those that are names for certain, `doubtful`
    those that may be. `numbers` are in one form, months and days among them. `forms` is what makes it no plain report.
    `light` are the words that tell little, `weight` is that of all words. Titles that differ in nothing but signs,
    order and case have one `wording`.
    """

    words: tuple[str, ...]
    telling: frozenset[str]
    names: frozenset[str]
    doubtful: frozenset[str]
    numbers: frozenset[str]
    forms: frozenset[str]
    negated: bool
    light: frozenset[str]
    weight: float
    wording: str

    def weigh(self, words: Set[str]) -> float:
        """Return how much some words of this title tell: 1 for each, less for the light ones, more for names."""
        return len(words) - (1 - LIGHT) * len(words & self.light) + (NAME - 1) * len(words & self.names)


def words_of(title: str, domain: str = "", common: Set[str] = frozenset()) -> tuple[str, ...]:
    """Return the words to find a title by, at most eight, the longest first: long words are rare ones.

    `domain` is that of the provider, whose name is often part of a title and never of the story. `common` are words, as
    this function returns them, that most titles have where this is used.
    """
    return tuple(sorted(keys(Reader(common).read(title, domain)), key=_by_length))


def keys(headline: Headline) -> Collection[str]:
    """Return the words to find this headline by, in no order; the light ones only where there are few others."""
    chosen = headline.telling - headline.light
    if len(chosen) < 3:
        chosen = headline.telling
    return chosen if len(chosen) <= MOST_KEYS else sorted(chosen, key=_by_length)[:MOST_KEYS]


class Reader:
    """Reads titles, and knows the words it met again: half of the time goes there otherwise."""

    def __init__(self, common: Set[str] = frozenset()) -> None:
        self._common = common
        self._known: dict[str, tuple[_Word, ...]] = {}

    def read(self, title: str, domain: str = "") -> Headline:
        """Return what a title says without the marks of agencies and its provider's name."""
        plain = unframed(title, domain)
        draft = self._draft(plain)
        telling = frozenset(draft.words)
        names, doubtful = draft.names(shouted=plain.isupper())
        names -= self._common
        light = (telling & WORDING) - names | (telling & self._common)
        return Headline(
            words=tuple(draft.words),
            telling=telling,
            names=names,
            doubtful=doubtful - names,
            numbers=frozenset(draft.numbers),
            forms=forms(plain),
            negated=draft.negated,
            light=light,
            weight=len(telling) - (1 - LIGHT) * len(light) + (NAME - 1) * len(names),
            wording=" ".join([*sorted(telling), *sorted(draft.numbers)]),
        )

    def _draft(self, plain: str) -> "_Draft":
        draft = _Draft()
        listed = tokens(plain)
        used = False
        for place, (token, begins) in enumerate(listed):
            words = self._known.get(token)
            if used:
                used = False
            elif words is not None:
                draft.note(words, begins=begins)
            else:
                following = listed[place + 1][0].lower() if place + 1 < len(listed) else ""
                before = listed[place - 1][0].lower() if place else ""
                used = self._take(token, (before, following), draft, begins=begins)
        return draft

    def _take(self, token: str, beside: tuple[str, str], draft: "_Draft", *, begins: bool) -> bool:
        """Note what a token adds that is new here or no mere word; return whether it uses up the one after it."""
        following = beside[1]
        if token[0].isdecimal():
            draft.count(_number(token, following))
            return following in SCALES or following in _ORDINAL_ENDINGS
        folded = fold(token)
        word = folded.removesuffix("'s").replace("'", "").replace(".", "")
        if token[0].isupper() and (word in CALENDAR or (word == "may" and _is_month(beside))):
            draft.count(word[:3])
        elif word in NUMBERS and (word != "first" or following in _COUNTED):
            draft.count(_number(NUMBERS[word], following))
            return following in SCALES
        elif folded in NEGATIONS or (following == "to" and canonical(word) == "fail"):
            draft.negated = True
        elif word == "q":
            draft.note((_word("quarter" if following.isdecimal() else word, token),), begins=begins)
        elif word not in NUMBERS:
            words = () if word in STOP else tuple(_word(piece, token) for piece in pieces(word))
            if word != "may" and canonical(word) != "fail":  # these mean what stands beside them makes them mean
                self._known[token] = words
            draft.note(words, begins=begins)
        return False


def _is_month(beside: tuple[str, str]) -> bool:
    return beside[1].isdecimal() or beside[0].isdecimal() or beside[0] in _BEFORE_MONTHS


@dataclass(frozen=True, slots=True)
class _Word:
    stem: str
    capital: bool
    acronym: bool
    long: bool


def _word(folded: str, token: str) -> _Word:
    capital = token[0].isupper()
    return _Word(canonical(folded), capital, capital and 1 < len(token) < 6 and token.isupper(), len(token) >= _LONG)


@dataclass(slots=True)
class _Draft:
    """What was read so far; `lower` and `upper` count the long words within, without a capital and with one."""

    words: dict[str, None] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    opening: set[str] = field(default_factory=set)
    acronyms: set[str] = field(default_factory=set)
    lower: int = 0
    upper: int = 0
    negated: bool = False

    def count(self, number: str) -> None:
        """Add a number; the second of a kind is another one, so that 5 things on 4 May differ from 5 on 5 May."""
        while number in self.numbers:
            number += "'"
        self.numbers.add(number)

    def note(self, words: Iterable[_Word], *, begins: bool) -> None:
        """Add what one token says."""
        for word in words:
            self.words[word.stem] = None
            if word.acronym:
                self.acronyms.add(word.stem)
            if begins:
                self.opening.add(word.stem)
            elif word.capital:
                self.capitals.add(word.stem)
                self.upper += word.long
            else:
                self.lower += word.long

    def names(self, *, shouted: bool) -> tuple[frozenset[str], frozenset[str]]:
        """Return what is a name for certain and what may be one: where every word has a capital, those say nothing."""
        names = frozenset() if shouted else frozenset(self.acronyms)
        if self.lower < self.upper:
            return names, frozenset(self.opening | self.capitals)
        return names | self.capitals, frozenset(self.opening)


def _number(digits: str, following: str) -> str:
    """Return `1,500` and `1500`, `4.0` and `4`, and with the word that follows `10bn` and `10 billion` in one form."""
    plain = _THOUSANDS.sub("", digits).replace(",", ".")
    if plain.count(".") > 1:
        return plain  # a date or a version
    return f"{float(plain) * SCALES.get(following, 1):.15g}"


def _by_length(word: str) -> tuple[int, str]:
    return -len(word), word
