"""Real readers, over real HTTP: what they make of the feeds of the seeds, and of an edit."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
import reader
from project import START, Draft, Project
from serving import served

SEEDS = Path(__file__).parents[2] / "seeds"
EXTRA = Draft("https://news.example/1?a=1&b=2", "Ampère & <Söhne>", excerpt="R&D says x < y.", topics=("AI", "R&D"))


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    project.out.mkdir()
    with served(project.out) as url:
        project.configure(base_url=url)
        for path in sorted(SEEDS.iterdir()):
            project.write(path.name, path.read_bytes())
        project.write("extra.md", EXTRA)
        project.build(START)
        yield url


def keys(project: Project) -> list[str]:
    return [feed["key"] for feed in json.loads((project.out / "feeds.json").read_bytes())["feeds"]]


def test_feedparser_reads_every_feed_and_all_formats_say_the_same(project: Project, address: str) -> None:
    assert len(keys(project)) > 9
    for key in keys(project):
        document = json.loads((project.out / f"{key}.json").read_bytes())
        expected = [(item["id"], item["title"], item["url"]) for item in document["items"]]
        assert expected
        for ending, version in (("rss", "rss20"), ("atom", "atom10")):
            feed = feedparser.parse(f"{address}{key}.{ending}")
            assert (feed.status, feed.bozo, feed.version) == (200, False, version), feed.get("bozo_exception")
            assert feed.feed.title == document["title"]
            found = [(entry.id, _plain(entry.title), entry.link) for entry in feed.entries]
            assert found == expected
            self_links = [link.href for link in feed.feed.links if link.rel == "self"]
            assert self_links == [f"{address}{key}.{ending}"]


def _plain(title: str) -> str:
    return title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_a_reader_sees_one_changed_entry_and_none_twice(project: Project, address: str, ending: str) -> None:
    urls = [f"{address}{key}.{ending}" for key in keys(project)]
    with reader.make_reader(":memory:") as client:
        for url in urls:
            client.add_feed(url)
        first = dict(client.update_feeds_iter(scheduled=False))
        assert {url: result.new for url, result in _good(first).items()} == _counts(project, address, ending)
        project.write("extra.md", replace(EXTRA, title="Corrected"), START + 10)
        project.build(START + 20)
        second = _good(dict(client.update_feeds_iter(scheduled=False)))
        changed = {url: (result.new, result.modified) for url, result in second.items()}
        own = {"all", "topics/ai", "topics/r-and-d", "providers/news.example"}
        assert changed == {url: (0, int(_key(url, address) in own)) for url in urls}
        entries = list(client.get_entries(feed=f"{address}all.{ending}"))
        assert len(entries) == len({entry.id for entry in entries}) == len(project.items())
        assert [entry.title for entry in entries].count("Corrected") == 1
        assert {entry.id for entry in entries} == project.items().keys()


def _good(results: "dict[str, reader.UpdatedFeed | reader.UpdateError | None]") -> dict[str, reader.UpdatedFeed]:
    """Return the results by URL; a feed that said "not modified" has nothing new."""
    found = {}
    for url, result in results.items():
        assert not isinstance(result, Exception), result
        found[url] = result or reader.UpdatedFeed(url, 0, 0, 0)
    return found


def _counts(project: Project, address: str, ending: str) -> dict[str, int]:
    return {f"{address}{key}.{ending}": len(project.items(key)) for key in keys(project)}


def _key(url: str, address: str) -> str:
    return url.removeprefix(address).rpartition(".")[0]
