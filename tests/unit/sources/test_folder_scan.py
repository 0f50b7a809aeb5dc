"""Real folders, looked at twice: what is new, what changed, what is gone."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from feeds.sources.folder import Roots, Scan, scan

SECOND = 1_000_000_000
THEN = 1_700_000_000 * SECOND
NOW = THEN + 3600 * SECOND


class Folder:
    """A project folder, with what was known of it after the last look."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, bytes] = {}
        self.now = NOW

    def write(self, name: str, content: str = "x", at: int = THEN) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, ns=(at, at))
        return path

    def roots(self, *names: str) -> Roots:
        paths = tuple(str(self.root / name) for name in names or ("records",))
        return Roots(paths, str(self.root), (str(self.root / "records/out"), str(self.root / "records/config")))

    def look(self, *names: str) -> Scan:
        found = scan(self.roots(*names), self.known, self.now)
        self.known = {**{key: self.known[key] for key in self.known.keys() - found.folders_gone}, **found.listings}
        self.now += 60 * SECOND
        return found

    def seen(self, *names: str) -> tuple[list[str], list[str]]:
        found = self.look(*names)
        assert all(Path(path).parts[-1:] == Path(name).parts[-1:] for name, path in found.changed.items())
        return sorted(found.changed), sorted(found.gone)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "records").mkdir()
    return Folder(tmp_path)


def test_what_is_new_is_seen_once(folder):
    folder.write("records/a.md")
    folder.write("records/deep/er/b.yaml")
    assert folder.seen() == (["records/a.md", "records/deep/er/b.yaml"], [])
    assert folder.seen() == ([], [])
    folder.write("records/c.json")
    assert folder.seen() == (["records/c.json"], [])


def test_which_files_are_records(folder):
    for name in ("a.md", "b.markdown", "c.txt", "d.yaml", "e.yml", "f.json", "G.MD", "i.html", "j", "k.md~", "l.rss"):
        folder.write(f"records/{name}")
    assert folder.seen()[0] == [
        f"records/{name}" for name in ("G.MD", "a.md", "b.markdown", "c.txt", "d.yaml", "e.yml", "f.json")
    ]


def test_what_is_hidden_or_our_own_is_passed_over(folder):
    for name in (".git/a.md", ".b.md", "._c.md", "out/all.json", "config/topics.yaml", "deep/out/d.md", "outer/e.md"):
        folder.write(f"records/{name}")
    assert folder.seen()[0] == ["records/deep/out/d.md", "records/outer/e.md"]


def test_nor_does_a_link_lead_into_our_own(folder):
    folder.write("records/out/all.json")
    (folder.root / "records" / "published").symlink_to(folder.root / "records" / "out")
    assert folder.seen() == ([], [])


CHANGES = [
    ("longer", {"content": "xx"}),
    ("later by a nanosecond", {"at": THEN + 1}),
    ("earlier", {"at": THEN - SECOND}),
]


@pytest.mark.parametrize("change", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_changed_is_seen_once(folder, change):
    folder.write("records/a.md")
    folder.write("records/b.md")
    folder.look()
    folder.write("records/a.md", **change)
    assert folder.seen() == (["records/a.md"], [])
    assert folder.seen() == ([], [])


def test_another_file_of_the_same_size_and_time_is_seen(folder):
    folder.write("records/a.md", "one")
    folder.look()
    folder.write("other", "two").rename(folder.root / "records" / "a.md")
    assert folder.seen() == (["records/a.md"], [])


def test_an_edit_within_the_second_of_the_last_look_is_seen(folder):
    at = folder.now - SECOND
    folder.write("records/a.md", "one", at)
    assert folder.seen()[0] == ["records/a.md"]
    folder.write("records/a.md", "two", at)
    assert folder.seen()[0] == ["records/a.md"]
    assert folder.seen() == ([], [])


def test_a_file_of_the_future_is_read_every_time(folder):
    folder.write("records/a.md", at=NOW + 3600 * SECOND)
    for _ in range(3):
        assert folder.seen()[0] == ["records/a.md"]


def test_what_is_gone_is_told(folder):
    for name in ("a.md", "b.md", "deep/c.md", "deep/er/d.md"):
        folder.write(f"records/{name}")
    folder.look()
    (folder.root / "records" / "a.md").unlink()
    assert folder.seen() == ([], ["records/a.md"])
    shutil.rmtree(folder.root / "records" / "deep")
    assert folder.seen() == ([], ["records/deep/c.md", "records/deep/er/d.md"])
    assert folder.known.keys() == {"records"}
    (folder.root / "records" / "b.md").unlink()
    assert folder.seen() == ([], ["records/b.md"])
    assert folder.seen() == ([], [])


def test_what_is_renamed_is_gone_and_new(folder):
    folder.write("records/a.md").rename(folder.root / "records" / "b.md")
    folder.look()
    (folder.root / "records" / "b.md").rename(folder.root / "records" / "c.md")
    assert folder.seen() == (["records/c.md"], ["records/b.md"])
    (folder.root / "records" / "deep").mkdir()
    (folder.root / "records" / "c.md").rename(folder.root / "records" / "deep" / "c.md")
    assert folder.seen() == (["records/deep/c.md"], ["records/c.md"])


def test_several_roots_are_one_tree(folder):
    folder.write("records/a.md")
    folder.write("more/b.md")
    assert folder.seen("records", "more", "records") == (["more/b.md", "records/a.md"], [])
    assert folder.seen("more") == ([], ["records/a.md"])


def test_the_project_itself_can_be_the_root(folder):
    folder.write("a.md")
    folder.write("records/b.md")
    assert folder.seen("") == (["a.md", "records/b.md"], [])
    (folder.root / "a.md").unlink()
    assert folder.seen("") == ([], ["a.md"])


def test_a_root_outside_the_project_is_named_from_it(folder):
    outside = Folder(folder.root / "project")
    folder.write("records/a.md")
    outside.root.mkdir()
    assert outside.seen("../records") == (["../records/a.md"], [])


def test_how_many_there_are(folder):
    for number in range(3):
        folder.write(f"records/{number}/a.md")
        folder.write(f"records/{number}/b.md")
    assert folder.look().total == folder.look().total == 6


def test_links_that_lead_in_circles_are_walked_once(folder):
    folder.write("records/deep/a.md")
    (folder.root / "records" / "deep" / "up").symlink_to(folder.root / "records")
    (folder.root / "records" / "deep" / "self").symlink_to(folder.root / "records" / "deep")
    assert folder.seen() == (["records/deep/a.md"], [])


def test_a_link_to_itself_costs_nothing_but_a_word(folder):
    folder.write("records/a.md")
    (folder.root / "records" / "knot").symlink_to("knot")
    found = folder.look()
    assert list(found.changed) == ["records/a.md"]
    assert list(found.unreadable) == ["records/knot"]


def test_a_link_to_a_folder_elsewhere_is_followed(folder):
    folder.write("elsewhere/a.md")
    (folder.root / "records" / "link").symlink_to(folder.root / "elsewhere")
    assert folder.seen() == (["records/link/a.md"], [])


def test_a_link_that_leads_nowhere_is_told_once(folder):
    link = folder.root / "records" / "a.md"
    link.symlink_to("nowhere.md")
    assert folder.seen() == (["records/a.md"], [])
    assert folder.seen() == ([], [])
    folder.write("records/nowhere.md")
    assert folder.seen()[0] == ["records/a.md", "records/nowhere.md"]


def test_a_folder_named_like_a_record_is_a_folder(folder):
    folder.write("records/asp.md/a.md")
    assert folder.seen() == (["records/asp.md/a.md"], [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_never_opened(folder):
    os.mkfifo(folder.root / "records" / "a.md")
    assert folder.seen() == ([], [])


def test_a_name_that_is_no_utf_8_can_be_written_down(folder):
    path = os.fsencode(folder.root / "records") + b"/caf\xe9.md"
    try:
        Path(os.fsdecode(path)).write_text("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    os.utime(path, ns=(THEN, THEN))
    found = folder.look()
    assert list(found.changed) == [r"records/caf\xe9.md"]
    assert Path(found.changed[r"records/caf\xe9.md"]).read_text() == "x"
    Path(os.fsdecode(path)).unlink()
    assert folder.seen() == ([], [r"records/caf\xe9.md"])


def test_a_root_that_is_gone_is_unreadable_and_what_stood_in_it_is_kept(folder):
    folder.write("records/a.md")
    folder.write("records/deep/b.md")
    folder.look()
    (folder.root / "records").rename(folder.root / "away")
    found = folder.look()
    assert found.unreadable == {"records": "No such file or directory"}
    assert (found.gone, found.folders_gone, found.changed) == ([], [], {})


def test_also_where_the_root_is_the_project(folder):
    folder.write("a.md")
    folder.write("records/b.md")
    folder.look("")
    folder.root.rename(folder.root.with_name("away"))
    found = folder.look("")
    assert list(found.unreadable) == ["."]
    assert (found.gone, found.folders_gone) == ([], [])


LOOK = """
import json, os, sys
from feeds.sources.folder import Roots, scan
root = sys.argv[1]
roots = Roots((root + "/records",), root)
first = scan(roots, {}, int(sys.argv[2]))
os.chmod(root + "/records/deep", 0)
second = scan(roots, first.listings, int(sys.argv[2]))
print(json.dumps([sorted(first.changed), sorted(second.unreadable), second.gone, second.folders_gone]))
os.chmod(root + "/records/deep", 0o755)
"""


def test_what_stands_in_a_folder_that_may_not_be_read_is_kept(folder):
    """As another user where this one may read everything."""
    for name in ("a.md", "deep/b.md", "deep/er/c.md"):
        folder.write(f"records/{name}")
    command = [sys.executable, "-c", LOOK, str(folder.root), str(NOW)]
    if os.geteuid() == 0:
        command = _as_nobody(folder.root, command)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    expected = '[["records/a.md", "records/deep/b.md", "records/deep/er/c.md"], ["records/deep"], [], []]'
    assert done.stdout.strip() == expected


def _as_nobody(root: Path, command: list[str]) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("this is root, who may read everything, and there is no setpriv")
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    for parent in root.parents:
        if parent.stat().st_uid == 0 and parent.is_relative_to(tempfile.gettempdir()) and parent.parent != parent:
            parent.chmod(0o755)
    plain = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*plain, *command[:1], "-c", "import feeds"], capture_output=True, check=False).returncode:
        pytest.skip("another user may not run this Python")
    return [*plain, *command]
