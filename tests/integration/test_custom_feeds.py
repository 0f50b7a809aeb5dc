"""Custom feeds over time: what a query finds, in the order it asks for, and nothing written without need."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from project import START, Draft, Project, text

from feeds.app.checking import pin_links

HOUR, DAY = 3_600, 86_400
FORMATS = ("rss", "atom", "json")


def draft(name: str, *, days: float = 1, **more: Any) -> Draft:
    """Return a record that came so many days before the start."""
    return Draft(f"https://news.example/{name}", name, date=START - round(days * DAY), **more)


def rated(told: Draft, quality: int) -> str:
    """Return a record with a quality, which drafts do not have."""
    return text(told).replace("---\n", f"---\nquality: {quality}\n", 1)


def files(name: str) -> set[str]:
    return {f"{name}.{ending}" for ending in FORMATS}


def written(project: Project, now: int) -> set[str]:
    """Build and return the files of feeds that were written."""
    return {name for name in project.build(now).written if name.endswith(FORMATS) and name != "feeds.json"}


@pytest.fixture
def custom(project: Project) -> Callable[..., None]:
    def configure(*feeds: dict[str, object], **more: Any) -> None:
        project.configure(custom_feeds=feeds, **more)

    return configure


def same_as_fresh(project: Project, now: int, *, but: frozenset[str] | set[str] = frozenset()) -> bool:
    """Tell whether a build without a memory publishes the same, but for some files."""
    mine, fresh = project.tree(), project.fresh(now, f"fresh-{now}")
    return mine.keys() == fresh.keys() and all(mine[name] == fresh[name] for name in mine.keys() - but)


def catalogue(project: Project) -> dict[str, Any]:
    return dict(json.loads(project.tree()["feeds.json"]))


def test_a_feed_by_topic_and_quality(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "best", "title": "The best", "query": "topic:ai quality >= 60"})
    project.write("a.md", rated(draft("good"), 60))
    project.write("b.md", rated(draft("poor"), 59))
    project.write("c.md", draft("unknown"))
    project.write("d.md", rated(draft("other", topics=("Law",)), 90))
    project.write("e.md", rated(draft("held", held=True), 90))
    project.build(START)
    assert project.titles("best") == ["good"]
    assert json.loads((project.out / "best.json").read_text())["title"] == "The best – Site"
    (told,) = (each for each in catalogue(project)["feeds"] if each["key"] == "best")
    assert (told["kind"], told["count"]) == ("custom", 1)
    # what no other feed shows changes the one that asks for it
    project.write("b.md", rated(draft("poor"), 61))
    assert written(project, START + HOUR) == files("best")
    assert project.titles("best") == ["good", "poor"]
    assert same_as_fresh(project, START + HOUR)
    assert written(project, START + 2 * HOUR) == set()


def test_items_come_and_go_by_age_and_only_then_is_something_written(
    project: Project, custom: Callable[..., None]
) -> None:
    custom({"name": "week", "query": "age >= 1d age < 7d"}, feeds={"archives": True})
    project.write("a.md", draft("a", days=0))
    project.write("b.md", draft("b", days=3))
    project.build(START)
    assert project.titles("week") == ["b"]
    for now, titles in (
        (START + DAY - 1, ["b"]),
        (START + DAY, ["a", "b"]),
        (START + 3 * DAY, ["a", "b"]),
        (START + 4 * DAY - 1, ["a", "b"]),
        (START + 4 * DAY, ["a"]),
        (START + 7 * DAY - 1, ["a"]),
        (START + 7 * DAY, []),
        (START + 90 * DAY, []),
    ):
        before = project.titles("week")
        assert written(project, now) == (files("week") if before != titles else set())
        assert project.titles("week") == titles
        # a feed that is empty now keeps the date of the last item it had
        assert same_as_fresh(project, now, but=set() if titles else {*files("week"), "feeds.json"})
    assert not [name for name in project.tree() if name.startswith("archive/week")]
    assert b"<fh:complete" in project.tree()["week.atom"]


def test_what_has_no_age_for_a_feed_is_not_counted_on_its_page(project: Project, custom: Callable[..., None]) -> None:
    feeds = (
        {"name": "young", "query": "age < 7d", "limit": 1},
        {"name": "ripe", "query": "age >= 2d"},
        {"name": "both", "query": "topic:ai and age < 2d or topic:law and age >= 7d"},
    )
    custom(*feeds, pages={"enabled": True})
    project.write("a.md", draft("a", days=1))
    project.write("b.md", draft("b", days=3))
    project.write("c.md", draft("c", days=30))
    project.write("d.md", draft("d", days=40, topics=("Law",)))
    project.build(START)
    for name, count, weeks in (("young", "2 items", 2), ("ripe", "3 items", 3), ("both", "2 items", 2)):
        page = project.tree()[f"{name}.html"].decode()
        assert f'<p class="soft">{count}, changed' in page
        assert f'aria-label="{weeks} items in the 52 weeks' in page


@pytest.mark.parametrize("start", [START, START + 30 * DAY, START + 999 * DAY])
def test_the_order_by_score_hangs_on_scores_and_never_on_the_clock(
    project: Project, custom: Callable[..., None], start: int
) -> None:
    custom({"name": "top", "sort": "heat", "half_life_days": 3})
    project.write("a.md", draft("new", days=1, heat=1))
    project.write("b.md", draft("as good as new", days=4.5, heat=2))
    project.write("c.md", draft("old but hot", days=9, heat=8))
    project.write("d.md", draft("old and cold", days=5, heat=1))
    project.build(start)
    order = ["old but hot", "new", "as good as new", "old and cold"]
    assert project.titles("top") == order
    assert written(project, start + 500 * DAY) == set()
    # hotter by a doubling: from 4.5 - 3 days to 4.5 - 6
    project.write("b.md", draft("as good as new", days=4.5, heat=4))
    assert written(project, start + 501 * DAY) == files("top")
    assert project.titles("top") == ["as good as new", "old but hot", "new", "old and cold"]
    assert same_as_fresh(project, start + 501 * DAY)
    assert b"<fh:complete" in project.tree()["top.atom"]


def test_a_longer_half_life_lets_scores_count_for_longer(project: Project, custom: Callable[..., None]) -> None:
    project.write("a.md", draft("new", days=1, heat=1))
    project.write("b.md", draft("hot", days=9, heat=4))
    for days, titles in ((3.9, ["new", "hot"]), (4.1, ["hot", "new"])):
        custom({"name": "top", "sort": "score", "half_life_days": days})
        project.build(START)
        assert project.titles("top") == titles


@pytest.mark.parametrize("sort", ["newest", "score"])
def test_a_feed_has_a_limit_and_shares_of_its_own(project: Project, custom: Callable[..., None], sort: str) -> None:
    feeds = [{"name": "few", "limit": 2}, {"name": "fair", "provider_cap": 1}, {"name": "both"}]
    feeds[2] |= {"limit": 2, "provider_cap": 1}
    custom(*({**feed, "sort": sort} for feed in feeds), feeds={"provider_cap": 3})
    others = {"provider": ("Other", "other.example")}
    for name, more in {"a": {}, "b": {}, "c": others, "d": others, "e": {}, "f": {}}.items():
        project.write(f"{name}.md", draft(name, days=1 + ord(name) / 1000, **more))
    project.build(START)
    shown = {name: "".join(project.titles(name)) for name in ("all", "few", "fair", "both")}
    assert shown == {"all": "abcde", "few": "ab", "fair": "ac", "both": "ac"}


def test_words_are_looked_for_in_title_and_excerpt(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "both", "query": '"face recognition" -museum'}, {"name": "title", "query": "title:face"})
    project.write("a.md", draft("a", excerpt="On Face  Recognition."))
    project.write("b.md", draft("Recognition: the face"))
    project.write("c.md", draft("c", excerpt="Face recognition in a museum."))
    project.build(START)
    assert (project.titles("both"), project.titles("title")) == (["a"], ["Recognition: the face"])
    project.write("c.md", draft("c", excerpt="Face recognition in a shop."))
    project.build(START + HOUR)
    assert sorted(project.titles("both")) == ["a", "c"]


def test_what_is_known_of_a_page_counts(project: Project, custom: Callable[..., None]) -> None:
    custom(
        {"name": "dead", "query": "link:dead"}, {"name": "rest", "query": "not link:dead"}, links={"on_dead": "keep"}
    )
    project.write("a.md", draft("a"))
    project.write("b.md", draft("b"))
    project.build(START)
    assert (project.titles("dead"), sorted(project.titles("rest"))) == ([], ["a", "b"])
    pin_links(project.loaded(), ["https://news.example/a"], "dead")
    assert written(project, START + HOUR) == files("dead") | files("rest")
    assert (project.titles("dead"), project.titles("rest")) == (["a"], ["b"])
    pin_links(project.loaded(), ["https://news.example/a"], "alive")
    assert written(project, START + 2 * HOUR) == files("dead") | files("rest")
    assert (project.titles("dead"), sorted(project.titles("rest"))) == ([], ["a", "b"])


def test_other_settings_are_other_feeds(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "one", "query": "topic:ai"}, {"name": "two"})
    project.write("a.md", draft("a"))
    project.write("b.md", draft("b", topics=("Law",)))
    project.build(START)
    assert (project.titles("one"), sorted(project.titles("two"))) == (["a"], ["a", "b"])
    custom({"name": "one", "query": "topic:law"}, {"name": "two"})
    assert written(project, START + HOUR) == files("one")
    assert project.titles("one") == ["b"]
    custom({"name": "three", "query": "topic:law"}, {"name": "two"})
    assert written(project, START + 2 * HOUR) >= files("three")
    assert not files("one") & project.tree().keys()
    assert project.titles("three") == ["b"]
    assert catalogue(project)["gone"] == ["one"]
    assert same_as_fresh(project, START + 2 * HOUR, but={"feeds.json"})
    custom()
    project.build(START + 3 * HOUR)
    assert catalogue(project)["gone"] == ["one", "three", "two"]
    assert not (files("two") | files("three")) & project.tree().keys()
    assert same_as_fresh(project, START + 3 * HOUR, but={"feeds.json"})
    custom({"name": "one", "query": "topic:ai", "sort": "score"})
    project.build(START + 4 * HOUR)
    assert project.titles("one") == ["a"]
    assert catalogue(project)["gone"] == ["three", "two"]


def test_a_wider_topic_takes_in_narrower_ones(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "mine", "query": "topic:sciences"})
    topics = [
        {"name": "Vision", "parent": "AI"},
        {"name": "AI", "parent": "Science"},
        {"name": "Science", "aliases": ["Sciences"]},
    ]
    project.name(topics)
    project.write("a.md", draft("narrow", topics=("Vision",)))
    project.write("b.md", draft("wide", topics=("Science",)))
    project.build(START)
    assert project.titles("mine") == project.titles("topics/science") == ["wide"]
    topics[2]["include_children"] = True  # type: ignore[assignment]
    project.name(topics)
    project.build(START + HOUR)
    for key in ("mine", "topics/science"):
        assert sorted(project.titles(key)) == ["narrow", "wide"]
    assert "topics/ai.json" not in project.tree()
    assert same_as_fresh(project, START + HOUR)


def test_what_is_held_back_or_still_to_come_is_not_found(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "mine", "query": "not topic:law"}, {"name": "top", "sort": "heat"})
    project.write("a.md", draft("held", held=True, heat=900))
    project.write("b.md", draft("to come", days=-1, heat=900))
    project.write("c.md", draft("shown"))
    project.build(START)
    assert project.titles("mine") == project.titles("top") == ["shown"]
    project.write("a.md", draft("held", heat=900))
    project.build(START + DAY)
    assert project.titles("top") == ["to come", "held", "shown"]
    project.write("c.md", replace(draft("shown"), held=True))
    (project.records / "b.md").unlink()
    project.build(START + 2 * DAY)
    assert project.titles("mine") == project.titles("top") == ["held"]
    assert same_as_fresh(project, START + 2 * DAY)


def test_a_feed_that_finds_nothing_is_there_and_empty(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "none", "query": "topic:absent"})
    project.build(START)
    assert files("none") <= project.tree().keys()
    assert project.titles("none") == []


def test_a_feed_called_like_a_topic_keeps_its_own_name(project: Project, custom: Callable[..., None]) -> None:
    custom({"name": "ai", "query": "topic:ai"})
    project.name(topics=[{"name": "AI", "slug": "machines"}, {"name": "city.example", "slug": "city"}])
    project.write("a.md", draft("A", provider=("City", "city.example"), topics=("AI", "city.example")))
    project.build(START)
    keys = {feed["key"] for feed in catalogue(project)["feeds"]}
    assert keys == {"all", "ai", "topics/machines", "topics/city", "providers/city.example"}
