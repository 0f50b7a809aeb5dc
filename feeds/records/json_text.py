"""Read JSON into the same shape as YAML: mappings, lists and strings.

Never keeps the value of `secured`.
"""

import json
from typing import Any

from feeds.records.faults import TextFault
from feeds.records.yaml_text import SECRET, Node


def load(text: str, first_line: int = 1) -> Node:
    """Return the one value in `text`; numbers, truths and null become what YAML would have read as text."""
    try:
        return json.loads(
            text, object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as error:
        raise TextFault("json", error.msg, error.lineno + first_line - 1, error.colno) from None
    except RecursionError:
        raise TextFault("json", "nested too deeply", first_line) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Node]:
    node: dict[str, Node] = {}
    for key, value in pairs:
        if key in node:
            raise TextFault("json", f"the key '{key}' stands twice; keep one")
        node[key] = None if key == SECRET else _text(value)
    return node


def _text(value: Any) -> Node:
    if isinstance(value, bool):
        return "true" if value else "false"
    return [_text(entry) for entry in value] if isinstance(value, list) else value
