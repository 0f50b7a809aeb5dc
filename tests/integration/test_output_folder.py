"""The output folder as others leave it: in the way, tampered with, half deleted, holding files of their own."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from project import LISTS, START, Draft, Project

from feeds.errors import PublishError

# capabilities(7): version 3 of the call, and the right to write where permissions forbid it.
CAPABILITIES, CAP_DAC_OVERRIDE = 0x2008_0522, 1 << 1
STORY = Draft("https://news.example/story", "Story", topics=("AI", "Law"))


@contextmanager
def as_everybody() -> Iterator[None]:
    """Have root, who may write everywhere, heed permissions like everybody else."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    sets = (ctypes.c_uint32 * 6)()
    if not hasattr(libc, "capget") or libc.capget(head, sets):
        pytest.skip("this root cannot be told its capabilities")
    kept = sets[0]
    sets[0] &= ~CAP_DAC_OVERRIDE
    assert libc.capset(head, sets) == 0
    try:
        yield
    finally:
        sets[0] = kept
        assert libc.capset(head, sets) == 0


@pytest.fixture
def built(project: Project) -> Project:
    project.write("story.md", STORY)
    project.write("other.md", Draft("https://courant.example/other", "Other", provider=("Courant", "courant.example")))
    project.build(START)
    return project


def test_a_file_in_the_way_is_told_and_costs_nothing(project: Project) -> None:
    project.write("story.md", STORY)
    project.out.write_text("in the way")
    with pytest.raises(PublishError, match=f"cannot publish to {project.out}: "):
        project.build(START)
    assert project.out.read_text() == "in the way"
    project.out.unlink()
    project.build(START + 10)
    assert project.tree() == project.fresh(START + 10, "anew")


def test_a_folder_that_cannot_be_written_keeps_the_last_good_tree(built: Project) -> None:
    before = built.tree()
    built.write("story.md", Draft(STORY.url, "Corrected", topics=("AI", "Law")), START + 10)
    built.out.chmod(0o555)
    try:
        with pytest.raises(PublishError, match="the last good feeds are still in place"), as_everybody():
            built.build(START + 20)
        assert built.tree() == before
    finally:
        built.out.chmod(0o755)
    built.build(START + 30)
    assert "Corrected" in built.titles("topics/law")


def test_a_folder_where_a_feed_should_be(built: Project) -> None:
    before = built.tree()
    (built.out / "topics" / "new.atom" / "deep").mkdir(parents=True)
    built.write("new.md", Draft("https://news.example/new", "New", topics=("New",)), START + 10)
    with pytest.raises(PublishError):
        built.build(START + 20)
    assert all(body == before.get(name, body) or b"New" in body for name, body in built.tree().items())
    shutil.rmtree(built.out / "topics" / "new.atom")
    built.build(START + 30)
    assert built.titles("topics/new") == ["New"]
    assert not any(name.startswith(".stage") for name in built.tree())


def test_what_a_killed_build_left_staged_goes(built: Project) -> None:
    left = built.out / ".stage" / "topics" / "secret.rss"
    left.parent.mkdir(parents=True)
    left.write_text("left over")
    built.write("story.md", Draft(STORY.url, "Corrected"), START + 10)
    built.build(START + 20)
    assert not (built.out / ".stage").exists()
    assert "topics/secret.rss" not in built.tree()


def overwrite(path: Path) -> None:
    path.write_bytes(b"tampered with")


def same_size(path: Path) -> None:
    path.write_bytes(path.read_bytes().swapcase())


def replace_by_copy(path: Path) -> None:
    body = path.read_bytes()
    path.unlink()
    path.write_bytes(body)


@pytest.mark.parametrize("damage", [overwrite, same_size, Path.unlink])
@pytest.mark.parametrize("path", ["all.rss", "topics/law.json", "providers/courant.example.atom", "feeds.json"])
def test_damaged_files_are_restored_and_no_others_touched(built: Project, path: str, damage: "type[Path]") -> None:
    before, stamps = built.tree(), built.stamps()
    damage(built.out / path)
    report = built.build(START + 10)
    assert report.written == [path]
    assert built.tree() == before
    after = built.stamps()
    assert {name for name in after if after[name] != stamps[name]} == {path}
    assert built.build(START + 20).written == []


def test_a_file_replaced_by_its_equal_is_left_alone(built: Project) -> None:
    replace_by_copy(built.out / "all.rss")
    stamps = built.stamps()
    assert built.build(START + 10).written == []
    assert built.stamps() == stamps


@pytest.mark.parametrize("part", ["", "topics"])
def test_a_folder_that_was_deleted_comes_back(built: Project, part: str) -> None:
    before = built.tree()
    shutil.rmtree(built.out / part)
    report = built.build(START + 10)
    assert built.tree() == before
    assert sorted(report.written) == sorted(name for name in before if name.startswith(f"{part}/" if part else ""))


def test_files_of_others_stay(built: Project) -> None:
    for name in ("index.html", "robots.txt", "own.json", "topics/own.rss", ".well-known/x.json", "empty/y.atom"):
        path = built.out / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    built.build(START + 10)
    built.configure(feeds={"topics": False})
    built.build(START + 20)
    left = {name for name in built.tree() if not name.startswith(("all.", "providers/", *LISTS))}
    assert left == {"index.html", "robots.txt", "own.json", "topics/own.rss", ".well-known/x.json", "empty/y.atom"}


def test_a_front_page_of_somebody_else_stays_and_ours_is_kept_current(built: Project) -> None:
    (built.out / "index.html").write_text("<h1>Mine</h1>")
    built.configure(pages={"enabled": True})
    report = built.build(START + 10)
    assert report.front_kept
    assert built.tree()["index.html"] == b"<h1>Mine</h1>"
    assert "all.html" in built.tree()
    (built.out / "index.html").unlink()
    report = built.build(START + 20)
    assert not report.front_kept
    ours = built.tree()["index.html"]
    (built.out / "index.html").write_bytes(ours[:-9])
    assert built.build(START + 30).written == ["index.html"]
    (built.out / "index.html").unlink()
    assert built.build(START + 40).written == ["index.html"]
    built.configure(pages={"enabled": False})
    report = built.build(START + 50)
    assert {"index.html", "all.html", "assets/feeds.css"} <= set(report.deleted)
    assert not [name for name in built.tree() if name.endswith((".html", ".css", ".js", ".svg"))]


@pytest.mark.parametrize("change", [False, True])
def test_a_front_page_that_somebody_puts_over_ours_stays(built: Project, *, change: bool) -> None:
    built.configure(pages={"enabled": True})
    built.build(START + 10)
    (built.out / "index.html").write_text("<h1>Mine</h1>")
    for at in (20, 30):
        report = built.build(START + at)
        assert (report.front_kept, report.written, report.deleted) == (True, [], [])
    built.write("c.md", Draft("https://news.example/c", "C"), START + 40)
    if change:
        assert "all.html" in built.build(START + 40).written
    built.configure(pages={"enabled": False})
    assert not built.build(START + 50).front_kept
    assert built.tree()["index.html"] == b"<h1>Mine</h1>"


def test_a_front_page_of_ours_that_does_not_say_so_is_kept_current(built: Project) -> None:
    (built.root / "look").mkdir()
    (built.root / "look/index.html").write_text("{{ count }}")
    built.configure(pages={"enabled": True, "templates": "look"})
    built.build(START + 10)
    (built.root / "look/index.html").write_text("{{ count }}!")
    report = built.build(START + 20)
    assert (report.front_kept, report.written) == (False, ["index.html"])


def test_one_edit_writes_its_feeds_and_touches_no_other(built: Project) -> None:
    stamps = built.stamps()
    built.write("story.md", Draft(STORY.url, "Corrected", topics=("AI", "Law")), START + 10)
    report = built.build(START + 20)
    feeds = ("all", "providers/news.example", "topics/ai", "topics/law")
    assert report.written == sorted(
        ["feeds.json", *(f"{feed}.{ending}" for feed in feeds for ending in ("rss", "atom", "json"))]
    )
    after = built.stamps()
    assert sorted(name for name in after if after[name] != stamps[name]) == report.written
    # Conditional requests know whole seconds only.
    assert all(after[name] // 10**9 > stamps[name] // 10**9 for name in report.written)
