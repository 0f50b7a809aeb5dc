"""Find names that may be two spellings of one thing, for editors to decide. Pure; must never decide itself."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from feeds.items.slugs import fold

# "Robot" and "Robots" are at 91, "Photography" and "Phonography" at 91, too: who looks at the list sees it at once.
ALIKE = 88.0
LEAST = 5
INITIALS = range(2, 7)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")

SPELLING = "they differ in case, accents, spaces or punctuation only"
ORDER = "the same words in another order"
SHORT = "one is the initials of the other"
ALMOST = "spelled almost alike"


def likely_same(names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield pairs of names by their numbers, the lower one first, each once with the strongest reason there is.

    Of several spellings of one name only the first is compared with others.
    """
    words = [_words(name) for name in names]
    joined = ["".join(each) for each in words]
    found = dict.fromkeys(_grouped(joined), SPELLING)
    again = {other for _, other in found}
    words = [[] if number in again else each for number, each in enumerate(words)]
    joined = ["" if number in again else each for number, each in enumerate(joined)]
    sorts = [" ".join(sorted(each)) for each in words]
    for pairs, why in ((_grouped(sorts), ORDER), (_abbreviated(words, joined), SHORT), (_almost(joined), ALMOST)):
        for pair in pairs:
            found.setdefault(pair, why)
    yield from ((first, second, why) for (first, second), why in sorted(found.items()))


def _words(name: str) -> list[str]:
    bare = "".join(char for char in unicodedata.normalize("NFKD", fold(name)) if not unicodedata.combining(char))
    return _WORD.findall(bare)


def _grouped(keys: Iterable[str]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        if key:
            groups[key].append(number)
    for group in groups.values():
        yield from ((group[0], other) for other in group[1:])


def _abbreviated(words: Sequence[Sequence[str]], joined: Sequence[str]) -> Iterator[tuple[int, int]]:
    short: dict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(joined):
        if len(key) in INITIALS and key.isalpha() and max(map(len, words[number])) in {1, len(key)}:
            short[key].append(number)
    for number, several in enumerate(words):
        initials = "".join(word[0] for word in several)
        if len(several) > 1 and len(joined[number]) > len(initials):
            yield from ((min(number, other), max(number, other)) for other in short.get(initials, ()))


def _almost(joined: Sequence[str]) -> Iterator[tuple[int, int]]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  15 ms, and only who looks for such names needs it

    long = [(number, key) for number, key in enumerate(joined) if len(key) >= LEAST]
    keys = [key for _, key in long]
    for at, (number, key) in enumerate(long):
        rest = keys[at + 1 :]
        for other, _, offset in process.extract_iter(key, rest, scorer=fuzz.ratio, score_cutoff=ALIKE):
            if _DIGITS.findall(key) == _DIGITS.findall(other):  # "Web 2" is not "Web 3"
                yield number, long[at + 1 + offset][0]
