"""Read YAML as nothing but mappings, lists and strings, from libyaml's events.

Strings only: the schema knows which fields are numbers or truths, and resolving types costs a third of a load.
Events only: PyYAML's C composer recurses in C without a bound, and the process dies of 27,000 nested brackets.
Never builds an object from a tag, never copies what an alias names.
"""

from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from feeds.records.faults import FieldPath, TextFault

Node = Any  # dict[str, Node] | list[Node] | str | None: mypy checks what the schema makes of it

MAX_DEPTH = 32
MAX_ALIASES = 100  # real records have none; a bomb needs nine levels of nine
SHOWN = 60  # of a name from the text, in what is said about it
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
SECRET = "secured"
CORE_TAG = "tag:yaml.org,2002:"
CORE_TYPES = frozenset(("str", "int", "float", "bool", "null", "timestamp", "seq", "map"))


def load(text: str, first_line: int = 1) -> Node:
    """Return the one document in `text`; faults carry the line of the file, `first_line` being that of `text`."""
    try:
        return _Builder(CParser(text), first_line).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        detail = " ".join(part for part in (error.context, error.problem) if part)
        raise TextFault("yaml", detail, line, column) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes.
        before = text.encode()[: error.position].decode("utf-8", "ignore")
        place = before.count("\n") + first_line, len(before) - before.rfind("\n")
        raise TextFault("yaml", "a control character is not allowed here; remove it", *place) from None


def locate(text: str, first_line: int, path: FieldPath) -> tuple[int, int]:
    """Return line and column of the value at `path`, or of the nearest thing above it that exists.

    Only for text that `load` has read: it recurses as deep as the text is nested.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return first_line, 1  # the composer refuses what `load` allows: an anchor used twice, JSON that is no YAML
    for step in path:
        below = _child(node, step)
        if below is None:
            break
        node = below
    return (node.start_mark.line + first_line, node.start_mark.column + 1) if node else (first_line, 1)


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


class _Builder:
    """Build one document from events, going no deeper than allowed."""

    def __init__(self, parser: Any, first_line: int) -> None:
        self.next, self.first_line = parser.get_event, first_line
        self.anchors: dict[str, Node] = {}
        self.aliases = 0

    def document(self) -> Node:
        """Return what the events up to the end of the stream say."""
        self.next()  # StreamStart
        if isinstance(self.next(), StreamEndEvent):
            return None
        node = self._value(self.next(), 0)
        self.next()  # DocumentEnd
        if not isinstance(after := self.next(), StreamEndEvent):
            raise self._fault("yaml", "more than one YAML document", after)
        return node

    def _value(self, event: Any, depth: int) -> Node:
        """Return the value that begins with `event`; recurses no deeper than MAX_DEPTH."""
        kind = event.__class__
        if kind is ScalarEvent:
            if event.tag is not None or event.anchor is not None:
                self._note(event, event.value)
            return None if event.value in NULLS and event.implicit[0] else event.value
        if kind is AliasEvent:
            return self._alias(event)
        self._check_depth(event, depth)
        node: Node = {} if kind is MappingStartEvent else []
        self._note(event, node)
        if kind is MappingStartEvent:
            self._fill_mapping(node, depth + 1)
        else:
            while (entry := self.next()).__class__ is not SequenceEndEvent:
                node.append(self._value(entry, depth + 1))
        return node

    def _fill_mapping(self, node: dict[str, Node], depth: int) -> None:
        get, value = self.next, self._value
        while (event := get()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent:
                raise self._fault("yaml", "a key must be plain text", event)
            key = event.value
            if event.tag is not None or event.anchor is not None:
                self._note(event, key)
            if key in node:
                raise self._fault("yaml-duplicate-key", f"the key '{_shown(key)}' stands twice; keep one", event)
            if key == SECRET:
                self._skip_value()
                node[key] = None
            else:
                node[key] = value(get(), depth)
        if "<<" in node:
            _merge(node)

    def _skip_value(self) -> None:
        """Read past one value without looking: nothing in it may be named, tagged or told of elsewhere."""
        depth = 0
        while True:
            event = self.next()
            kind = event.__class__
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                self._check_depth(event, depth)
                depth += 1
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                depth -= 1
            if depth <= 0:
                return

    def _check_depth(self, event: Any, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise self._fault("yaml-depth", f"nested more than {MAX_DEPTH} levels deep", event)

    def _alias(self, event: Any) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self._fault("yaml-aliases", f"more than {MAX_ALIASES} aliases", event)
        if event.anchor not in self.anchors:
            raise self._fault("yaml", f"alias '*{_shown(event.anchor)}' names no anchor", event)
        return self.anchors[event.anchor]

    def _note(self, event: Any, value: Node) -> None:
        """Remember an anchor; refuse a tag that is not one of YAML's own plain types."""
        if event.anchor:
            self.anchors[event.anchor] = value
        tag = event.tag
        if tag and tag != "!" and not (tag.startswith(CORE_TAG) and tag[len(CORE_TAG) :] in CORE_TYPES):
            shown = tag.replace(CORE_TAG, "!!")[:SHOWN]
            raise self._fault("yaml-tag", f"the tag {shown!r} is not allowed; remove it", event)

    def _fault(self, code: str, detail: str, event: Any) -> TextFault:
        mark = event.start_mark
        return TextFault(code, detail, mark.line + self.first_line, mark.column + 1)


def _shown(name: str) -> str:
    """Return a name from the text as a message may show it: short, and without what moves a terminal's cursor."""
    return "".join(character if character.isprintable() else "?" for character in name[:SHOWN])


def _add(node: Node, key: str | None, value: Node) -> None:
    if key is None:
        node.append(value)
    else:
        node[key] = value


def _merge(node: Node) -> None:
    """Take over the keys of a YAML 1.1 merge (`<<: *defaults`) that the mapping does not set itself."""
    if node.__class__ is not dict or "<<" not in node:
        return
    sources = node.pop("<<")
    for source in sources if isinstance(sources, list) else [sources]:
        if isinstance(source, dict):
            for key, value in source.items():
                node.setdefault(key, value)
