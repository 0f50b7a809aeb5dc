"""What feeds.json says of feeds that were published once and are not any more, and what it must never say."""

import json
from dataclasses import replace

import pytest
from project import START, Draft, Project

DAY = 86_400
AI, LAW = "topics/ai", "topics/law"
NEWS, COURANT = "providers/news.example", "providers/courant.example"


@pytest.fixture
def built(project: Project) -> Project:
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI", "Law")))
    project.write("b.md", Draft("https://courant.example/b", "B", provider=("Courant", "courant.example")))
    project.write("c.md", Draft("https://news.example/c", "C", topics=("Secret plans",), held=True))
    project.write("d.md", Draft("https://news.example/d", "D", topics=("To come",), date=START + DAY))
    project.build(START)
    return project


def gone(project: Project) -> list[str] | None:
    """Return the member `gone`, None where there is none."""
    body = (project.out / "feeds.json").read_bytes()
    assert b"secret" not in body.lower()
    keys = json.loads(body).get("gone")
    assert keys is None or isinstance(keys, list)
    return keys


def test_where_nothing_is_gone_nothing_is_said(built: Project) -> None:
    assert gone(built) is None
    for name in ("a.md", "b.md"):
        (built.records / name).unlink()
    built.build(START + 10)
    assert (gone(built), built.titles(LAW)) == (None, [])


@pytest.mark.parametrize(
    ("feeds", "keys"),
    [
        ({"topics": False}, [AI, LAW]),
        ({"providers": False}, [COURANT, NEWS]),
        ({"topics": False, "providers": False}, [COURANT, NEWS, AI, LAW]),
        ({"formats": ["atom"]}, None),
        ({"formats": ["rss"], "topics": False}, [AI, LAW]),
    ],
)
def test_feeds_that_are_switched_off_are_told_until_they_come_back(
    built: Project, feeds: dict[str, object], keys: list[str] | None
) -> None:
    before = built.tree()
    built.configure(feeds=feeds)
    built.build(START + 10)
    assert gone(built) == keys
    stamps = built.stamps()
    assert built.build(START + 20).written == []
    assert built.stamps() == stamps
    built.configure()
    built.build(START + 30)
    assert built.tree() == before


def test_they_come_back_one_by_one(built: Project) -> None:
    built.configure(feeds={"topics": False, "providers": False})
    built.build(START + 10)
    built.configure(feeds={"topics": False})
    built.build(START + 20)
    assert gone(built) == [AI, LAW]


def test_a_feed_with_another_address_leaves_its_old_one(built: Project) -> None:
    built.name(topics=[{"name": "Law", "slug": "law-and-order"}])
    built.build(START + 10)
    assert gone(built) == [LAW]
    built.name(topics=[{"name": "Law", "slug": "order"}])
    built.build(START + 20)
    assert gone(built) == [LAW, "topics/law-and-order"]
    built.name(topics=[{"name": "Law", "slug": "law"}])
    built.build(START + 30)
    assert gone(built) == ["topics/law-and-order", "topics/order"]


def test_an_address_that_another_feed_has_now_is_not_gone(built: Project) -> None:
    built.name(topics=[{"name": "Law", "slug": "ai"}, {"name": "AI", "slug": "law"}])
    built.build(START + 10)
    assert gone(built) is None
    built.name(topics=[{"name": "Law", "slug": "ai"}, {"name": "AI", "slug": "machines"}])
    built.build(START + 20)
    assert gone(built) == [LAW]


def test_an_address_that_moves_while_its_feed_is_off_was_never_published(built: Project) -> None:
    built.configure(feeds={"topics": False})
    built.build(START + 10)
    built.name(topics=[{"name": "Law", "slug": "plans-for-law"}])
    built.build(START + 20)
    assert gone(built) == [AI, LAW]


def test_what_goes_on_under_another_name_is_gone(built: Project) -> None:
    built.name(
        topics=[{"name": "Jurisprudence", "aliases": ["Law"]}],
        providers=[{"domain": "news.example", "name": "The News", "aliases": ["courant.example"]}],
    )
    built.build(START + 10)
    assert gone(built) == [COURANT, LAW]


def test_what_was_never_shown_is_never_told(built: Project) -> None:
    built.name(topics=[{"name": "Plans", "aliases": ["Secret plans", "To come"]}])
    built.build(START + 10)
    assert gone(built) is None
    built.configure(feeds={"topics": False})
    built.build(START + 2 * DAY)
    assert gone(built) == [AI, LAW]


def test_what_was_shown_and_withdrawn_is_told_once_its_feed_is_off(built: Project) -> None:
    story = Draft("https://news.example/e", "E", topics=("Sports",))
    built.write("e.md", story, START + 10)
    built.build(START + 20)
    built.write("e.md", replace(story, held=True), START + 30)
    built.build(START + 40)
    assert (gone(built), built.titles("topics/sports")) == (None, [])
    built.configure(feeds={"topics": False})
    built.build(START + 50)
    assert gone(built) == [AI, LAW, "topics/sports"]
