"""Read JSON into the same shape as YAML: mappings, lists and strings.

Never keeps the value of `secured`.
"""

import json
import re
from typing import Any

from feeds.records import yaml_text
from feeds.records.faults import FieldPath, TextFault
from feeds.records.yaml_text import SECRET, SHOWN, Node

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class _Twice(str):
    """Stands for a mapping in which this key stands twice: whether that matters, only those around it can tell."""

    __slots__ = ()


def load(text: str, first_line: int = 1) -> Node:
    """Return the one value in `text`; numbers, truths and null become what YAML would have read as text."""
    try:
        node = _text(json.loads(text, object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str))
    except json.JSONDecodeError as error:
        raise TextFault("json", error.msg, error.lineno + first_line - 1, error.colno) from None
    except RecursionError:
        raise TextFault("json", "nested too deeply", first_line) from None
    except UnicodeEncodeError:
        raise TextFault("json", r"an escape such as \ud83d is only half a character", first_line) from None
    if isinstance(node, _Twice):
        raise TextFault("json", f"the key {str(node)[:SHOWN]!r} stands twice; keep one", first_line)
    return node


def locate(text: str, first_line: int, path: FieldPath) -> tuple[int, int]:
    """Return line and column of the value at `path`: JSON is YAML, but for the escapes of characters beyond U+FFFF."""
    return yaml_text.locate(_SURROGATE.sub(r"\\u0020", text), first_line, path)


def _pairs(pairs: list[tuple[str, Any]]) -> Node:
    node: dict[str, Node] = {}
    for key, value in pairs:
        entry = None if key == SECRET else _text(value)
        if key in node or isinstance(entry, _Twice):
            return _Twice(key if key in node else entry)
        node[_text(key)] = entry
    return node


def _text(value: Any) -> Node:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        entries = [_text(entry) for entry in value]
        return next((entry for entry in entries if isinstance(entry, _Twice)), entries)
    if isinstance(value, str) and not value.isascii():
        value.encode()  # half a surrogate pair is no text, and nothing later could write it down
    return value
