"""Tombstones: what was withdrawn is told to be gone, in Atom, for as long as the settings say."""

from dataclasses import replace

import pytest
from lxml import etree
from project import START, Draft, Project

DAY = 86_400
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
STORY = Draft("https://news.example/a", "A", topics=("AI",))
OTHER = Draft("https://news.example/b", "B", topics=("AI",))


@pytest.fixture
def project(project: Project) -> Project:
    project.configure(feeds={"tombstone_days": 3}, pages={"enabled": False})
    project.write("a.md", STORY)
    project.write("b.md", OTHER)
    project.build(START + 60)
    return project


def buried(project: Project, key: str = "all") -> list[tuple[str, str]]:
    root = etree.fromstring(project.tree()[f"{key}.atom"])
    return [(each.get("ref"), each.get("when")) for each in root.iter(DELETED)]


def ids(project: Project, key: str = "all") -> list[str]:
    root = etree.fromstring(project.tree()[f"{key}.atom"])
    return [each.findtext("{*}id") for each in root.iter("{http://www.w3.org/2005/Atom}entry")]


def test_nobody_is_buried_alive(project: Project) -> None:
    assert buried(project) == []
    assert b"tombstones" not in project.tree()["all.atom"]


@pytest.mark.parametrize("how", ["deleted", "held"])
def test_a_withdrawn_story_leaves_one_in_each_of_its_feeds(project: Project, how: str) -> None:
    before = ids(project)
    if how == "deleted":
        (project.records / "a.md").unlink()
    else:
        project.write("a.md", replace(STORY, held=True), START + 90)
    project.build(START + 100)
    [gone] = set(before) - set(ids(project))
    for key in ("all", "topics/ai", "providers/news.example"):
        assert buried(project, key) == [(gone, "2023-11-14T22:15:00+00:00")]
    assert gone.removeprefix("urn:uuid:").encode() not in project.tree()["all.rss"] + project.tree()["all.json"]


def test_it_goes_when_its_time_is_over_and_not_before(project: Project) -> None:
    (project.records / "a.md").unlink()
    project.build(START + 100)
    assert project.build(START + 100 + 3 * DAY - 1).written == []
    assert len(buried(project)) == 1
    written = project.build(START + 100 + 3 * DAY).written
    assert written == ["all.atom", "providers/news.example.atom", "topics/ai.atom"]
    assert buried(project) == []
    assert project.build(START + 101 + 3 * DAY).written == []


def test_it_goes_when_the_story_is_told_again(project: Project) -> None:
    (project.records / "a.md").unlink()
    project.build(START + 100)
    project.write("a.md", STORY, START + 200)
    project.build(START + 300)
    assert buried(project) == []
    assert len(ids(project)) == 2


def test_it_goes_from_a_feed_that_the_story_does_not_come_back_to(project: Project) -> None:
    (project.records / "a.md").unlink()
    project.build(START + 100)
    assert len(buried(project, "topics/ai")) == 1
    project.write("a.md", replace(STORY, topics=("Law",)), START + 200)
    project.build(START + 300)
    assert buried(project, "topics/ai") == []


def test_what_no_reader_saw_leaves_none(project: Project) -> None:
    project.write("c.md", Draft("https://news.example/c", "C", date=START + 50 * DAY))
    project.build(START + 100)
    (project.records / "c.md").unlink()
    project.build(START + 200)
    assert buried(project) == []


def test_a_story_that_only_left_a_topic_is_not_dead(project: Project) -> None:
    project.write("a.md", replace(STORY, topics=("Law",)), START + 90)
    project.build(START + 100)
    assert buried(project, "topics/ai") == []


def test_one_of_two_that_turn_out_to_be_one(project: Project) -> None:
    before = ids(project)
    project.write("b.md", replace(OTHER, url=STORY.url), START + 90)
    project.build(START + 100)
    [gone] = set(before) - set(ids(project))
    assert [ref for ref, _ in buried(project)] == [gone]


def test_what_the_settings_hold_back_leaves_one_too(project: Project) -> None:
    project.write("c.md", replace(STORY, url="https://news.example/c", title="C", held=True), START + 90)
    project.configure(feeds={"tombstone_days": 3}, pages={"enabled": False}, include_unpublished=True)
    project.build(START + 100)
    before = ids(project)
    assert len(before) == 3
    project.configure(feeds={"tombstone_days": 3}, pages={"enabled": False})
    project.build(START + 200)
    [gone] = set(before) - set(ids(project))
    assert [ref for ref, _ in buried(project)] == [gone]


def test_turned_off_there_are_none(project: Project) -> None:
    (project.records / "a.md").unlink()
    project.build(START + 100)
    project.configure(feeds={"tombstone_days": 0}, pages={"enabled": False})
    project.build(START + 200)
    assert b"tombstones" not in project.tree()["all.atom"]


def test_formats_without_a_word_for_it_do_not_change(project: Project) -> None:
    project.configure(feeds={"tombstone_days": 3, "formats": ["rss", "json"]}, pages={"enabled": False})
    (project.records / "a.md").unlink()
    project.build(START + 100)
    assert project.build(START + 100 + 3 * DAY).written == []
