"""Turn the text of a query into a tree, or say what is wrong with it and where.

    any of    one or another       any of   topic:ai or kind:video
    all of    one and another, or one another
    not       not one, or -one

Must never raise anything but QueryError, whatever it is given.
"""

import re
from collections.abc import Callable, Iterable

from feeds.model.link import Verdict
from feeds.selection.query.ages import Ages
from feeds.selection.query.facts import phrase
from feeds.selection.query.syntax import All, Any, Condition, Node, Not, Query, QueryError
from feeds.selection.query.tokens import Token, tokens

LONGEST = 2_000
DEEPEST = 50
NUMBERS = ("quality", "heat")
HAS = ("image", "enclosure", "text")
LINKS = tuple(verdict.value for verdict in Verdict)
VALUES = ("topic", "provider", "kind", "language", "link", "title", "text", "has")
FIELDS = (*VALUES, *NUMBERS, "age")

_UNITS = {"h": 3_600, "d": 86_400, "w": 604_800}
_AGE = re.compile(r"([0-9]{1,6})([a-z]?)")
_SIGNS = ("<", "<=", ">", ">=", "=")
_LISTED = {"link": LINKS, "has": HAS}


def parse_query(text: str) -> Query:
    """Return the tree of a query; one without a word holds for everything. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"a query is at most {LONGEST:,} characters long, and this one has {len(text):,}", LONGEST + 1)
    return Query(_Parser(text).whole(), text)


class _Parser:
    """Recursive descent: one method for each rule of the grammar, one token looked at."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0
        self._opened = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def whole(self) -> Node:
        if self._next.kind == "end":
            return All(())
        found = self._any()
        if self._next.kind != "end":
            raise QueryError(_stray(self._next, opened=0), self._next.column)
        return found

    def _any(self) -> Node:
        parts = [self._all()]
        while self._next.says("or"):
            self._take()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self) -> Node:
        parts = [self._not()]
        while not (self._next.kind == "end" or self._next.says("or") or self._next.says(")")):
            if self._next.says("and"):
                self._take()
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _not(self) -> Node:
        if self._next.kind == "minus" or self._next.says("not"):
            self._take()
            return self._deeper(lambda: Not(self._not()))
        if self._next.says("("):
            opened = self._take()
            self._opened += 1
            found = self._deeper(self._any)
            if not self._next.says(")"):
                raise QueryError("this parenthesis is never closed; add a )", opened.column)
            self._take()
            self._opened -= 1
            return found
        return self._test()

    def _deeper(self, rule: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"this is nested more than {DEEPEST} deep; make it simpler", self._next.column)
        found = rule()
        self._depth -= 1
        return found

    def _test(self) -> Condition:
        token = self._take()
        if token.kind not in {"word", "phrase"} or token.says("and") or token.says("or"):
            raise QueryError(_stray(token, opened=self._opened), token.column)
        name, sign = token.text.lower(), self._next
        if token.kind == "word" and sign.says(":"):
            return self._listed(token, self._known(token, name))
        if token.kind == "word" and sign.kind == "sign" and sign.text in _SIGNS:
            return self._compared(token, self._known(token, name))
        return Condition("text", self._since(token), (_phrase(token),))

    def _known(self, token: Token, name: str) -> str:
        if name in FIELDS:
            return name
        near = _near(name, FIELDS)
        cure = (
            f"did you mean {near[0]}?"
            if near
            else f"there are {', '.join(FIELDS)}; text with a {self._next.text} needs quotes"
        )
        raise QueryError(f"{token.text!r} is nothing to ask for; {cure}", token.column)

    def _listed(self, token: Token, name: str) -> Condition:
        """Return a test like `topic:ai,law`."""
        if name not in VALUES:
            example = "age < 7d" if name == "age" else f"{name} >= 60"
            raise QueryError(f"{name} is compared, not listed; write it like {example}", self._next.column)
        values: list[str] = []
        while not values or self._next.says(","):
            self._take()
            value = self._take()
            if value.kind not in {"word", "phrase"} or not value.text.strip():
                cure = (
                    f"and what it must not be is -{name}:{_example(name)}"
                    if value.kind == "minus"
                    else f"such as {_example(name)}"
                )
                raise QueryError(f"{name}: needs a value here, {cure}", value.column)
            values.append(_value(name, value))
        return Condition(name, self._since(token), tuple(values))

    def _compared(self, token: Token, name: str) -> Condition:
        """Return a test like `quality >= 60` or `age < 7d`."""
        sign = self._take()
        if name in VALUES:
            raise QueryError(f"{name} is listed, not compared; write it like {name}:{_example(name)}", sign.column)
        value = self._take()
        if name == "age":
            return Condition(name, self._since(token), ages=_ages(sign, value))
        if not value.text.isascii() or not value.text.isdecimal() or len(value.text) > 9:
            raise QueryError(f"{name} is compared with a whole number, such as {name} >= 60", value.column)
        return Condition(name, self._since(token), sign=sign.text, number=int(value.text))

    def _since(self, token: Token) -> str:
        return self._text[token.start : self._tokens[self._at - 1].end]


def _stray(token: Token, *, opened: int) -> str:
    """Return what to say of a token where a condition should be, inside so many parentheses."""
    if token.kind == "end":
        return "a condition is missing at the end; write one, such as topic:ai"
    if token.says("and") or token.says("or"):
        return f'nothing stands before or after this {token.text!r}; to look for the word, write "{token.text}"'
    if token.says(")"):
        return (
            "a condition is missing before this parenthesis; write one, such as topic:ai"
            if opened
            else "this parenthesis was never opened; remove it, or add a ( before"
        )
    return f"{token.text!r} cannot stand here; text that holds it needs quotes"


def _phrase(token: Token) -> str:
    found = phrase(token.text)
    if not found:
        raise QueryError(f"{token.text!r} has no letter or digit to look for", token.column)
    return found


def _near(word: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415  3 ms, only where something is wrong

    return get_close_matches(word, list(known), 1)


def _value(name: str, token: Token) -> str:
    if name in {"title", "text"}:
        return _phrase(token)
    value = token.text.strip()
    known = _LISTED.get(name)
    if known and value.lower() not in known:
        near = _near(value.lower(), known)
        cure = f"did you mean {near[0]}?" if near else f"it is one of {', '.join(known)}"
        raise QueryError(f"{name} is never {value!r}; {cure}", token.column)
    return value if name in {"topic", "provider"} else value.lower()


def _ages(sign: Token, value: Token) -> Ages:
    found = _AGE.fullmatch(value.text.lower())
    if sign.text == "=":
        raise QueryError("no item stays at one age; write age < 7d, or age >= 7d", sign.column)
    if not found or found[2] not in _UNITS:
        raise QueryError("an age is a number of hours, days or weeks: 12h, 7d or 2w", value.column)
    seconds = int(found[1]) * _UNITS[found[2]]
    edge = seconds + (sign.text in {"<=", ">"})
    if sign.text.startswith("<"):
        return ((0, edge),) if edge else ()
    return ((edge, None),)


def _example(name: str) -> str:
    return {
        "topic": "ai",
        "provider": "reuters.com",
        "kind": "video",
        "language": "de",
        "link": "dead",
        "has": "image",
    }.get(name, '"two words"')
