"""The story of an item is the same on both databases."""

from dataclasses import asdict

import pytest
from project import START, Draft, Mention, Project

from feeds.app.explaining import Unknown, run_explain
from feeds.model.remote import RemoteEntry, RemoteFeed
from feeds.model.source import Source
from feeds.pipeline.poll import Keeping, keep_polls
from feeds.remote.outcome import Fetched
from feeds.store import Store, open_store
from feeds.store.sources import EntryRow
from feeds.store.traces import Traces

NS = 1_000_000_000
WORDS = (
    *("records/a.md", "https://news.example/b", "news.example/é", "feed#one", "feed#none", "feed#two"),
    *("records/bad.md", "https://remote.example/two", "records/c.md", "nothing", "feeb#one"),
)


def test_the_story_of_every_item_is_the_same(project: Project, postgres_url: str) -> None:
    project.configure(
        sources=[{"url": "https://remote.example/feed", "id": "feed", "exclude": ["two"]}], feeds={"limit": 2}
    )
    project.write("a.md", Draft("https://news.example/a", "A", related=(Mention("https://news.example/é", "M"),)))
    project.write("b.md", Draft("https://remote.example/one", "B", topics=()))
    project.write("bad.md", "---\ntitle: \n---\n")
    told = []
    for state in (str(project.state), postgres_url):
        loaded = project.loaded(state=state)
        store = open_store(loaded.state_url)
        entries = [RemoteEntry(name, f"https://remote.example/{name}", name.title()) for name in ("one", "two")]
        feed = RemoteFeed("Feed", "https://remote.example/", tuple(entries))
        source = Source("feed", "https://remote.example/feed")
        keep_polls(store, [(source, Fetched(200, {}, feed=feed))], Keeping(30, 500, loaded.tracking), START)
        store.close()
        project.build(START, state=state)
        told.append([asdict(run_explain(loaded, word, "", START * NS)) for word in WORDS])
    assert told[0] == told[1]
    states = [each.get("state", "") for each in told[0]]
    assert states == [
        *("published", "", "published", "published", "", "refused"),
        *("faulty", "refused", "", "", ""),
    ]


def test_a_word_nobody_knows_has_neighbours(store: Store, state_url: str, project: Project) -> None:
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.build(START, state=state_url)
    found = run_explain(project.loaded(state=state_url), "https://news.example/aa", "", START * NS)
    assert found == Unknown("https://news.example/aa", ("news.example/a",))


@pytest.fixture
def traces(store: Store) -> Traces:
    return Traces(store._connection)


def test_entries_are_found_by_what_they_are_known_again_by(store: Store, traces: Traces) -> None:
    rows = [
        EntryRow("s", "one", 1, 0, "", shared=False, traits=b'{"page":"a.example/1"}', body=b""),
        EntryRow("s", "two", 1, 0, "", shared=False, traits=b'{"page":"a.example/12"}', body=b""),
    ]
    with store.transaction():
        store.sources.keep(rows, mark=["two"])
    assert [row[:2] for row in traces.entries_with(b'"a.example/1"')] == [("s", "one")]
    assert [row[1] for row in traces.entries_with(b'"a.example/12"', b'"a.example/1"')] == ["one", "two"]
    assert traces.entries_with(b'"b.example/1"') == []
    assert traces.entry_names("s") == ["one", "two"]
    assert [traces.is_to_be_told("s", name) for name in ("one", "two", "three")] == [False, True, False]
