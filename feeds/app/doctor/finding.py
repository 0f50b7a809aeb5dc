"""What a check says. A fault without a cure cannot be made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject


class Grade(StrEnum):
    """How bad it is: `fail` keeps feeds from being built or read, `warn` will sooner or later, or may be meant."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Said:
    """What was found, and what to do about it: a command or an edit, "" where all is well."""

    grade: Grade
    found: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check `name` found."""

    name: str
    grade: Grade
    found: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `online` checks ask names and addresses, all others nothing beyond this machine."""

    name: str
    look: "Callable[[Subject], Iterator[Said]]"
    online: bool = False


def ok(found: str) -> Said:
    """Say that all is well."""
    return Said(Grade.OK, found)


def warn(found: str, cure: str) -> Said:
    """Say that something may be wrong."""
    return Said(Grade.WARN, found, cure)


def fail(found: str, cure: str) -> Said:
    """Say that something is wrong."""
    return Said(Grade.FAIL, found, cure)
