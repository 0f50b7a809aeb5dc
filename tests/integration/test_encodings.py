"""The setting feeds.encodings: compressed forms beside every published file, whatever happens to it or to them."""

import gzip
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from project import LISTS, START, Draft, Project

BOTH = {".gz": gzip.decompress, ".br": brotli.decompress}
STORY = Draft("https://news.example/story", "Story", topics=("AI", "Law"))


@pytest.fixture
def plain(project: Project) -> Project:
    project.write("story.md", STORY)
    project.write("other.md", Draft("https://courant.example/other", "Other", provider=("Courant", "courant.example")))
    return project


@pytest.fixture
def built(plain: Project) -> Project:
    plain.configure(feeds={"encodings": ["gzip", "br"]})
    plain.build(START)
    return plain


def files(project: Project) -> dict[str, bytes]:
    """Return what is published, but for compressed forms: these have to be right."""
    tree, stamps = project.tree(), project.stamps()
    forms = {name: body for name, body in tree.items() if name.endswith(tuple(BOTH))}
    for name, body in forms.items():
        assert (BOTH[name[-3:]](body), stamps[name]) == (tree[name[:-3]], stamps[name[:-3]]), name
    return {name: body for name, body in tree.items() if name not in forms}


def suffixes(project: Project) -> set[tuple[str, ...]]:
    """Return the forms that stand beside files: one element, if all have the same."""
    tree = project.tree()
    return {tuple(each for each in BOTH if name + each in tree) for name in files(project)}


def test_every_file_has_its_forms(built: Project) -> None:
    assert suffixes(built) == {(".gz", ".br")}
    assert len(built.tree()) == 3 * len(files(built)) == 3 * (15 + len(LISTS))


def test_the_report_and_the_state_tell_of_files_only(plain: Project) -> None:
    reports = []
    for encodings in ([], ["gzip", "br"]):
        plain.configure(feeds={"encodings": encodings}, out=f"out{len(encodings)}", state=f".feeds/{len(encodings)}.db")
        reports.append([plain.build(START), plain.build(START + 1)])
    assert reports[0] == reports[1]
    assert len(reports[0][0].written) == 15 + len(LISTS)
    with closing(sqlite3.connect(plain.root / ".feeds" / "2.db")) as state:
        manifests = [json.loads(row[0]) for row in state.execute("SELECT files FROM feed")]
    assert {Path(path).suffix for manifest in manifests for path in manifest} == {".rss", ".atom", ".json"}


def test_an_edit_changes_the_forms_of_what_it_changes(built: Project) -> None:
    before, stamps = files(built), built.stamps()
    built.write("story.md", Draft(STORY.url, "Corrected", topics=("AI", "Law")), START + 10)
    report = built.build(START + 20)
    after = files(built)
    assert suffixes(built) == {(".gz", ".br")}
    changed = {name for name in after if after[name] != before[name]}
    assert sorted(changed) == report.written
    moved = {name for name, stamp in built.stamps().items() if stamp != stamps[name]}
    assert moved == {name + suffix for name in changed for suffix in ("", *BOTH)}


def test_a_build_without_changes_touches_nothing(built: Project) -> None:
    stamps = built.stamps()
    report = built.build(START + 10)
    assert (report.written, report.deleted, report.rendered, report.unchanged) == ([], [], 0, 15 + len(LISTS))
    assert built.stamps() == stamps


@pytest.mark.parametrize(
    ("first", "then"),
    [([], ["gzip", "br"]), ([], ["br"]), (["gzip"], ["br"]), (["gzip", "br"], ["gzip"]), (["gzip", "br"], [])],
)
def test_turned_on_and_off_without_a_change_to_any_feed(plain: Project, first: list[str], then: list[str]) -> None:
    plain.configure(feeds={"encodings": first})
    plain.build(START)
    before = files(plain)
    stamps = {name: (plain.out / name).stat() for name in before}
    plain.configure(feeds={"encodings": then})
    report = plain.build(START + 10)
    assert (report.written, report.deleted, report.unchanged) == ([], [], 15 + len(LISTS))
    assert files(plain) == before
    for name, old in stamps.items():
        new = (plain.out / name).stat()
        assert (new.st_mtime_ns, new.st_ctime_ns, new.st_ino) == (old.st_mtime_ns, old.st_ctime_ns, old.st_ino)
    wanted = tuple(suffix for suffix, name in ((".gz", "gzip"), (".br", "br")) if name in then)
    assert suffixes(plain) == {wanted}
    assert plain.build(START + 20).rendered == 0


@pytest.mark.parametrize(("first", "then"), [([], ["gzip", "br"]), (["gzip"], ["br"]), (["gzip", "br"], [])])
def test_turned_on_and_off_in_archives_too(plain: Project, first: list[str], then: list[str]) -> None:
    plain.configure(feeds={"encodings": first, "archives": True, "limit": 1})
    plain.build(START)
    before = files(plain)
    assert "archive/all/1.rss" in before
    plain.configure(feeds={"encodings": then, "archives": True, "limit": 1})
    assert plain.build(START + 10).written == []
    assert files(plain) == before
    assert suffixes(plain) == {tuple(suffix for suffix, name in ((".gz", "gzip"), (".br", "br")) if name in then)}


def overwrite(path: Path) -> None:
    path.write_bytes(b"tampered with")


def same_size(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


def touch(path: Path) -> None:
    os.utime(path, (START, START))


def replace_by_copy(path: Path) -> None:
    body = path.read_bytes()
    path.unlink()
    path.write_bytes(body)


@pytest.mark.parametrize("damage", [overwrite, same_size, touch, Path.unlink, replace_by_copy])
@pytest.mark.parametrize("path", ["all.rss", "topics/law.json", "feeds.json"])
@pytest.mark.parametrize("suffix", ["", ".gz", ".br"])
def test_what_somebody_did_is_put_right(
    built: Project, path: str, suffix: str, damage: Callable[[Path], object]
) -> None:
    before = built.tree()
    damage(built.out / (path + suffix))
    report = built.build(START + 10)
    assert report.written == ([path] if not suffix and damage in (overwrite, same_size, Path.unlink) else [])
    assert (built.tree(), suffixes(built)) == (before, {(".gz", ".br")})
    stamps = built.stamps()
    assert built.build(START + 20).rendered == 0
    assert built.stamps() == stamps


def test_forms_go_with_their_feed(built: Project) -> None:
    built.configure(feeds={"encodings": ["gzip", "br"], "topics": False, "formats": ["atom"]})
    report = built.build(START + 10)
    assert not any(name.endswith((".gz", ".br")) for name in report.deleted)
    left = {"all.atom", *LISTS, "providers/courant.example.atom", "providers/news.example.atom"}
    assert (files(built).keys(), suffixes(built)) == (left, {(".gz", ".br")})


def test_files_of_others_stay(built: Project) -> None:
    theirs = {"own.rss.gz", "topics/own.json.br", "archive.tar.gz", "index.html.gz", "own.gz"}
    for name in theirs:
        (built.out / name).write_bytes(name.encode())
    built.build(START + 10)
    built.configure()
    built.build(START + 20)
    assert {name: body for name, body in built.tree().items() if name.endswith((".gz", ".br"))} == {
        name: name.encode() for name in theirs
    }


def test_a_folder_that_was_deleted_comes_back_with_its_forms(built: Project) -> None:
    before = built.tree()
    for path in (built.out / "topics").iterdir():
        path.unlink()
    report = built.build(START + 10)
    assert built.tree() == before
    assert report.written == sorted(name for name in files(built) if name.startswith("topics/"))
    assert suffixes(built) == {(".gz", ".br")}
