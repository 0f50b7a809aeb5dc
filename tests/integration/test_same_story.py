"""One story that several providers tell: one place in the feeds of many, whatever comes, goes or changes."""

from pathlib import Path

import pytest
from project import START, Draft, Project

from feeds.store import open_store

DAY = 86_400
TITLE = "Fears raised over facial recognition use at Moscow protests"
REUTERS = Draft("https://reuters.example/a", TITLE, provider=("Reuters", "reuters.example"), date=START - 9_000)
TRUSTED = ("Trust", "trust.example")
TRUST = Draft("https://trust.example/b", TITLE, provider=TRUSTED, date=START - 3_000, topics=("Law",))
OTHER = Draft("https://other.example/c", "Museum opens a wing for photographs", date=START - 5_000)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project", {"feeds": {"group_same_stories": True}})
    made.write("reuters.md", REUTERS)
    made.write("trust.md", TRUST)
    made.write("other.md", OTHER)
    return made


def led(project: Project, key: str = "all") -> dict[str, list[str]]:
    """Return the items of a feed by provider, with the providers that each names."""
    return {
        item["_feeds"]["provider"]["name"]: [mention["name"] for mention in item["_feeds"].get("also", ())]
        for item in project.items(key).values()
    }


def test_the_feeds_of_many_carry_it_once_and_each_provider_its_own(project: Project) -> None:
    report = project.build(START)
    assert report.items == 3
    assert led(project) == {"Reuters": ["Trust"], "Example News": []}
    assert led(project, "topics/ai") == {"Reuters": ["Trust"], "Example News": []}
    assert led(project, "providers/reuters.example") == {"Reuters": ["Trust"]}
    assert led(project, "providers/trust.example") == {"Trust": []}
    atom = (project.out / "all.atom").read_text()
    assert 'rel="related"' in atom
    assert "Also reported by" in (project.out / "all.rss").read_text()


def test_nothing_changed_is_nothing_written(project: Project) -> None:
    project.build(START)
    before = project.stamps()
    for later in range(3):
        report = project.build(START + later)
        assert (report.written, report.rendered, project.stamps()) == ([], 0, before)


def test_who_leads_goes_on_to_lead_and_when_it_goes_the_other_takes_its_place(project: Project) -> None:
    project.build(START)
    ids = {item["title"]: key for key, item in project.items("providers/trust.example").items()}
    project.write("trust.md", Draft(TRUST.url, TITLE, provider=TRUST.provider, date=TRUST.date, topics=("Law", "AI")))
    project.build(START + 10)
    assert led(project) == {"Reuters": ["Trust"], "Example News": []}
    (project.records / "reuters.md").unlink()
    project.build(START + 20)
    assert led(project) == {"Trust": [], "Example News": []}
    assert ids[TITLE] in project.items()
    assert led(project, "topics/law") == {"Trust": []}
    project.write("reuters.md", REUTERS, START + 30)
    project.build(START + 30)
    assert len(led(project)) == 2


def test_a_held_version_is_never_named(project: Project) -> None:
    project.write("trust.md", Draft(TRUST.url, TITLE, provider=TRUST.provider, date=TRUST.date, held=True))
    project.build(START)
    assert led(project) == {"Reuters": [], "Example News": []}
    for path in project.out.rglob("*.*"):
        assert b"trust.example" not in path.read_bytes()


def test_titles_that_part_part_the_stories(project: Project) -> None:
    project.build(START)
    project.write("trust.md", Draft(TRUST.url, "Volcano erupts in Iceland", provider=TRUST.provider, date=TRUST.date))
    project.build(START + 10)
    assert led(project) == {"Reuters": [], "Trust": [], "Example News": []}


def test_a_changed_follower_changes_what_its_leader_says_and_not_when_it_was_updated(project: Project) -> None:
    project.build(START)
    before = {item["title"]: item.get("date_modified") for item in project.items().values()}
    project.write("trust.md", Draft("https://trust.example/moved", TITLE, provider=TRUST.provider, date=TRUST.date))
    project.build(START + DAY)
    assert "https://trust.example/moved" in (project.out / "all.rss").read_text()
    assert {item["title"]: item.get("date_modified") for item in project.items().values()} == before


def test_turned_off_every_story_has_its_place_again(project: Project) -> None:
    project.build(START)
    project.configure()
    project.build(START + 10)
    assert led(project) == {"Reuters": [], "Trust": [], "Example News": []}
    store = open_store(f"sqlite:///{project.state}")
    assert not store.groups.any()
    store.close()
    assert project.tree() == project.fresh(START + 10, "fresh")


def test_turned_on_later_what_was_there_before_is_grouped_too(project: Project) -> None:
    project.configure()
    project.build(START)
    assert len(led(project)) == 3
    project.build(START + 10)
    project.configure(feeds={"group_same_stories": True})
    project.build(START + 20)
    assert led(project) == {"Reuters": ["Trust"], "Example News": []}


def test_it_does_not_matter_who_came_first(project: Project, tmp_path: Path) -> None:
    project.build(START)
    other = Project(tmp_path / "other", {"feeds": {"group_same_stories": True}})
    for name, draft in (("trust", TRUST), ("other", OTHER), ("reuters", REUTERS)):
        other.write(f"{name}.md", draft)
        other.build(START)
    # Trust led while it was alone, and goes on to lead: whoever reads the feed must not see the story jump.
    assert led(other) == {"Trust": ["Reuters"], "Example News": []}
    assert led(project) == {"Reuters": ["Trust"], "Example News": []}
