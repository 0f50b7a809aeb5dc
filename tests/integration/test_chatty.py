"""One provider that publishes much, beside those that publish little."""

from collections import Counter
from dataclasses import replace
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from project import START, Draft, Mention, Project

HOUR, DAY = 3_600, 86_400
LOUD = ("Loud", "loud.example")
# More than two pages of what the store hands out at a time.
MANY = 450


def loud(project: Project, count: int = MANY) -> None:
    """Have one provider tell `count` stories, a minute apart, all newer than those of others."""
    mentions = [Mention(f"https://loud.example/{n}", f"Loud {n}", LOUD, START - 60 * (n + 1)) for n in range(count)]
    for part in range(0, count, 100):
        held = Draft(f"https://loud.example/r{part}", "Held", provider=LOUD, held=True)
        shown = replace(
            held, held=False, title=f"Round {part}", date=START - 60 * count, related=tuple(mentions[part:][:100])
        )
        project.write(f"loud/{part}.md", shown)


def quiet(project: Project, count: int = 5) -> None:
    for n in range(count):
        provider = (f"Quiet {n % 3}", f"quiet{n % 3}.example")
        draft = Draft(f"https://q.example/{n}", f"Quiet {n}", provider=provider, date=START - (n + 1) * DAY)
        project.write(f"quiet/{n}.md", draft)


def tell(project: Project, key: str = "all") -> Counter[str]:
    """Return how many items of each provider a feed shows, by the first word of their titles."""
    return Counter(title.partition(" ")[0] for title in project.titles(key))


WAYS: list[tuple[dict[str, Any], dict[str, int]]] = [
    ({}, {"Loud": 10}),
    ({"provider_cap": 3}, {"Loud": 3, "Quiet": 5}),
    ({"provider_cap": 1}, {"Loud": 1, "Quiet": 3}),
    ({"interleave": True}, {"Loud": 6, "Quiet": 4}),
    ({"interleave": True, "provider_cap": 2}, {"Loud": 2, "Quiet": 5}),
]


@pytest.mark.parametrize(("chosen", "shown"), WAYS)
def test_a_loud_provider_leaves_room_in_every_feed_but_its_own(project: Project, chosen: Any, shown: Any) -> None:
    loud(project)
    quiet(project)
    project.configure(feeds={"limit": 10, **chosen})
    project.build(START)
    assert tell(project) == shown
    assert tell(project, "providers/loud.example") == {"Loud": 10}
    again = project.build(START + 10)
    assert (again.written, again.deleted, again.rendered) == ([], [], 0)


def test_a_topic_is_shared_as_well_and_stays_newest_first(project: Project) -> None:
    for n in range(8):
        project.write(f"l{n}.md", Draft(f"https://loud.example/{n}", f"L{n}", provider=LOUD, date=START - n * HOUR))
    quiet(project)
    project.configure(feeds={"limit": 6, "provider_cap": 2, "interleave": True})
    project.build(START)
    newest_first = ["L0", "L1", "Quiet 0", "Quiet 1", "Quiet 2", "Quiet 3"]
    for key in ("all", "topics/ai"):
        assert project.titles(key) == newest_first
        for ending in ("rss", "atom"):
            feed = feedparser.parse((project.out / f"{key}.{ending}").read_bytes())
            assert [entry.title for entry in feed.entries] == newest_first


@pytest.mark.parametrize("chosen", [{"provider_cap": 2}, {"interleave": True}])
def test_the_next_in_line_appears_when_one_is_withdrawn(project: Project, chosen: dict[str, Any]) -> None:
    drafts = [Draft(f"https://loud.example/{n}", f"L{n}", provider=LOUD, date=START - n * HOUR) for n in range(6)]
    for n, draft in enumerate(drafts):
        project.write(f"l{n}.md", draft)
    quiet(project, 2)
    project.configure(feeds={"limit": 4, **chosen})
    project.build(START)
    assert project.titles() == ["L0", "L1", "Quiet 0", "Quiet 1"]
    project.write("l0.md", replace(drafts[0], held=True), START + 10)
    project.build(START + 20)
    assert project.titles() == project.titles("topics/ai") == ["L1", "L2", "Quiet 0", "Quiet 1"]
    assert project.tree() == project.fresh(START + 20, "anew")


def test_an_item_that_gets_another_provider_takes_of_its_share(project: Project) -> None:
    drafts = [Draft(f"https://loud.example/{n}", f"L{n}", provider=LOUD, date=START - n * HOUR) for n in range(4)]
    for n, draft in enumerate(drafts):
        project.write(f"l{n}.md", draft)
    project.configure(feeds={"provider_cap": 2})
    project.build(START)
    assert project.titles() == ["L0", "L1"]
    project.write("l1.md", replace(drafts[1], provider=("Quiet", "quiet.example")), START + 10)
    project.build(START + 20)
    assert project.titles() == ["L0", "L1", "L2"]
    project.name(providers=[{"domain": "loud.example", "name": "Loud", "aliases": ["quiet.example"]}])
    project.build(START + 30)
    assert project.titles() == ["L0", "L1"]


def test_another_cap_releases_every_feed_and_none_brings_the_old_bytes_back(project: Project) -> None:
    loud(project, 30)
    quiet(project)
    project.configure(feeds={"limit": 10})
    project.build(START)
    before = project.tree()
    project.configure(feeds={"limit": 10, "provider_cap": 4})
    report = project.build(START + 10)
    assert "all.rss" in report.written
    assert not any(path.startswith("providers/") for path in report.written)
    assert tell(project) == {"Loud": 4, "Quiet": 5}
    project.configure(feeds={"limit": 10})
    project.build(START + 20)
    assert project.tree() == before


@pytest.mark.parametrize("chosen", [{"provider_cap": 2}, {"interleave": True}])
def test_arrivals_one_by_one_lead_to_the_same_feeds_and_nothing_flickers(project: Project, chosen: Any) -> None:
    project.configure(feeds={"limit": 4, **chosen})
    left: set[str] = set()
    for n in range(9):
        provider = LOUD if n % 3 else ("Quiet", "quiet.example")
        draft = Draft(f"https://x.example/{n}", f"X{n}", provider=provider, date=START - (n * 7 % 9) * 7 * HOUR)
        project.write(f"{n}.md", draft)
        project.build(START + n)
        shown = set(project.titles())
        assert not shown & left
        left |= {f"X{number}" for number in range(n + 1)} - shown
    fresh = project.fresh(START + 8, "anew")
    assert {key: project.titles(key) for key in ("all", "topics/ai")} == {
        key: _titles(fresh, key) for key in ("all", "topics/ai")
    }


def _titles(files: dict[str, bytes], key: str) -> list[str]:
    return [entry.title for entry in feedparser.parse(files[f"{key}.rss"]).entries]
