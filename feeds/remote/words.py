"""Find any of many words in a text, as whole words of whatever script.

An inverted index and no big alternation: what a text costs does not depend on how many words are looked for. This
module must never read more of a text than it is handed, and must never depend on the order of the words.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from feeds.items.slugs import fold

# Scripts whose words are not parted by spaces, or (Hangul) carry their particles: a word is found inside a run.
_SPACELESS = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_IN_RUN = re.compile(f"[{_SPACELESS}]")
_RUN = re.compile(f"[{_SPACELESS}]+")
_WORD = re.compile(f"[^\\W{_SPACELESS}]+")
# The sign that makes another word of the one before it, as in C++ and C#; not the one between two, as in A+B.
_SIGNED = re.compile(r"[+#]+(?!\w)")
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"})


def searchable(text: str) -> str:
    """Return the text in the form words are looked for in: folded (D146), white space as single spaces."""
    return fold(text) if text.isascii() else fold(text.translate(_PLAIN))


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are looked for, in searchable form, each below one part of it that the text must hold."""

    by_word: Mapping[str, tuple[str, ...]]
    by_pair: Mapping[str, tuple[str, ...]]
    signs: tuple[str, ...] = ()

    def found_in(self, text: str) -> tuple[str, ...]:
        """Return those of the words that stand in a searchable text, in code point order."""
        near = [word for part in self.by_word.keys() & _WORD.findall(text) for word in self.by_word[part]]
        if self.by_pair and not text.isascii():
            near += [word for part in self.by_pair.keys() & _pairs(text) for word in self.by_pair[part]]
        if not near and not self.signs:
            return ()
        return tuple(sorted({word for word in (*near, *self.signs) if _stands_in(text, word)}))


def words(written: Iterable[str]) -> Words:
    """Return the index of these words or phrases; empty ones are passed over."""
    by_word: dict[str, list[str]] = defaultdict(list)
    by_pair: dict[str, list[str]] = defaultdict(list)
    signs = []
    for word in sorted({searchable(each) for each in written} - {""}):
        parts, runs = _WORD.findall(word), _RUN.findall(word)
        if parts:
            by_word[max(parts, key=len)].append(word)  # the longest part is mostly the rarest
        elif runs:
            by_pair[max(runs, key=len)[:2]].append(word)
        else:
            signs.append(word)
    return Words(_tuples(by_word), _tuples(by_pair), tuple(signs))


def _tuples(found: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {part: tuple(held) for part, held in found.items()}


def _pairs(text: str) -> set[str]:
    found: set[str] = set()
    for run in _RUN.findall(text):
        found.update(run)
        found.update(map("".join, pairwise(run)))
    return found


def _stands_in(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        if _is_free_before(text, at, word[0]) and _is_free_after(text, at + len(word), word[-1]):
            return True
        at = text.find(word, at + 1)
    return False


def _is_free_before(text: str, at: int, first: str) -> bool:
    if at == 0 or _IN_RUN.match(first):
        return True
    before = text[at - 1]
    if not _is_of_word(first):
        return not _is_of_word(before) and before != first
    # `.NET` is not `net`, but a full stop that ends a sentence or an ellipsis is no part of the next word
    dotted = before == "." and (at == 1 or text[at - 2] in " ([/")
    return not dotted and not _is_of_word(before)


def _is_free_after(text: str, end: int, last: str) -> bool:
    if end == len(text) or _IN_RUN.match(last):
        return True
    if not _is_of_word(last):
        return last not in "+#" or text[end] != last
    return not _is_of_word(text[end]) and _SIGNED.match(text, end) is None


def _is_of_word(sign: str) -> bool:
    """Tell whether a word goes on with this character; combining marks are no letters and yet part of it."""
    if sign.isascii():
        return sign.isalnum() or sign == "_"
    return (sign.isalnum() or unicodedata.category(sign)[0] == "M") and not _IN_RUN.match(sign)
