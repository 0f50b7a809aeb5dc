"""The status is the same on both databases, and looking at a state that is not there makes none."""

from dataclasses import replace

from project import START, Draft, Project

from feeds.app.doctor import Grade, examine
from feeds.app.status import read_status
from feeds.pipeline.check import learn_links
from feeds.store import open_store
from feeds.store.existing import existing_state


def test_there_is_none_until_a_build_makes_one(state_url: str) -> None:
    for _ in range(2):
        with existing_state(state_url) as seen:
            assert seen is None
    open_store(state_url).close()
    with existing_state(state_url) as seen:
        assert seen is not None
        assert seen.is_ours


def test_what_is_seen_is_of_one_moment(state_url: str) -> None:
    store = open_store(state_url)
    with existing_state(state_url) as seen:
        assert seen is not None
        before = seen.store.meta.get("released")
        with store.transaction():
            store.meta.put("released", str(START))
        assert seen.store.meta.get("released") == before == ""
    store.close()


def test_the_status_of_a_build_is_the_same(project: Project, postgres_url: str) -> None:
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI", "Älter")))
    project.write("later.md", Draft("https://news.example/later", "Later", date=START + 9))
    project.write("held.md", Draft("https://news.example/held", "Held", held=True))
    project.write("bad.md", "---\ntitle: \n---\n")
    found = []
    for state in (str(project.state), postgres_url):
        project.build(START, state=state)
        loaded = project.loaded(state=state)
        store = open_store(loaded.state_url)
        learn_links(store, lambda _: "", START)
        store.close()
        found.append(read_status(loaded, START + 1))
    here, there = found
    assert (here.records, here.links.total, here.next_item, here.fault) == (4, 2, START + 9, "")
    assert there.state_bytes > 0
    assert replace(there, state=here.state, state_bytes=here.state_bytes, ticks=here.ticks) == here


def test_the_doctor_finds_nothing_wrong_with_a_server(project: Project, postgres_url: str) -> None:
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.build(START, state=postgres_url)
    told = {each.name: each for each in examine(lambda: project.loaded(state=postgres_url), 2**31, offline=True)}
    assert told["state"].grade is told["state writable"].grade is Grade.OK
    assert "state whole" not in told
    assert "state disk" not in told
