"""`feeds plan`: what is foretold comes to pass, and foretelling changes nothing."""

import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pytest
from project import START, Draft, Mention, Project

from feeds.app.planning import run_plan
from feeds.errors import UsageError
from feeds.pipeline.foretold import Foretold, ItemChange

NS = 1_000_000_000
STORY = Draft("https://news.example/a", "A", topics=("AI",))


def plan(project: Project, now: int, **overrides: object) -> Foretold:
    return run_plan(project.loaded(**overrides), lambda *_: None, now * NS)


def whole(project: Project) -> dict[str, tuple[int, str]]:
    """Return every file of a project with its time and what is in it; what SQLite keeps beside a state is no part."""
    files = (path for path in project.root.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}


def the(found: Foretold, change: str) -> ItemChange:
    [one] = [each for each in found.items if each.change == change]
    return one


def change_something(project: Project, chance: random.Random, step: int) -> None:
    number = chance.randrange(8)
    name = f"{number}.md"
    match chance.randrange(5):
        case 0 if (project.records / name).exists():
            (project.records / name).unlink()
        case 1:
            project.write(name, replace(STORY, url=f"https://news.example/{number}", held=True), START + step)
        case _:
            draft = replace(
                STORY,
                url=f"https://news.example/{number}",
                title=f"Story {number} {chance.randrange(3)}",
                date=START - 9_000 + 1_000 * number + (90_000 if number == 7 else 0),
                topics=tuple(chance.sample(["AI", "Law", "Art"], chance.randrange(3))),
                related=(Mention("https://news.example/3", "Mentioned"),) if chance.random() < 0.3 else (),
            )
            project.write(name, draft, START + step)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_foretold_is_what_the_build_does(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    project.configure(
        feeds={"archives": True, "limit": 2, "tombstone_days": 1},
        pages={"enabled": seed % 2 == 0},
        custom_feeds=[{"name": "young", "query": "age < 1d"}, {"name": "art", "query": "topic:art"}],
    )
    for step in range(0, 12 * 6_000, 6_000):
        change_something(project, chance, step)
        before = whole(project)
        found = plan(project, START + step + 60)
        assert whole(project) == before
        published = project.tree()
        report = project.build(START + step + 60)
        assert {each.path for each in found.files if each.kind == "written"} == set(report.written)
        there = project.tree()
        foretold = {each.path: each.kind for each in found.files}
        assert foretold == {
            path: "written" if path in there else "deleted"
            for path in published.keys() | there.keys()
            if published.get(path) != there.get(path)
        }


def test_where_nothing_was_built_yet_nothing_is_made(project: Project) -> None:
    project.write("a.md", STORY)
    found = plan(project, START)
    added = the(found, "added")
    assert (added.title, added.why) == ("A", "new: told by records/a.md")
    assert added.feeds == ("all", "providers/news.example", "topics/ai")
    assert {path.name for path in project.root.iterdir()} == {"config", "records"}


def test_nothing_to_do(project: Project) -> None:
    project.write("a.md", STORY)
    project.build(START)
    found = plan(project, START + 10)
    assert (found.items, found.files, found.busy) == ((), (), "")


def test_the_reasons(project: Project) -> None:
    project.write("a.md", STORY)
    project.write("b.md", replace(STORY, url="https://news.example/b", title="B", date=START + 500))
    project.write("c.md", replace(STORY, url="https://news.example/c", title="C", held=True))
    project.build(START)
    assert the(plan(project, START + 600), "added").why == "its time has come"
    project.write("c.md", replace(STORY, url="https://news.example/c", title="C"), START + 10)
    assert the(plan(project, START + 20), "added").why == "no longer held back (records/c.md)"
    project.build(START + 30)
    project.write("c.md", replace(STORY, url="https://news.example/c", title="C", held=True), START + 40)
    assert the(plan(project, START + 50), "removed").why == "held back now (records/c.md)"
    (project.records / "c.md").unlink()
    assert the(plan(project, START + 50), "removed").why == "nobody tells it any more"
    project.build(START + 60)
    project.write("a.md", replace(STORY, title="A again", topics=("Law",)), START + 70)
    found = plan(project, START + 80)
    told = {each.change: each for each in found.items}
    assert told["removed"].why == "it no longer belongs to this feed: its topics are Law"
    assert told["removed"].feeds == ("topics/ai",)
    assert told["added"].feeds == ("topics/law",)
    assert told["changed"].why == "title: A -> A again; topics: AI -> Law"
    assert told["changed"].feeds == ("all", "providers/news.example")


def test_ages_and_feeds_that_come_and_go(project: Project) -> None:
    project.configure(custom_feeds=[{"name": "young", "query": "age < 1d"}, {"name": "old", "query": "age >= 1d"}])
    project.write("a.md", STORY)
    project.build(START)
    found = plan(project, START + 2 * 86_400)
    assert the(found, "added").why == "its age fits this feed now"
    assert the(found, "added").feeds == ("old",)
    assert the(found, "removed").why.startswith("it no longer belongs to this feed: age < 1d is not met")
    assert the(found, "removed").feeds == ("young",)
    project.configure(custom_feeds=[{"name": "art", "query": "topic:ai"}])
    found = plan(project, START + 10)
    assert the(found, "added").why == "the feed is new: the query of art finds it"
    told = {each.feeds: each.why for each in found.items if each.change == "removed"}
    assert told == {("young",): "the feed goes"}


def test_held_back_and_included(project: Project) -> None:
    project.write("a.md", replace(STORY, held=True))
    project.build(START)
    found = plan(project, START + 10, include_unpublished=True)
    assert the(found, "added").why == "held back so far (records/a.md); include_unpublished is on"
    assert plan(project, START + 10).files == ()


def test_compressed_files_come_and_go_beside_what_stays(project: Project) -> None:
    project.write("a.md", STORY)
    project.build(START)
    for encodings, kind in ((["gzip"], "written"), ([], "deleted")):
        project.configure(feeds={"encodings": encodings})
        before = project.tree()
        found = plan(project, START + 10)
        project.build(START + 10)
        after = project.tree()
        assert {each.path: each.kind for each in found.files} == dict.fromkeys(before.keys() ^ after.keys(), kind)
        assert found.items == ()
        assert plan(project, START + 20).files == ()


def test_an_empty_file_is_written_too(project: Project) -> None:
    (project.root / "look").mkdir()
    (project.root / "look" / "extra.css").touch()
    project.configure(pages={"enabled": True, "templates": "look"})
    project.write("a.md", STORY)
    [kind] = [each.kind for each in plan(project, START).files if each.path == "assets/extra.css"]
    assert kind == "written"


def test_one_feed(project: Project) -> None:
    project.configure(feeds={"archives": True, "limit": 1})
    project.write("a.md", STORY)
    project.write("b.md", replace(STORY, url="https://news.example/b", topics=("Law",)))
    found = run_plan(project.loaded(), lambda *_: None, START * NS, feed="AI")
    assert found.feed == "topics/ai"
    assert [(each.title, each.feeds) for each in found.items] == [("A", ("topics/ai",))]
    assert [each.path for each in found.files] == ["topics/ai.atom", "topics/ai.json", "topics/ai.rss"]
    found = run_plan(project.loaded(), lambda *_: None, START * NS, feed="all")
    assert {each.path for each in found.files} >= {"all.rss", "archive/all/1.rss"}
    with pytest.raises(UsageError, match="'topics/art' is no feed"):
        run_plan(project.loaded(), lambda *_: None, START * NS, feed="topics/art")


def test_what_stands_in_an_archive_only(project: Project) -> None:
    feeds = {"archives": True, "limit": 1}
    project.configure(feeds=feeds)
    for number in range(4):
        draft = replace(STORY, url=f"https://news.example/{number}", title=f"Story {number}", date=START - 9 + number)
        project.write(f"{number}.md", draft)
        project.build(START + number)
    old = replace(STORY, url="https://news.example/0", title="Story 0", date=START - 9)
    where = ("all", "providers/news.example", "topics/ai")
    project.write("0.md", replace(old, title="Corrected"), START + 20)
    [changed] = plan(project, START + 30).items
    assert (changed.change, changed.why, changed.feeds) == ("changed", "title: Story 0 -> Corrected", where)
    project.write("0.md", replace(old, held=True), START + 20)
    [removed] = plan(project, START + 30).items
    assert (removed.change, removed.why, removed.feeds) == ("removed", "held back now (records/0.md)", where)
    project.write("0.md", old, START + 20)
    project.configure(feeds=feeds, site={"title": "Another"})
    assert {each.title for each in plan(project, START + 30).items} <= {"Story 3"}
    project.configure(feeds={"limit": 1})
    assert plan(project, START + 30).items == ()


def test_a_custom_feed_called_like_a_topic_can_be_asked_for(project: Project) -> None:
    project.configure(custom_feeds=[{"name": "ai"}])
    project.write("a.md", STORY)
    for feed in ("ai", "topics/ai"):
        assert run_plan(project.loaded(), lambda *_: None, START * NS, feed=feed).feed == feed


@pytest.mark.parametrize("step", range(1, 4))
def test_given_up_nothing_stays(project: Project, step: int) -> None:
    project.write("a.md", STORY)
    project.build(START)
    for number in range(4):
        project.write(f"{number}.md", replace(STORY, url=f"https://news.example/{number}"), START + 5)
    before, seen = whole(project), 0

    def stop(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(project.loaded(), stop, (START + 10) * NS)
    assert whole(project) == before
    assert len(plan(project, START + 10).items) == 4


def test_who_is_pushed_out(project: Project) -> None:
    project.configure(feeds={"limit": 1})
    project.write("a.md", STORY)
    project.build(START)
    project.write("b.md", replace(STORY, url="https://news.example/b", title="B", date=START - 10), START + 5)
    found = plan(project, START + 10)
    assert the(found, "removed").why == "others take its place"
    (project.records / "b.md").unlink()


def test_other_settings(project: Project) -> None:
    project.write("a.md", STORY)
    project.build(START)
    project.configure(feeds={"limit": 50}, site={"title": "Another"}, base_url="https://other.example/")
    found = plan(project, START + 10)
    assert the(found, "changed").why == "how it is written changes: other settings, or another program"


def test_every_format_counts(project: Project) -> None:
    project.write("a.md", STORY)
    project.write("b.md", replace(STORY, url="https://news.example/b", title="B"))
    project.build(START)
    project.write("a.md", replace(STORY, title="A again"), START + 5)
    # No RSS item says of what kind it is.
    project.write("b.md", replace(STORY, url="https://news.example/b", title="B", kind="video"), START + 5)
    found = plan(project, START + 10)
    assert sorted(each.why for each in found.items) == ["kind: article -> video", "title: A -> A again"]


def test_a_format_that_comes_or_goes_and_a_file_that_is_lost_change_no_item(project: Project) -> None:
    project.write("a.md", STORY)
    project.build(START)
    project.configure(feeds={"formats": ["rss", "json"]})
    assert {each.path for each in plan(project, START + 10).files if each.kind == "deleted"} >= {"all.atom"}
    assert plan(project, START + 10).items == ()
    project.build(START + 10)
    project.configure(feeds={"formats": ["rss", "atom", "json"]})
    assert plan(project, START + 20).items == ()
    (project.out / "all.rss").unlink()
    assert "all.rss" in {each.path for each in plan(project, START + 30).files}
    assert plan(project, START + 30).items == ()
    project.write("b.md", replace(STORY, url="https://news.example/b", title="B"), START + 35)
    assert the(plan(project, START + 40), "added").feeds == ("all", "providers/news.example", "topics/ai")


def test_a_build_at_work_is_told_and_not_held_up(project: Project) -> None:
    from feeds.store import open_store

    project.write("a.md", STORY)
    project.build(START)
    store = open_store(project.loaded().state_url)
    with store.transaction():
        store.leases.claim("build", "elsewhere:1", START + 1_000, START)
        assert plan(project, START + 10).busy == ""
    assert plan(project, START + 10).busy == "elsewhere:1"
    store.close()


def test_diffs_are_made_only_if_asked_for(project: Project, tmp_path: Path) -> None:
    project.write("a.md", STORY)
    project.build(START)
    project.write("a.md", replace(STORY, title="A again"), START + 5)
    assert not any(each.diff for each in plan(project, START + 10).files)
    found = run_plan(project.loaded(), lambda *_: None, (START + 10) * NS, diffs=True)
    [diff] = [each.diff for each in found.files if each.path == "all.json"]
    assert [line[0] for line in diff.split("\n") if '"title":"A' in line] == ["-", "+"]
