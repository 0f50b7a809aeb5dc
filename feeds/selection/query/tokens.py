"""Cut a query into words, phrases and signs, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feeds.selection.query.syntax import QueryError

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<phrase>"[^"]*")
      | (?P<open>"[^"]*\Z)
      | (?P<sign><=|>=|[<>=:(),])
      | (?P<minus>-(?=[^\s<>=:(),]|\())
      | (?P<word>[^\s"<>=:(),]+)""",
    re.VERBOSE,
)
# How others write it. Taken for words they would find the opposite, or nothing.
_FOREIGN = re.compile(r"[!&|≤≥≠+~^*]+")
_OURS = {"!": "not", "&": "and", "|": "or", "≤": "<=", "≥": ">=", "≠": "not, and ="}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: `kind` is word, phrase, sign, minus or end; `start` and `end` are offsets."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def column(self) -> int:
        """Return its place, counted from 1."""
        return self.start + 1

    def says(self, word: str) -> bool:
        """Tell whether it is this sign, or this word in any case; a phrase is neither."""
        return self.kind != "phrase" and self.text.lower() == word


def tokens(query: str) -> Iterator[Token]:
    """Yield the pieces of a query, and an end. Raises QueryError."""
    for found in _TOKEN.finditer(query):
        kind, text = str(found.lastgroup), found[0]
        if kind == "open":
            raise QueryError('this phrase has no end; close it with another "', found.start() + 1)
        if kind == "word":
            _refuse_foreign(text, found.start() + 1)
        if kind == "phrase":
            text = text[1:-1]
        if kind != "space":
            yield Token(kind, text, found.start(), found.end())
    yield Token("end", "", len(query), len(query))


def _refuse_foreign(word: str, column: int) -> None:
    if sign := _FOREIGN.match(word):
        ours = _OURS.get(word[0])
        cure = f"write {ours} instead" if ours else "leave it out"
        raise QueryError(f"'{sign[0]}' means nothing here; {cure}, or put text that holds it in quotes", column)
    if word.endswith("*"):
        raise QueryError(
            f"{word!r}: words are found whole, '*' stands for nothing; leave it out, or use quotes", column
        )
