"""A story that comes, goes and comes back: the tree follows, and a reader is not shown it twice as new."""

from dataclasses import replace

import feedparser  # type: ignore[import-untyped]
import pytest
from project import START, Draft, Project

DAY = 86_400
OTHER = Draft("https://news.example/other", "Other")
STORY = Draft("https://news.example/story", "Story", date=START - DAY, images=("https://img.example/1.jpg",))


def test_held_then_published_then_withdrawn_then_published_again(project: Project) -> None:
    project.write("other.md", OTHER)
    project.write("story.md", replace(STORY, held=True))
    project.build(START)
    before = project.tree()
    project.write("story.md", STORY, START + 10)
    project.build(START + 20)
    project.write("story.md", replace(STORY, title="Story, corrected"), START + DAY)
    project.build(START + DAY + 20)
    shown, published = project.tree(), project.items()
    project.write("story.md", replace(STORY, title="Story, corrected", held=True), START + 2 * DAY)
    report = project.build(START + 2 * DAY + 20)
    assert project.tree() == before
    assert (report.records, report.items, report.held_back) == (2, 1, 1)
    project.write("story.md", replace(STORY, title="Story, corrected"), START + 3 * DAY)
    project.build(START + 3 * DAY + 20)
    assert project.items() == published
    assert project.tree() == shown
    dates = {(item["date_published"], item["date_modified"]) for item in published.values()}
    assert dates == {("2023-11-14T21:13:20Z",) * 2, ("2023-11-13T22:13:20Z", "2023-11-15T22:13:40Z")}


def test_deleted_and_written_again_with_other_words(project: Project) -> None:
    project.write("story.md", STORY)
    project.build(START)
    (project.records / "story.md").unlink()
    project.build(START + DAY)
    assert project.items() == {}
    project.write("again.md", replace(STORY, title="Again", date=START - 2 * DAY), START + 2 * DAY)
    project.build(START + 2 * DAY + 20)
    (item,) = project.items().values()
    assert (item["title"], item["date_published"], item["date_modified"]) == (
        "Again",
        "2023-11-13T22:13:20Z",
        "2023-11-16T22:13:40Z",
    )


@pytest.mark.parametrize("way", ["held", "deleted", "moved"])
def test_a_topic_and_provider_that_lose_their_last_story_stay_empty_and_valid(project: Project, way: str) -> None:
    story = replace(STORY, topics=("Law", "AI"), provider=("Courant", "courant.example"))
    project.write("story.md", story)
    project.write("other.md", OTHER)
    project.build(START)
    titles = {ending: _title(project, f"topics/law.{ending}") for ending in ("rss", "atom")}
    if way == "deleted":
        (project.records / "story.md").unlink()
    else:
        moved = replace(story, topics=("AI",), provider=OTHER.provider)
        project.write("story.md", moved if way == "moved" else replace(story, held=True), START + 10)
    report = project.build(START + 20)
    assert report.deleted == []
    for key in ("topics/law", "providers/courant.example"):
        assert project.items(key) == {}
        for ending in ("rss", "atom"):
            feed = feedparser.parse((project.out / f"{key}.{ending}").read_bytes())
            assert (feed.bozo, len(feed.entries)) == (False, 0)
            assert feed.feed.updated_parsed[:3] == (2023, 11, 13)
    assert {ending: _title(project, f"topics/law.{ending}") for ending in ("rss", "atom")} == titles
    assert b'"key":"topics/law","kind":"topic","title":"Law \xe2\x80\x93 Site"' in project.tree()["feeds.json"]
    again = project.build(START + 30)
    assert (again.written, again.deleted) == ([], [])


def _title(project: Project, path: str) -> str:
    title = feedparser.parse((project.out / path).read_bytes()).feed.title
    assert isinstance(title, str)
    return title


def test_a_topic_of_drafts_has_no_feed_until_one_is_published(project: Project) -> None:
    project.write("other.md", OTHER)
    project.write("story.md", replace(STORY, topics=("Secret plans",), held=True))
    project.write("later.md", Draft("https://news.example/later", "Later", date=START + DAY, topics=("To come",)))
    project.build(START)
    assert not any("secret" in name or "to-come" in name for name in project.tree())
    assert b"To come" not in project.tree()["feeds.json"]
    project.build(START + DAY)
    assert project.titles("topics/to-come") == ["Later"]
    project.write("story.md", replace(STORY, topics=("Secret plans",)), START + DAY)
    project.build(START + DAY + 20)
    assert project.titles("topics/secret-plans") == ["Story"]
