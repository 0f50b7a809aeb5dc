"""Say what is wrong in the configuration, where, and how to cure it.

This module must never raise: a fault is a value until all of them are known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from feeds.config.keys import Loc, dotted, leaves, names_at
from feeds.config.section import Section

# The ranks of places, in the order faults are told.
FILE, ENVIRONMENT, FLAG, DEFAULT = range(4)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a value was written. Lines and columns count from 1; they are 0 outside files."""

    rank: int
    label: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.label}:{self.line}:{self.column}" if self.line else self.label

    @property
    def origin(self) -> str:
        """Return the place without the column, as `feeds config show` tells it."""
        return f"{self.label}:{self.line}" if self.line else self.label


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `key` is "" where the whole file is meant."""

    place: Place
    key: str
    reason: str

    def __str__(self) -> str:
        # A variable is named after its setting; where it holds a list, that does not say which part is meant.
        inside = self.place.rank == ENVIRONMENT and "[" in self.key
        named = self.key and (self.place.rank == FILE or inside)
        return f"{self.place}: {self.key}: {self.reason}" if named else f"{self.place}: {self.reason}"


def lines(faults: Iterable[Fault]) -> list[str]:
    """Return the faults as text, in the order of their places."""
    return [str(each) for each in sorted(faults, key=lambda fault: fault.place)]


def suggestion(word: str, known: Iterable[str], *, prefix: str = "") -> str:
    """Return `; did you mean X?` for the known word most like `word`, or "".

    The `prefix` all words share is not compared: it would make any two of them look alike.
    """
    from difflib import get_close_matches  # noqa: PLC0415  3 ms, only where something is wrong

    folded = {each.removeprefix(prefix).casefold(): each for each in sorted(known)}
    near = get_close_matches(word.removeprefix(prefix).casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean {folded[near[0]]}?" if near else ""


def told(error: ValidationError, model: type[Section], place: Callable[[Loc, str], Place]) -> list[Fault]:
    """Return what pydantic found in our words; `place(loc, type)` finds where each was written."""
    return [
        Fault(place(each["loc"], each["type"]), dotted(each["loc"]), _reason(each, model))
        for each in error.errors(include_url=False)
    ]


def _reason(error: ErrorDetails, model: type[Section]) -> str:
    kind, ctx = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown(error["loc"], model)
    if kind == "value_error":
        return str(ctx["error"])
    wording = _WORDING.get(kind)
    if wording is None:
        return f"{error['msg']} (not {shown(error['input'])})"
    return wording.format(got=shown(error["input"]), **ctx)


_WORDING = {
    "string_type": "must be text in quotes, not {got}",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number, not {got}",
    "bool_type": "must be true or false, not {got}",
    "tuple_type": "must be a list such as [a, b], not {got}",
    "model_type": "must be a group of keys, one `key: value` on each line, not {got}",
    "greater_than_equal": "must be at least {ge}, not {got}",
    "literal_error": "must be {expected}, not {got}",
    "too_short": "must have at least one entry",
    "missing": "is missing; add it",
}


def unknown(loc: Loc, model: type[Section]) -> str:
    """Return what to say of a key that does not exist at `loc`."""
    word, known = str(loc[-1]), names_at(model, loc[:-1])
    elsewhere = [dotted(key) for key, _ in leaves(model) if key[-1] == word]
    if elsewhere:
        return f"unknown key; did you mean {elsewhere[0]}?"
    return f"unknown key{suggestion(word, known) or '; the keys here are ' + ', '.join(known)}"


def shown(value: object) -> str:
    """Return a value as a fault quotes it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    short = text if len(text) <= 40 else text[:39] + "…"
    return repr(short) if isinstance(value, str) else short
