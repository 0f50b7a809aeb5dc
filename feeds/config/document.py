"""Read one YAML file into plain values that know their lines and columns.

Values come from the node tree and not from `yaml.load`: only nodes have marks, and `yaml.load` takes the last of two
equal keys without a word. This module must never know what a key means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from feeds.config.faults import FILE, Fault, Place
from feeds.config.keys import Key, Loc, dotted
from feeds.config.section import UNPRINTABLE

_DEEPEST = 20
_PLAIN_TAGS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `keys` and `values` tell (line, column) of every key or list entry and of its value.

    `texts` tell where the first character of a text is, for texts that stand in one line as they are.
    """

    label: str
    value: dict[str, object] = field(default_factory=dict)
    keys: Mapping[Loc, tuple[int, int]] = field(default_factory=dict)
    values: Mapping[Loc, tuple[int, int]] = field(default_factory=dict)
    texts: Mapping[Loc, tuple[int, int]] = field(default_factory=dict)

    def place_in(self, loc: Loc, column: int) -> Place:
        """Return where a character of the text at `loc` is, counted from 1; where the text is, if that is unknown."""
        if loc not in self.texts:
            return self.place(loc)
        line, first = self.texts[loc]
        return Place(FILE, self.label, line, first + column - 1)

    def place(self, loc: Loc, *, at_key: bool = False) -> Place:
        """Return where `loc` is written, or the nearest group around it."""
        marks = self.keys if at_key else self.values
        for end in range(len(loc), 0, -1):
            if loc[:end] in marks:
                return Place(FILE, self.label, *marks[loc[:end]])
        return Place(FILE, self.label, 1, 1)

    def leaves(self) -> dict[Key, object]:
        """Return every value that is no group; an empty group is a leaf, so that its name is checked too."""
        return dict(_flat(self.value, ()))


def _flat(value: Mapping[str, object], above: Key) -> list[tuple[Key, object]]:
    found: list[tuple[Key, object]] = []
    for name, inner in value.items():
        if isinstance(inner, dict) and inner:
            found += _flat(inner, (*above, name))
        else:
            found.append(((*above, name), inner))
    return found


def read(path: Path, label: str) -> tuple[Document, list[Fault]]:
    """Return what the file says and what is wrong with it; what cannot be read is a fault, not an exception."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}; create it, or name another file"
        return Document(label), [Fault(Place(FILE, label), "", reason)]
    return parse(data, label)


def parse(data: bytes, label: str) -> tuple[Document, list[Fault]]:
    """Return what the bytes of a YAML file say, as far as they can be read, and their faults."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        reason = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return Document(label), [Fault(Place(FILE, label, line, column), "", reason)]
    # libyaml would report it with a byte offset and no line.
    odd = UNPRINTABLE.search(text)
    if odd:
        place = Place(FILE, label, *_position(text, odd.start()))
        return Document(label), [Fault(place, "", f"the control character U+{ord(odd[0]):04X} must be removed")]
    return _parse_text(text, label)


def _position(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _parse_text(text: str, label: str) -> tuple[Document, list[Fault]]:
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        reading = _Reading(label, loader)
        value = {} if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        return Document(label), [_syntax_fault(error, text, label)]
    finally:
        loader.dispose()
    if value is None:
        value = {}
    if not isinstance(value, dict):
        reason = "must be a group of keys, one `key: value` on each line"
        return Document(label), [*reading.faults, Fault(Place(FILE, label, 1, 1), "", reason)]
    return Document(label, value, reading.keys, reading.values, reading.texts), reading.faults


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, label: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    written = text.splitlines()[line] if line < len(text.splitlines()) else ""
    reason = f"not valid YAML: {error.problem or error.context}"
    if "\t" in written[: len(written) - len(written.lstrip())] or written[column : column + 1] == "\t":
        reason = "a tab where YAML wants spaces; indent with spaces"
    elif "mapping values are not allowed" in reason:
        reason += "; put text that holds a colon in quotes, and indent with care"
    elif "expected a single document" in f"{error.context} {error.problem}":
        reason = "a second document (---) begins; keep one document in the file"
    return Fault(Place(FILE, label, line + 1, column + 1), "", reason)


class _Reading:
    """The walk over one node tree; it keeps the marks and the faults it meets."""

    def __init__(self, label: str, loader: yaml.CSafeLoader) -> None:
        self.label, self.loader = label, loader
        self.keys: dict[Loc, tuple[int, int]] = {}
        self.values: dict[Loc, tuple[int, int]] = {}
        self.texts: dict[Loc, tuple[int, int]] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, loc: Loc) -> object:
        """Return the plain value of a node; a node that must not be used is None and a fault."""
        self.values[loc] = _mark(node)
        if id(node) in self._seen:
            return self._fault(node, loc, "an alias (*name) stands for another value; write the value out")
        self._seen.add(id(node))
        if len(loc) > _DEEPEST:
            return self._fault(node, loc, "nested too deeply")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, loc)
        if node.tag not in _PLAIN_TAGS:
            return self._fault(node, loc, f"the tag {node.tag} is not known; remove it")
        return self._mapping(node, loc) if isinstance(node, yaml.MappingNode) else self._sequence(node, loc)

    def _scalar(self, node: yaml.ScalarNode, loc: Loc) -> object:
        if (first := _first_character(node)) is not None:
            self.texts[loc] = first
        try:
            return self.loader.construct_object(node)
        except yaml.constructor.ConstructorError:
            return self._fault(node, loc, f"the tag {node.tag} is not known; remove it")
        except ValueError as error:  # a date such as 2021-13-40 has no mark of its own
            return self._fault(node, loc, f"{error}; put text in quotes")

    def _sequence(self, node: yaml.Node, loc: Loc) -> list[object]:
        found = []
        for index, each in enumerate(node.value):
            self.keys[*loc, index] = _mark(each)
            found.append(self.value(each, (*loc, index)))
        return found

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, inner in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                self._fault(key, loc, "a key must be one word; merge keys (<<) and groups as keys are not supported")
                continue
            at = (*loc, key.value)
            if key.value in found:
                line, column = self.keys[at]
                self._fault(key, at, f"is also set at {self.label}:{line}:{column}; keep one of them")
                continue
            self.keys[at] = _mark(key)
            found[key.value] = self.value(inner, at)
        return found

    def _fault(self, node: yaml.Node, loc: Loc, reason: str) -> object:
        """Keep a fault and return None, the value of what must not be used."""
        self.faults.append(Fault(Place(FILE, self.label, *_mark(node)), dotted(loc), reason))
        return None


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _first_character(node: yaml.ScalarNode) -> tuple[int, int] | None:
    """Return where the text of a scalar begins, None where it has several lines or characters written otherwise."""
    quotes = 1 if node.style in {"'", '"'} else 0
    start, end = node.start_mark, node.end_mark
    if start.line != end.line or end.column - start.column != len(node.value) + 2 * quotes:
        return None
    return start.line + 1, start.column + 1 + quotes
