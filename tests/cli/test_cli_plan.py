"""`feeds plan`: what it prints, how it exits, and that nothing stays."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_before_the_first_build(run: Run, records: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = files(records.parent)
    done = run("plan", "--base-url", "https://feeds.example.org/", TMPDIR=str(scratch))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["+ A museum puts its archive online", "    new: told by records/good.md"]
    assert lines[2] == "    in all, providers/museum.example, topics/archives"
    assert lines[-1].startswith("nothing was written; to do it: feeds build")
    assert files(records.parent) == before
    assert list(scratch.iterdir()) == []


def test_exit_codes(run: Run, records: Path) -> None:
    site = ("--base-url", "https://feeds.example.org/")
    assert run("plan", *site, "--exit-code").returncode == 1
    assert run("build", *site).returncode == 0
    done = run("plan", *site, "--exit-code")
    assert (done.returncode, done.stdout) == (
        0,
        f"{records.parent / 'out'}: everything is as the next build would have it\n",
    )
    done = run("plan", *site, "--feed", "archives")
    assert done.stdout == "topics/archives: everything is as the next build would have it\n"


def test_a_feed_that_is_none(run: Run, records: Path) -> None:
    assert records.is_dir()
    done = run("plan", "--base-url", "https://feeds.example.org/", "--feed", "topics/archive", "--exit-code")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'topics/archive' is no feed" in done.stderr
    assert "topics/archives" in done.stderr


def test_json(run: Run, records: Path) -> None:
    assert records.is_dir()
    done = run("plan", "--base-url", "https://feeds.example.org/", "--json", "--feed", "all")
    told = json.loads(done.stdout)
    assert set(told) == {"items", "files", "busy"}
    [item] = told["items"]
    assert (item["change"], item["feeds"]) == ("added", ["all"])
    assert all(each["path"].startswith("all.") for each in told["files"])


def test_diff_has_colours_on_a_terminal_only(run: Run, records: Path) -> None:
    site = ("--base-url", "https://feeds.example.org/")
    run("build", *site)
    good = records / "good.md"
    good.write_text(good.read_text(encoding="utf-8").replace("its archive", "all"), encoding="utf-8")
    done = run("plan", *site, "--diff", "--feed", "all")
    assert "\x1b" not in done.stdout
    assert "--- all.rss (published)" in done.stdout
    assert "+++ all.rss (next build)" in done.stdout
    assert "~ A museum puts all online" in done.stdout
