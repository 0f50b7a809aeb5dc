"""What a change of the settings or of the taxonomy does to files that were published before."""

import json
from typing import Any

import pytest
from project import LISTS, START, Draft, Project

ENDINGS = ("rss", "atom", "json")


@pytest.fixture
def built(project: Project) -> Project:
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI", "Law")))
    project.write("b.md", Draft("https://courant.example/b", "B", provider=("Courant", "courant.example")))
    project.build(START)
    return project


def files(*feeds: str, endings: tuple[str, ...] = ENDINGS) -> list[str]:
    return sorted(f"{feed}.{ending}" for feed in feeds for ending in endings)


def catalogue(project: Project) -> list[dict[str, Any]]:
    feeds = json.loads((project.out / "feeds.json").read_bytes())["feeds"]
    assert isinstance(feeds, list)
    return feeds


FEEDS = ("all", "providers/courant.example", "providers/news.example", "topics/ai", "topics/law")


@pytest.mark.parametrize("formats", [("atom",), ("json",), ("rss", "json")])
def test_a_format_less_removes_its_files_and_says_so(built: Project, formats: tuple[str, ...]) -> None:
    before = built.tree()
    built.configure(feeds={"formats": formats})
    report = built.build(START + 10)
    gone = tuple(ending for ending in ENDINGS if ending not in formats)
    assert report.deleted == files(*FEEDS, endings=gone)
    assert sorted(built.tree()) == sorted([*files(*FEEDS, endings=formats), *LISTS])
    assert set(catalogue(built)[0]) & set(ENDINGS) == set(formats)
    built.configure()
    report = built.build(START + 20)
    assert report.deleted == []
    assert built.tree() == before


@pytest.mark.parametrize(("kind", "prefix"), [("topics", "topics/"), ("providers", "providers/")])
def test_feeds_that_are_switched_off_go_and_come_back(built: Project, kind: str, prefix: str) -> None:
    before = built.tree()
    built.configure(feeds={kind: False})
    report = built.build(START + 10)
    assert report.deleted == files(*(feed for feed in FEEDS if feed.startswith(prefix)))
    assert not any(name.startswith(prefix) for name in built.tree())
    assert not any(feed["key"].startswith(prefix) for feed in catalogue(built))
    built.configure()
    built.build(START + 20)
    assert built.tree() == before


def test_a_topic_with_a_new_address_leaves_the_old_one(built: Project) -> None:
    built.name(topics=[{"name": "Law", "slug": "law-and-order", "description": "Courts and police."}])
    report = built.build(START + 10)
    assert report.deleted == files("topics/law")
    assert built.titles("topics/law-and-order") == ["A"]
    assert [feed["key"] for feed in catalogue(built)][-1] == "topics/law-and-order"
    assert built.build(START + 20).written == []


def test_two_topics_that_swap_addresses(built: Project) -> None:
    built.name(topics=[{"name": "Law", "slug": "ai"}, {"name": "AI", "slug": "law"}])
    report = built.build(START + 10)
    assert report.deleted == []
    assert (built.titles("topics/law"), built.titles("topics/ai")) == (["A", "B"], ["A"])
    assert built.tree() == built.fresh(START + 10, "anew")


def test_a_topic_that_becomes_an_alias_goes_up_in_the_other(built: Project) -> None:
    built.name(topics=[{"name": "Jurisprudence", "aliases": ["Law"]}])
    report = built.build(START + 10)
    assert report.deleted == files("topics/law")
    assert built.titles("topics/jurisprudence") == ["A"]
    assert built.items()[next(iter(built.items("topics/jurisprudence")))]["tags"] == ["AI", "Jurisprudence"]


def test_a_provider_that_becomes_an_alias_goes_up_in_the_other(built: Project) -> None:
    built.name(providers=[{"domain": "news.example", "name": "The News", "aliases": ["courant.example"]}])
    report = built.build(START + 10)
    assert report.deleted == files("providers/courant.example")
    assert sorted(built.titles("providers/news.example")) == ["A", "B"]


def test_another_address_of_the_site_is_in_every_file_and_changes_no_item(built: Project) -> None:
    before = {key: (item["date_modified"], item["title"]) for key, item in built.items().items()}
    built.configure(base_url="https://moved.example/feeds/")
    report = built.build(START + 10)
    assert len(report.written) == len(built.tree()) == 3 * len(FEEDS) + len(LISTS)
    assert not any(b"feeds.example.org" in body for body in built.tree().values())
    assert {key: (item["date_modified"], item["title"]) for key, item in built.items().items()} == before


def test_records_in_another_folder_are_other_records(built: Project) -> None:
    (built.root / "elsewhere").mkdir()
    built.configure(records=["elsewhere"])
    report = built.build(START + 10)
    assert (report.records, built.items()) == (0, {})
    assert report.deleted == []
    built.configure()
    built.build(START + 20)
    assert sorted(built.titles()) == ["A", "B"]


def test_another_name_of_the_site_takes_the_place_of_the_old_one(built: Project) -> None:
    feeds = {"archives": True, "limit": 1}
    built.write("c.md", Draft("https://news.example/c", "C", topics=("AI", "Solo")))
    built.configure(feeds=feeds)
    built.build(START + 10)
    (built.records / "c.md").unlink()
    built.build(START + 20)
    for number, name in enumerate(("Other", "An – Other", "Site")):
        built.configure(feeds=feeds, site={"title": name})
        built.build(START + 30 + number)
        titles = {json.loads(body)["title"] for path, body in built.tree().items() if path.endswith(".json")}
        assert titles == {name, *(f"{each} – {name}" for each in ("AI", "Law", "Solo", "Courant", "Example News"))}
