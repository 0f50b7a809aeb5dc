"""A record that was fine and then broke: it goes on saying what it last said, and the fault is told."""

from dataclasses import replace

import pytest
from project import START, Draft, Mention, Project

MINUTE = 60
STORY = Draft("https://news.example/story", "Story", date=START - MINUTE)
BROKEN = [
    '---\ntitle: "Story\n---\n',
    "no front matter any more\n",
    "---\ntitle: Story\npublishedDateTime: soon\n---\n",
]


@pytest.mark.parametrize("text", BROKEN, ids=["yaml", "no front matter", "date"])
def test_a_published_story_stays_as_it_was_until_the_record_is_mended(project: Project, text: str) -> None:
    project.write("story.md", STORY)
    project.build(START)
    shown = project.tree()
    (project.records / "story.md").write_text(text)
    report = project.build(START + MINUTE)
    assert project.tree() == shown
    assert [problem.file for problem in report.problems] == ["records/story.md"]
    assert (report.records, report.items, report.held_back) == (1, 1, 0)
    project.write("story.md", replace(STORY, title="Mended"), START + 2 * MINUTE)
    report = project.build(START + 3 * MINUTE)
    assert report.problems == ()
    assert [item["title"] for item in project.items().values()] == ["Mended"]


@pytest.mark.parametrize("text", BROKEN[:2], ids=["yaml", "no front matter"])
def test_a_draft_that_breaks_still_holds_its_story_back(project: Project, text: str) -> None:
    project.write("draft.md", replace(STORY, held=True))
    project.write("other.md", Draft("https://news.example/other", "Other", related=(Mention(STORY.url, STORY.title),)))
    project.build(START)
    shown = project.tree()
    (project.records / "draft.md").write_text(text)
    report = project.build(START + MINUTE)
    assert project.tree() == shown
    assert b"news.example/story" not in b"".join(shown.values())
    assert report.held_back == 1


def test_a_broken_record_stays_shown_when_the_settings_change(project: Project) -> None:
    project.write("story.md", STORY)
    project.build(START)
    (project.records / "story.md").write_text(BROKEN[0])
    project.build(START + MINUTE)
    project.settings["tracking_parameters"] = ["spm"]
    project.build(START + 2 * MINUTE)
    assert [item["title"] for item in project.items().values()] == ["Story"]


def test_a_broken_record_that_is_deleted_is_gone(project: Project) -> None:
    project.write("story.md", STORY)
    project.build(START)
    (project.records / "story.md").write_text(BROKEN[0])
    project.build(START + MINUTE)
    (project.records / "story.md").unlink()
    report = project.build(START + 2 * MINUTE)
    assert project.items() == {}
    assert report.problems == ()
