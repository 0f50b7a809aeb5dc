"""A build that is killed anywhere and run again gives what one that was left alone gives, and never half a file."""

import gzip
import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from killing import changes_of, context, kill_at
from project import START, Draft, Mention, Project

pytestmark = pytest.mark.slow

DAY = 86_400
STORIES = {
    "a.md": Draft("https://news.example/a", "A", related=(Mention("https://news.example/b", "B, they say"),)),
    "b.md": Draft("https://news.example/b", "B", topics=("Law",)),
    "c.md": Draft("https://courant.example/c", "C", provider=("Courant", "courant.example"), topics=("Courts",)),
    "d.md": Draft("https://news.example/d", "D", held=True, topics=("Secret",)),
    "e.md": Draft("https://news.example/e", "E", date=START + DAY - 5),
}


def first(project: Project) -> int:
    for name, draft in STORIES.items():
        project.write(name, draft)
    return START + 10


def edited(project: Project) -> int:
    project.build(first(project))
    project.write("a.md", replace(STORIES["a.md"], title="A again"), START + 20)
    project.write("b.md", replace(STORIES["b.md"], url="https://news.example/b2"), START + 20)
    project.write("d.md", replace(STORIES["d.md"], held=False), START + 20)
    (project.records / "c.md").unlink()
    return START + DAY


def reconfigured(project: Project) -> int:
    project.build(first(project))
    project.configure(feeds={"formats": ["atom"], "limit": 1}, site={"title": "Another"}, time_zone="Europe/Berlin")
    project.name(topics=[{"name": "Law", "slug": "law-and-order"}])
    return START + DAY


WITH_ALL = {
    "feeds": {"archives": True, "limit": 1, "tombstone_days": 3},
    "pages": {"enabled": True},
    "custom_feeds": [{"name": "best", "query": "topic:ai and age < 7d", "sort": "score"}],
}


def archived(project: Project) -> int:
    project.configure(**WITH_ALL)
    return first(project)


def archived_and_edited(project: Project) -> int:
    project.configure(**WITH_ALL)
    return edited(project)


def archived_until_now(project: Project) -> int:
    project.configure(**WITH_ALL)
    project.build(first(project))
    project.configure(time_zone="Europe/Berlin")
    return START + DAY


def compressed(project: Project) -> int:
    project.configure(feeds={"encodings": ["gzip", "br"]})
    return edited(project)


def compressed_from_now_on(project: Project) -> int:
    project.build(first(project))
    project.configure(feeds={"encodings": ["gzip", "br"]})
    return START + DAY


def compressed_until_now(project: Project) -> int:
    project.configure(feeds={"encodings": ["gzip", "br"]})
    project.build(first(project))
    project.configure(feeds={"encodings": ["br"]})
    return START + DAY


def copy(source: Path, target: Path) -> Project:
    """Copy a project, its files under their old inodes: a new inode would count as tampered with."""

    def link(old: str, new: str) -> None:
        shutil.copyfile(old, new) if "/.feeds/" in old else os.link(old, new)

    shutil.copytree(source, target, copy_function=link)
    return Project(target, reuse=True)


@pytest.mark.parametrize("prepare", [first, edited, reconfigured, archived, archived_and_edited, archived_until_now])
def test_resumed_after_a_kill_anywhere(tmp_path: Path, prepare: Callable[[Project], int]) -> None:
    start = tmp_path / "start"
    now = prepare(Project(start))
    calm = copy(start, tmp_path / "calm")
    before = calm.tree()
    server = context()
    changes = changes_of(server, calm.root, now)
    after = calm.tree()
    assert after != before
    assert changes > 100
    # Every seventh of some hundred, from another one in every case; all of them take a minute and find no more.
    for change in range(1 + len(before) % 7, changes, 7):
        project = copy(start, tmp_path / "killed")
        assert kill_at(server, project.root, now, change) == -signal.SIGKILL
        left = {name: body for name, body in project.tree().items() if not name.startswith(".stage/")}
        assert all(body in (before.get(name), after.get(name)) for name, body in left.items()), change
        project.build(now)
        assert project.tree() == after, change
        shutil.rmtree(project.root)
    assert calm.tree() == after


def reconfigure(project: Project, **settings: object) -> None:
    project.config.unlink()  # in a copy it is a link to the file of `start`
    project.configure(**settings)


def assert_forms_are_true(project: Project) -> None:
    """No compressed form stands beside other bytes than its own, or has another time."""
    tree = {name: body for name, body in project.tree().items() if not name.startswith(".stage/")}
    stamps = project.stamps()
    for name, body in tree.items():
        if name.endswith((".gz", ".br")):
            decoded = gzip.decompress(body) if name.endswith(".gz") else brotli.decompress(body)
            assert (decoded, stamps[name]) == (tree[name[:-3]], stamps[name[:-3]]), name


@pytest.mark.parametrize("prepare", [compressed, compressed_from_now_on, compressed_until_now])
def test_resumed_with_compressed_forms(tmp_path: Path, prepare: Callable[[Project], int]) -> None:
    start = tmp_path / "start"
    now = prepare(Project(start))
    calm = copy(start, tmp_path / "calm")
    server = context()
    changes = changes_of(server, calm.root, now)
    after = calm.tree()
    assert any(name.endswith(".br") for name in after)
    without = {name: body for name, body in after.items() if not name.endswith((".gz", ".br"))}
    # The last fifth of the changes and some more publish: that is where forms come and go.
    for change in (*range(11, changes // 2, changes // 6), *range(changes // 2, changes, changes // 24)):
        project = copy(start, tmp_path / "killed")
        assert kill_at(server, project.root, now, change) == -signal.SIGKILL
        assert_forms_are_true(project)
        other = copy(project.root, tmp_path / "other")
        project.build(now)
        assert project.tree() == after, change
        assert_forms_are_true(project)
        reconfigure(other)
        other.build(now)
        assert other.tree() == without, change
        shutil.rmtree(project.root)
        shutil.rmtree(other.root)


def test_withdrawn_after_a_kill_while_it_was_published(tmp_path: Path) -> None:
    start, now = tmp_path / "start", START + 30
    story = Draft("https://news.example/x", "Xgone", topics=("Xtopic",), provider=("Xprovider", "xprovider.example"))
    project = Project(start)
    project.build(first(project))
    before = project.tree()
    project.write("x.md", story, START + 20)
    server = context()
    changes = changes_of(server, copy(start, tmp_path / "calm").root, now)
    for change in range(1 + changes % 4, changes, 4):
        project = copy(start, tmp_path / "killed")
        assert kill_at(server, project.root, now, change) == -signal.SIGKILL
        out = {name for name in project.tree() if not name.startswith(".stage/")} - before.keys()
        (project.records / "x.md").unlink()  # it is a link to the file of `start`
        project.write("x.md", replace(story, held=True), START + 40)
        project.build(START + 50)
        assert not any(b"Xgone" in body for body in project.tree().values()), change
        # As if it had never been, or like any feed that lost its last story; and never a part of either.
        left = project.tree().keys() - before.keys()
        assert len(left) in (0, 6), change
        assert left <= out, change
        assert left or project.tree() == before, change
        reconfigure(project, feeds={"topics": False, "providers": False})
        project.build(START + 60)
        told = {f"{key}.atom" for key in json.loads(project.tree()["feeds.json"])["gone"]}
        # Only what a build that came to its end has published is told as gone.
        assert told - before.keys() == {name for name in left if name.endswith(".atom")}, change
        shutil.rmtree(project.root)
