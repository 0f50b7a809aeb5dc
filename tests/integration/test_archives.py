"""Archives: what leaves a feed stays within reach, and a page that is full is never written again."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from project import START, Draft, Project

LIMIT = 3
FORMATS = ("rss", "atom", "json")


@pytest.fixture
def project(project: Project) -> Project:
    project.configure(feeds={"archives": True, "limit": LIMIT}, pages={"enabled": False})
    return project


def story(number: int, **others: object) -> Draft:
    return replace(Draft(f"https://news.example/{number}", f"Story {number}", date=START + number), **others)  # type: ignore[arg-type]


def publish(project: Project, numbers: Iterable[int], at: int = START + 10_000) -> list[str]:
    for number in numbers:
        project.write(f"{number}.md", story(number), at)
    return project.build(at + 60).written


def titles(project: Project, path: str) -> list[str]:
    return [item["title"] for item in json.loads(project.tree()[path])["items"]]


def walked(project: Project, key: str) -> list[str]:
    """Return all titles of a feed as a reader finds them that follows `next_url`."""
    found, url = [], f"{key}.json"
    while url:
        document = json.loads(project.tree()[url])
        found += [item["title"] for item in document["items"]]
        url = document.get("next_url", "").removeprefix("https://feeds.example.org/")
    return found


def test_what_fits_is_complete_and_has_no_archive(project: Project) -> None:
    publish(project, range(LIMIT))
    assert b"<fh:complete/>" in project.tree()["all.atom"]
    assert b"<fh:complete/>" in project.tree()["all.rss"]
    assert not [path for path in project.tree() if path.startswith("archive/")]


def test_pages_are_cut_from_the_old_end(project: Project) -> None:
    publish(project, range(8))
    assert titles(project, "all.json") == ["Story 7", "Story 6", "Story 5"]
    assert titles(project, "archive/all/2.json") == ["Story 5", "Story 4", "Story 3"]
    assert titles(project, "archive/all/1.json") == ["Story 2", "Story 1", "Story 0"]
    assert "archive/all/3.json" not in project.tree()
    assert sorted(set(walked(project, "topics/ai"))) == [f"Story {number}" for number in range(8)]
    assert b"fh:complete" not in project.tree()["all.atom"]


def test_a_full_page_is_never_written_again(project: Project) -> None:
    publish(project, range(4))
    before = {path: body for path, body in project.tree().items() if path.startswith("archive/")}
    assert {path for path in before if "/all/" in path} == {f"archive/all/1.{ending}" for ending in FORMATS}
    for number in range(4, 12):
        written = publish(project, [number], START + 20_000 + number * 100)
        assert not before.keys() & set(written)
    assert before.items() <= project.tree().items()


def test_one_by_one_or_all_at_once(project: Project, tmp_path: Path) -> None:
    for number in range(11):
        publish(project, [number], START + 20_000 + number * 100)
    other = Project(tmp_path / "other", project.settings)
    publish(other, range(11))
    assert titles(other, "archive/all/3.json") == titles(project, "archive/all/3.json")
    assert other.tree().keys() == project.tree().keys()


def test_a_late_story_with_an_old_date_goes_to_the_next_page(project: Project) -> None:
    publish(project, range(1, 8))
    pages = {path: body for path, body in project.tree().items() if path.startswith("archive/")}
    publish(project, [0], START + 30_000)
    assert titles(project, "all.json") == ["Story 7", "Story 6", "Story 5", "Story 0"]
    assert pages.items() <= project.tree().items()
    publish(project, range(8, 10), START + 40_000)
    assert titles(project, "all.json") == ["Story 9", "Story 8", "Story 7"]
    assert titles(project, "archive/all/3.json") == ["Story 8", "Story 7", "Story 0"]
    assert set(walked(project, "all")) == {f"Story {number}" for number in range(10)}
    assert pages.items() <= project.tree().items()


def test_a_correction_is_written_to_the_page_that_holds_it_and_to_no_other(project: Project) -> None:
    publish(project, range(9))
    project.write("1.md", story(1, title="Story 1, corrected"), START + 20_000)
    written = project.build(START + 20_100).written
    expected = {
        f"archive/{key}/1.{ending}" for key in ("all", "topics/ai", "providers/news.example") for ending in FORMATS
    }
    assert set(written) == expected
    assert titles(project, "archive/all/1.json") == ["Story 2", "Story 1, corrected", "Story 0"]


def test_what_no_reader_sees_writes_no_page(project: Project) -> None:
    publish(project, range(9))
    project.write("1.md", story(1, heat=99, secured="other"), START + 20_000)
    assert project.build(START + 20_100).written == []


def test_a_story_that_is_held_back_leaves_its_page(project: Project) -> None:
    publish(project, range(9))
    project.write("1.md", story(1, held=True), START + 20_000)
    project.build(START + 20_100)
    assert titles(project, "archive/all/1.json") == ["Story 2", "Story 0"]
    assert not [path for path, body in project.tree().items() if b"Story 1<" in body or b'"Story 1"' in body]
    for number in (0, 2):
        (project.records / f"{number}.md").unlink()
    project.build(START + 20_200)
    assert titles(project, "archive/all/1.json") == []
    assert titles(project, "archive/all/2.json") == ["Story 5", "Story 4", "Story 3"]


def test_new_rules_keep_every_page(project: Project) -> None:
    publish(project, range(1, 8))
    publish(project, [0], START + 30_000)
    publish(project, range(8, 10), START + 40_000)
    before = {
        path: titles(project, path) for path in project.tree() if path.startswith("archive/all/") and "json" in path
    }
    project.configure(**project.settings, time_zone="Europe/Berlin")
    project.build(START + 50_000)
    assert {path: titles(project, path) for path in before} == before


def test_a_page_that_somebody_deleted_comes_back(project: Project) -> None:
    publish(project, range(9))
    before = project.tree()
    (project.out / "archive" / "all" / "1.atom").unlink()
    assert project.build(START + 20_000).written == ["archive/all/1.atom"]
    assert project.tree() == before


def test_files_of_somebody_else_beside_pages_stay(project: Project) -> None:
    publish(project, range(9))
    for number in (77, 10**20):
        (project.out / f"archive/all/{number}.rss").write_bytes(b"theirs")
    before = project.tree()
    assert project.build(START + 20_000).written == []
    assert project.tree() == before


def test_archives_turned_off_and_on_again(project: Project) -> None:
    publish(project, range(9))
    before = project.tree()
    project.configure(feeds={"archives": False, "limit": LIMIT}, pages={"enabled": False})
    report = project.build(START + 20_000)
    assert not [path for path in project.tree() if path.startswith("archive/")]
    assert {path for path in before if path.startswith("archive/")} == set(report.deleted)
    project.configure(feeds={"archives": True, "limit": LIMIT}, pages={"enabled": False})
    project.build(START + 30_000)
    assert project.tree() == before


def test_a_feed_that_drops_by_age_has_no_archive(project: Project) -> None:
    project.configure(feeds={"archives": True, "limit": LIMIT, "max_age_days": 1}, pages={"enabled": False})
    publish(project, range(9))
    assert not [path for path in project.tree() if path.startswith("archive/")]
    assert b"fh:complete" not in project.tree()["all.atom"]


def test_stories_of_the_future_wait(project: Project) -> None:
    for number in range(5):
        project.write(f"{number}.md", story(number, date=START + number * 86_400))
    project.build(START + 60)
    assert walked(project, "all") == ["Story 0"]
    project.build(START + 10 * 86_400)
    assert titles(project, "archive/all/1.json") == ["Story 2", "Story 1", "Story 0"]


def test_a_feed_under_another_name_takes_its_archive_with_it(project: Project) -> None:
    publish(project, range(9))
    before = titles(project, "archive/topics/ai/1.json")
    project.name(topics=[{"name": "AI", "slug": "machines"}])
    project.build(START + 20_000)
    assert titles(project, "archive/topics/machines/1.json") == before
    assert not [path for path in project.tree() if path.startswith("archive/topics/ai/")]


def test_nothing_to_do_is_nothing_done(project: Project) -> None:
    publish(project, range(30))
    before = project.stamps()
    assert project.build(START + 20_000).written == []
    assert project.stamps() == before


def test_a_custom_feed_that_was_cut_short_and_keeps_nothing_is_not_complete(project: Project) -> None:
    feeds = [{"name": "few", "limit": 1}, {"name": "best", "limit": 1, "sort": "heat"}]
    project.configure(feeds={"archives": False}, custom_feeds=feeds, pages={"enabled": False})
    publish(project, range(2))
    assert b"fh:complete" not in project.tree()["few.atom"]
    assert b"<fh:complete/>" in project.tree()["best.atom"]
