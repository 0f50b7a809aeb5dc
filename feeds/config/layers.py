"""Lay flags over the environment over the file, and make one `Settings` of what is on top.

This module must never lose where a value came from: the origin is half of the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from feeds.config.document import Document
from feeds.config.environment import from_environment
from feeds.config.faults import DEFAULT, FILE, FLAG, Fault, Place, told
from feeds.config.keys import Key, Loc, dotted, leaves
from feeds.config.settings import Settings
from feeds.selection.query import QueryError

Values = dict[Key, tuple[object, Place]]
_AT_KEY = {"extra_forbidden", "missing"}
UNSET = Place(DEFAULT, "default")


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings that could be made, where each value came from, and every fault on the way.

    Where there are faults, the faulty values are left at their defaults, so that the rest can still be checked.
    """

    settings: Settings
    places: Mapping[str, Place]
    faults: tuple[Fault, ...]

    def place(self, key: str) -> Place:
        """Return where the value of a dotted key came from."""
        return self.places.get(key, UNSET)


def settle(document: Document, environ: Mapping[str, str], overrides: Mapping[str, object]) -> Settled:
    """Return the settings of a file, an environment and flags, the last of them winning.

    `overrides` maps dotted keys to values; None means that the flag was not given.
    """
    given, faults = from_environment(environ, Settings)
    values: Values = _from_file(document) | given | _from_flags(overrides)
    settings, found, dropped = _validated(values, document)
    places = {dotted(key): place for key, (_, place) in values.items() if key not in dropped}
    return Settled(settings, places, (*faults, *found))


def _from_file(document: Document) -> Values:
    known = {key[:end] for key, _ in leaves(Settings) for end in range(1, len(key) + 1)}
    return {
        key: (value, document.place(key, at_key=True))
        for key, value in document.leaves().items()
        if not (key in known and (value is None or value == {}))  # `site:` with nothing after it means the default
    }


def _from_flags(overrides: Mapping[str, object]) -> Values:
    return {
        tuple(key.split(".")): (value, Place(FLAG, "--" + key.replace("_", "-").replace(".", "-")))
        for key, value in overrides.items()
        if value is not None
    }


def _validated(values: Values, document: Document) -> tuple[Settings, list[Fault], set[Key]]:
    try:
        return Settings.model_validate(_nested(values)), [], set()
    except ValidationError as error:
        found = told(error, Settings, lambda loc, kind: _place(values, document, loc, kind))
        errors = error.errors(include_url=False, include_input=False)
        faults = [_inside(fault, each, document) for fault, each in zip(found, errors, strict=True)]
        bad = {each["loc"] for each in error.errors(include_url=False, include_input=False, include_context=False)}
        dropped = {key for key in values if any(_touches(key, loc) for loc in bad)}
        kept = {key: value for key, value in values.items() if key not in dropped}
        return Settings.model_validate(_nested(kept)), faults, dropped


def _inside(fault: Fault, error: ErrorDetails, document: Document) -> Fault:
    """Return a fault of a query with the place in the query."""
    cause = error.get("ctx", {}).get("error")
    if not isinstance(cause, QueryError):
        return fault
    place = document.place_in(error["loc"], cause.column) if fault.place.rank == FILE else fault.place
    return replace(fault, place=place, reason=f"character {cause.column} of the query: {cause.message}")


def _touches(key: Key, loc: Loc) -> bool:
    short = min(len(key), len(loc))
    return key[:short] == loc[:short]


def _place(values: Values, document: Document, loc: Loc, kind: str) -> Place:
    for end in range(len(loc), 0, -1):
        found = values.get(tuple(str(part) for part in loc[:end]))
        if found is not None and found[1].rank != FILE:
            return found[1]
    return document.place(loc, at_key=kind in _AT_KEY)


def _nested(values: Values) -> dict[str, object]:
    """Return the values as the groups they were; a value where a group should be hides what is inside the group."""
    root: dict[str, object] = {}
    for key in sorted(values, key=len):
        at: object = root
        for part in key[:-1]:
            at = at.setdefault(part, {}) if isinstance(at, dict) else None
        if isinstance(at, dict):
            at[key[-1]] = values[key][0]
    return root
