"""Leave out top-level blocks of front matter that nobody needs, before they are parsed.

Parsing is the cost of a record (160 of 250 µs); `related` alone is more than half of it where it is not wanted.
Line numbers change, so whoever meets a fault must read the full text again. Never the only reading of a record: a
text that fails when skimmed is tried whole.
"""

import re

_NEXT_KEY = re.compile(r"\n(?=[^ \-\n\t#]|-[^ \n])")


def skim(text: str, key: str) -> str:
    """Return `text` without the top-level block `key:` and the indented or listed lines that belong to it."""
    start = _block_start(text, key)
    return text if start < 0 else text[:start] + text[_block_end(text, start) :]


def _block_start(text: str, key: str) -> int:
    # A value on the line of its key may go on anywhere: only a block below it has a certain end.
    if text.startswith(key + ":\n"):
        return 0
    found = text.find("\n" + key + ":\n")
    return found + 1 if found >= 0 else -1


def _block_end(text: str, start: int) -> int:
    """Return where the next top-level key begins: a line that neither is indented nor lists."""
    found = _NEXT_KEY.search(text, start)
    return found.end() if found else len(text)
