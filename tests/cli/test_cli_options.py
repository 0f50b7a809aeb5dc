"""Every option of `feeds build`, given as an option, in the file and in the environment; and what it prints."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HELD = "---\ntitle: A draft\npublishedDateTime: 2026-11-20T09:30:00Z\npublished: false\n---\n"
BAD = "---\ntitle: No date\n---\n"

Done = "subprocess.CompletedProcess[str]"
# option, key of the setting, its value, and what to see afterwards
EFFECTS: dict[str, tuple[list[str], str, str, Callable[[Done, Path], bool]]] = {
    "records": (["other"], "records", "other", lambda done, folder: "1 record -> 0 items" in done.stdout),
    "out": (["--out", "public"], "out", "public", lambda done, folder: (folder / "public" / "all.rss").exists()),
    "base_url": (
        ["--base-url", "https://feeds.example.org"],
        "base_url",
        "https://feeds.example.org",
        lambda done, folder: 'href="https://feeds.example.org/all.rss"' in (folder / "out" / "all.rss").read_text(),
    ),
    "state": (["--state", "s/kept.db"], "state", "s/kept.db", lambda done, folder: (folder / "s" / "kept.db").exists()),
    "jobs": (["--jobs", "2"], "jobs", "2", lambda done, folder: "2 records -> 1 item" in done.stdout),
    "include_unpublished": (
        ["--include-unpublished"],
        "include_unpublished",
        "true",
        lambda done, folder: (
            "2 records -> 2 items" in done.stdout and "A draft" in (folder / "out" / "all.rss").read_text()
        ),
    ),
    "strict": (
        ["--strict", "other"],
        "strict",
        "true",
        lambda done, folder: done.returncode == (3 if "other" in done.args else 0),
    ),
    "json": (["--json"], "json", "true", lambda done, folder: json.loads(done.stdout)["items"] == 1),
}


@pytest.fixture
def two(records: Path, folder: Path) -> Path:
    (records / "held.md").write_text(HELD, encoding="utf-8")
    (folder / "other").mkdir()
    (folder / "other" / "bad.md").write_text(BAD, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", EFFECTS)
def test_an_option_has_its_effect(run, two, name):
    words, _, _, seen = EFFECTS[name]
    done = run("build", *words)
    assert done.stderr == ""
    assert seen(done, two)


@pytest.mark.parametrize("name", EFFECTS)
def test_the_setting_of_an_option_has_the_same_effect(run, two, name):
    _, key, value, seen = EFFECTS[name]
    (two / "config").mkdir()
    (two / "config" / "feeds.yaml").write_text(
        f"{key}: {f'[{value}]' if key == 'records' else value}\n", encoding="utf-8"
    )
    done = run("build")
    assert done.stderr == ""
    assert seen(done, two)


def test_every_option_has_a_variable(run, two):
    given = {key: value for _, key, value, _ in EFFECTS.values()}
    told = json.loads(run("config", "show", **{f"FEEDS_{key.upper()}": value for key, value in given.items()}).stdout)
    assert {key: told[key]["origin"] for key in given} == {key: f"environment FEEDS_{key.upper()}" for key in given}
    assert (told["records"]["value"], told["jobs"]["value"], told["strict"]["value"]) == (["other"], 2, True)


def test_no_draft_is_told_anywhere(run, two):
    assert "1 record held back: it says so itself" in run("build").stdout
    assert [path for path in (two / "out").rglob("*.*") if "A draft" in path.read_text(encoding="utf-8")] == []


def test_an_option_wins_over_the_environment_over_the_file(run, records, folder):
    (folder / "config").mkdir()
    (folder / "config" / "feeds.yaml").write_text(
        "out: a\nstate: a.db\nbase_url: https://a.example/\n", encoding="utf-8"
    )
    told = json.loads(run("config", "show", "--json", "--out", "c", FEEDS_OUT="b", FEEDS_STATE="b.db").stdout)
    assert [(told[key]["value"], told[key]["origin"]) for key in ("out", "state", "base_url")] == [
        ("c", "--out"),
        ("b.db", "environment FEEDS_STATE"),
        ("https://a.example/", "config/feeds.yaml:3"),
    ]


def test_json_has_the_documented_keys_and_no_others(run, records):
    (records / "bad.md").write_text(BAD, encoding="utf-8")
    done = run("build", "--json")
    assert done.stdout.count("\n") == 1
    told = json.loads(done.stdout)
    manual = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = manual.partition("### The object that `--json` prints")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `([^`]+)` \| (\w+) \|", section, re.MULTILINE)
    inside = [f"problems[].{key}" for key in told["problems"][0]] + [f"files.{key}" for key in told["files"]]
    assert sorted(key for key, _ in documented) == sorted([*told, *inside])
    types = {"number": (int, float), "text": str, "list": list, "object": dict}
    values = {**told, **{f"problems[].{key}": value for key, value in told["problems"][0].items()}}
    values |= {f"files.{key}": value for key, value in told["files"].items()}
    assert [key for key, kind in documented if not isinstance(values[key], types[kind])] == []


def test_json_counts_what_was_done(run, records, folder):
    first, again = (json.loads(run("build", "--json").stdout) for _ in range(2))
    paths = sorted(
        path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.*") if path.is_file()
    )
    assert first["files"] == {"written": paths, "deleted": []}
    assert (first["written"], first["unchanged"], first["read"], first["rendered"]) == (20, 0, 1, 1)
    assert (again["written"], again["unchanged"], again["read"], again["rendered"]) == (0, 20, again["read"], 0)
    assert (again["records"], again["items"], again["feeds"], again["held_back"]) == (1, 1, 3, 0)


def on_terminal(words: list[str], folder: Path, environ: dict[str, str]) -> str:
    """Return what the program prints on a terminal."""
    pty = pytest.importorskip("pty")
    mine, theirs = pty.openpty()
    try:
        command = [sys.executable, "-m", "feeds", *words]
        subprocess.run(command, cwd=folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, check=False)
        return os.read(mine, 65_536).decode()
    finally:
        os.close(mine)
        os.close(theirs)


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_on_a_terminal_unless_they_are_not_wanted(records, folder, environment, environ, coloured):
    (records / "bad.md").write_text(BAD, encoding="utf-8")
    told = on_terminal(["build"], folder, environment(TERM="xterm-256color", **environ))
    assert "date-missing" in told
    assert ("\x1b[31mdate-missing\x1b[0m" in told) == coloured
    assert ("\x1b[" in told) == coloured


@pytest.mark.parametrize("words", [["build"], ["config", "show"], ["config", "check"], ["build", "--help"]])
def test_no_colours_where_there_is_no_terminal(run, records, words):
    (records / "bad.md").write_text(BAD, encoding="utf-8")
    done = run(*words, TERM="xterm-256color")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
