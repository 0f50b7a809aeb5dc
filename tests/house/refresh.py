"""Write what the code says into the manual: the usage of every command, and the rows of the settings table.

Run it as `python tests/house/refresh.py`, then read the diff. What a row says in its last column is kept.
"""

import json
import re
import sys
from pathlib import Path

from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

import test_house_documents as house

from feeds.cli.main import feeds as program
from feeds.config.environment import variable
from feeds.config.keys import leaves
from feeds.config.settings import Settings

COMMANDS, SETTINGS = house.PROJECT / "docs" / "commands.md", house.PROJECT / "docs" / "configuration.md"
_ROWS = re.compile(r"(## Settings\n\n\|.*\n\|[-|]*\n)((?:\|.*\n)+)")


def usage(line: str) -> str:
    """Return a usage as the manual shows it."""
    words = line.split()[1:]
    printed = CliRunner().invoke(program, [*words, "--help"], prog_name="feeds", terminal_width=78).output
    return f"```text\n$ {line} --help\n{printed}```"


def refreshed(text: str) -> str:
    """Return a document with every usage in it as it is now."""
    shown = re.compile(r"```text\n\$ (feeds[a-z ]*) --help\n.*?```", re.DOTALL)
    return shown.sub(lambda found: usage(found[1]), text)


def with_all_commands(text: str) -> str:
    """Return the manual with a section for every command that has none, before the exit codes."""
    missing = [line for line, _ in house.commands() if f"$ {line} --help" not in text and line != "feeds config"]
    sections = "".join(f"## {line}\n\n{usage(line)}\n\n" for line in missing)
    return text.replace("## Exit codes\n", sections + "## Exit codes\n")


def with_all_settings(text: str) -> str:
    """Return the manual with one row a setting."""
    found = _ROWS.search(text)
    assert found is not None
    rows = [line.split(" | ") for line in found[2].splitlines()]
    told = {cells[0].strip("| `"): cells[-1].removesuffix(" |") for cells in rows}
    lines = [
        f"| `{'.'.join(key)}` | {house.kind(info.annotation)} | `{json.dumps(info.default)}` | `{variable(key)}` "
        f"| {told.get('.'.join(key)) or info.description} |\n"
        for key, info in leaves(Settings)
    ]
    return text.replace(found[2], "".join(lines))


def main() -> None:
    """Refresh the manual."""
    for path in (house.PROJECT / "README.md", COMMANDS):
        text = refreshed(path.read_text(encoding="utf-8"))
        path.write_text(with_all_commands(text) if path == COMMANDS else text, encoding="utf-8")
    SETTINGS.write_text(with_all_settings(SETTINGS.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
