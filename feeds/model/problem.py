"""Bad data as a value: where it is and why it is bad."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem costs: an error costs the record, a warning costs one field of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    code: str
    detail: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.detail}"
