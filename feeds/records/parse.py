"""Turn bytes into a Record or a Problem: decode, split, load, type."""

from collections.abc import Callable
from dataclasses import dataclass

from feeds.model.problem import Problem, Severity
from feeds.model.record import Record
from feeds.records import json_text, yaml_text
from feeds.records.faults import FieldFault, FieldPath, TextFault
from feeds.records.frontmatter import FrontMatter, decode, split
from feeds.records.schema import record
from feeds.records.skim import skim


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record with a way to find the place of a field in its file."""

    record: Record
    place: Callable[[FieldPath], tuple[int, int]]


def parse(data: bytes, file: str, ending: str, *, related: bool = True) -> Parsed | Problem:
    """Return the record in `data`; `ending` is that of the file's name (`.md`), `related` whether to read it."""
    try:
        return _parse(data, ending, related=related)
    except TextFault as fault:
        return Problem(file, fault.line, fault.column, fault.code, fault.detail, Severity.ERROR)


def _parse(data: bytes, ending: str, *, related: bool) -> Parsed:
    front = split(decode(data), ending)
    is_json = _is_json(front, ending)
    load, locate = (json_text.load, json_text.locate) if is_json else (yaml_text.load, yaml_text.locate)
    fields = load(front.text, front.first_line) if related or is_json else _skimmed(front)

    def place(path: FieldPath) -> tuple[int, int]:
        return locate(front.text, front.first_line, path)

    try:
        return Parsed(record(fields, front.body), place)
    except FieldFault as fault:
        raise TextFault(fault.code, fault.detail, *place(fault.path)) from None


def _is_json(front: FrontMatter, ending: str) -> bool:
    return ending == ".json" and front.text.lstrip()[:1] in ("{", "[")


def _skimmed(front: FrontMatter) -> yaml_text.Node:
    try:
        return yaml_text.load(skim(front.text, "related"), front.first_line)
    except TextFault:
        # Either the fault is in the record, and the full text names its line, or the cut was wrong.
        return yaml_text.load(front.text, front.first_line)
