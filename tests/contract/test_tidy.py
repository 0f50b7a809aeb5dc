"""Tidying: what nobody will ask for goes, what anybody could miss stays."""

from dataclasses import replace

from project import START, Draft, Project

from feeds.links.encoding import decode_link, encode_link
from feeds.pipeline.check import learn_links, pin
from feeds.pipeline.tidy import KEPT, tidy
from feeds.store import Store, open_store

OLD, PINNED, KEPT_URL = ("https://a.example/old", "https://b.example/pinned", "https://c.example/kept")


def allowed(_: str) -> str:
    return ""


def checked(store: Store, at: int) -> None:
    with store.transaction():
        rows = store.links.find()
        states = {row.url: replace(decode_link(row.body), checked_at=at) for row in rows}
        store.links.put([replace(row, checked=at, body=encode_link(states[row.url])) for row in rows])


def urls(store: Store) -> set[str]:
    return {row.url for row in store.links.unused(2**60)} | {row.url for row in store.links.find()}


def test_links_nobody_uses_go_after_long_and_what_a_person_said_stays(project: Project, state_url: str) -> None:
    for number, url in enumerate((OLD, PINNED, KEPT_URL)):
        project.write(f"{number}.md", Draft(url, f"Story {number}"))
    project.build(START, state=state_url)
    store = open_store(state_url)
    learn_links(store, allowed, START)
    checked(store, START)
    pin(store, [PINNED], "dead", allowed, START)
    project.write("0.md", Draft("https://a.example/new", "Story 0"))
    (project.records / "1.md").unlink()
    project.build(START + 10, state=state_url)
    learn_links(store, allowed, START + 10)
    assert urls(store) == {OLD, PINNED, KEPT_URL, "https://a.example/new"}
    assert tidy(store, START + KEPT) == 0
    assert tidy(store, START + KEPT + 1) == 1
    assert urls(store) == {PINNED, KEPT_URL, "https://a.example/new"}
    before = project.tree()
    project.build(START + 20, state=state_url)
    assert project.tree() == before
    store.close()
