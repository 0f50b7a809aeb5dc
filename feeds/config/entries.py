"""Check the entries of a taxonomy file, each by itself and against each other.

This module must never know whether an entry is a topic or a provider.
"""

from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from feeds.config.checks import Text
from feeds.config.document import Document
from feeds.config.faults import Fault, told
from feeds.config.keys import Loc, dotted
from feeds.config.section import Section

Entry = TypeVar("Entry", bound=Section)

# A strict tuple would refuse the list that YAML gives; the names stay strict.
Names = Annotated[tuple[Text, ...], Field(strict=False)]

_AT_KEY = {"extra_forbidden", "missing"}


def entries(
    document: Document, file: type[Section], key: str, entry: type[Entry]
) -> tuple[dict[int, Entry], list[Fault]]:
    """Return the sound entries of the list `key` by their number in it, and every fault pydantic finds in the file."""
    faults: list[Fault] = []
    try:
        file.model_validate(document.value)
    except ValidationError as error:
        faults = told(error, file, lambda loc, kind: document.place(loc, at_key=kind in _AT_KEY))
    listed = document.value.get(key)
    numbered = enumerate(listed if isinstance(listed, list) else [])
    sound = {number: made for number, each in numbered if (made := _made(entry, each)) is not None}
    return sound, faults


def _made(entry: type[Entry], value: object) -> Entry | None:
    try:
        return entry.model_validate(value)
    except ValidationError:
        return None  # its faults are told with those of the whole file


class Claims:
    """Who has which name: the first to claim it keeps it, the next one is a fault that tells where the first is."""

    def __init__(self, document: Document, what: str) -> None:
        self._document, self._what = document, what
        self._owners: dict[str, Loc] = {}
        self.faults: list[Fault] = []

    def claim(self, key: str, written: str, loc: Loc) -> None:
        """Note that the entry at `loc[:2]` is found by `key`, from what is `written` at `loc`.

        Twice in one entry is harmless: `AI` with the alias `ai` says nothing new.
        """
        owner = self._owners.setdefault(key, loc)
        if owner[:2] != loc[:2]:
            first = self._document.place(owner)
            reason = f"{written!r} is also the {self._what} of {dotted(owner[:2])} at {first}; keep one of them"
            self.faults.append(Fault(self._document.place(loc), dotted(loc), reason))
