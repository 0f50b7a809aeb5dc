"""Read YAML as nothing but mappings, lists and strings, from libyaml's events.

Strings only: the schema knows which fields are numbers or truths, and resolving types costs a third of a load.
Events only: PyYAML's C composer recurses in C and the process dies of 27,000 nested brackets; a stack of our own
cannot. Never builds an object from a tag, never copies what an alias names.
"""

from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.events import AliasEvent, DocumentEndEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent, StreamEndEvent

from feeds.records.faults import FieldPath, TextFault

Node = Any  # dict[str, Node] | list[Node] | str | None: mypy checks what the schema makes of it

MAX_DEPTH = 32
MAX_ALIASES = 100  # real records have none; a bomb needs nine levels of nine
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
        before = text[: error.position]
        place = before.count("\n") + first_line, len(before) - before.rfind("\n")
        raise TextFault("yaml", "a control character is not allowed here; remove it", *place) from None


def locate(text: str, first_line: int, path: FieldPath) -> tuple[int, int]:
    """Return line and column of the value at `path`, or of the nearest thing above it that exists.

    Only for text that `load` has read: it recurses as deep as the text is nested.
    """
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
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
    """Build one document from events with a stack of open collections."""

    def __init__(self, parser: Any, first_line: int) -> None:
        self.next, self.first_line = parser.get_event, first_line
        self.anchors: dict[str, Node] = {}
        self.aliases = 0

    def document(self) -> Node:
        self.next()  # StreamStart
        if isinstance(self.next(), StreamEndEvent):
            return None
        root: list[Node] = []
        self._fill(root)
        if not isinstance(self.next(), StreamEndEvent):
            raise TextFault("yaml", "more than one YAML document", self.first_line)
        return root[0]

    def _fill(self, node: Node) -> None:
        """Add what the events up to the end of the document say to `node`; the hot loop."""
        get = self.next
        open_nodes: list[Node] = []
        key: str | None = None
        while True:
            event = get()
            kind = event.__class__
            if kind is ScalarEvent:
                value: Node = event.value
                if event.tag or event.anchor:
                    self._note(event, value)
                if key is None and node.__class__ is dict:
                    key = self._key(node, event)
                    continue
                if value in NULLS and event.implicit[0]:
                    value = None
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value = {} if kind is MappingStartEvent else []
                self._note(event, value)
                self._add(node, key, value, event)
                open_nodes.append(node)
                if len(open_nodes) > MAX_DEPTH:
                    raise self._fault("yaml-depth", f"nested more than {MAX_DEPTH} levels deep", event)
                node, key = value, None
                continue
            elif kind is AliasEvent:
                value = self._alias(event)
            elif kind is DocumentEndEvent:
                return
            else:
                _merge(node)
                node, key = open_nodes.pop(), None
                continue
            self._add(node, key, value, event)
            key = None

    def _add(self, node: Node, key: str | None, value: Node, event: Any) -> None:
        if node.__class__ is list:
            node.append(value)
        elif key is None:
            raise self._fault("yaml", "a key must be plain text", event)
        else:
            node[key] = value if key != SECRET else None

    def _key(self, node: dict[str, Node], event: Any) -> str:
        if event.value in node:
            raise self._fault("yaml-duplicate-key", f"the key '{event.value}' stands twice; keep one", event)
        return str(event.value)

    def _alias(self, event: Any) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self._fault("yaml-aliases", f"more than {MAX_ALIASES} aliases", event)
        if event.anchor not in self.anchors:
            raise self._fault("yaml", f"alias '*{event.anchor}' names no anchor", event)
        return self.anchors[event.anchor]

    def _note(self, event: Any, value: Node) -> None:
        """Remember an anchor; refuse a tag that is not one of YAML's own plain types."""
        if event.anchor:
            self.anchors[event.anchor] = value
        tag = event.tag
        if tag and tag != "!" and not (tag.startswith(CORE_TAG) and tag[len(CORE_TAG) :] in CORE_TYPES):
            shown = tag.replace(CORE_TAG, "!!")
            raise self._fault("yaml-tag", f"the tag '{shown}' is not allowed; remove it", event)

    def _fault(self, code: str, detail: str, event: Any) -> TextFault:
        mark = event.start_mark
        return TextFault(code, detail, mark.line + self.first_line, mark.column + 1)


def _merge(node: Node) -> None:
    """Take over the keys of a YAML 1.1 merge (`<<: *defaults`) that the mapping does not set itself."""
    if node.__class__ is not dict or "<<" not in node:
        return
    sources = node.pop("<<")
    for source in sources if isinstance(sources, list) else [sources]:
        if isinstance(source, dict):
            for key, value in source.items():
                node.setdefault(key, value)
