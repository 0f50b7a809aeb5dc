"""What a command does not need is not imported: start-up is most of the time of a small build."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    *("yaml", "pydantic", "sqlalchemy", "lxml", "feedgen", "ftfy", "msgspec", "rich", "apscheduler"),
    *("httpx", "httptools", "protego", "asyncio"),
)
RENDERING = ("lxml", "feedgen", "ftfy", "httpx", "protego", "rich", "apscheduler", "slugify", "ada_url", "idna")
RUN = """
import sys
from feeds.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(sys.modules))
"""
RECORD = "---\ntitle: A\npublishedDateTime: 2026-11-20T09:30:00Z\noriginalUrl: https://a.example/1\ntopics: [AI]\n---\n"


def loaded(folder: Path, *words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", RUN, *words], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("loaded: ")[2].split())


HELP = (
    [],
    ["build"],
    ["check"],
    ["config", "show"],
    ["doctor"],
    ["completion"],
    ["explain"],
    ["init"],
    ["links"],
    ["links", "pin"],
    ["list"],
    *(["list", word] for word in ("feeds", "items", "providers", "topics")),
    ["plan"],
    ["poll"],
    ["push"],
    ["run"],
    ["serve"],
    ["sources"],
    *(["sources", word] for word in ("add", "export", "import", "list", "remove")),
    ["status"],
)


@pytest.mark.parametrize("words", [["--version"], *([*words, "--help"] for words in HELP)])
def test_help_imports_nothing_heavy(tmp_path, words):
    assert loaded(tmp_path, *words).intersection(HEAVY) == set()


def test_a_build_without_changes_imports_nothing_that_renders_or_repairs(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.md").write_text(RECORD, encoding="utf-8")
    first = loaded(tmp_path, "build")
    assert {"feedgen", "lxml"} <= first
    assert loaded(tmp_path, "build").intersection(RENDERING) == set()


@pytest.mark.parametrize("words", [["config", "check"], ["config", "show"], ["config", "schema"]])
def test_the_configuration_needs_no_state(tmp_path, words):
    assert loaded(tmp_path, *words).intersection(("sqlalchemy", "sqlite3", "lxml", "feedgen")) == set()
