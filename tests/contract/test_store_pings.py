"""The queue for hubs, and how each hub stands."""

import pytest

from feeds.store import Store, open_store
from feeds.store.pings import HubRow

NOW = 1_700_000_000
HUB, OTHER = "https://hub.example/", "https://other.example/"
A, B, C = (f"https://feeds.example.org/{name}.rss" for name in "abc")


def queue(store: Store, *urls: str, now: int = NOW, hubs: tuple[str, ...] = (HUB,)) -> None:
    with store.transaction():
        store.pings.add(hubs, urls, now)


def test_every_hub_has_a_queue_of_its_own(store: Store) -> None:
    queue(store, A, B, hubs=(HUB, OTHER))
    with store.transaction():
        store.pings.done(HUB, store.pings.waiting(HUB, 10))
    assert store.pings.counts() == {OTHER: 2}
    assert store.pings.waiting(OTHER, 10) == [(A, NOW), (B, NOW)]


def test_the_longest_waiting_come_first(store: Store) -> None:
    queue(store, C, now=NOW)
    queue(store, B, A, now=NOW + 5)
    assert store.pings.waiting(HUB, 10) == [(C, NOW), (A, NOW + 5), (B, NOW + 5)]
    assert store.pings.waiting(HUB, 1) == [(C, NOW)]


@pytest.mark.parametrize(("again", "since"), [(NOW + 9, NOW + 9), (NOW, NOW + 1), (NOW - 500, NOW + 1)])
def test_what_changes_again_waits_once_but_later(store: Store, again: int, since: int) -> None:
    queue(store, A)
    queue(store, A, now=again)
    assert store.pings.waiting(HUB, 10) == [(A, since)]


@pytest.mark.parametrize("again", [NOW + 1, NOW])
def test_what_changed_while_a_hub_was_told_stays(store: Store, again: int) -> None:
    queue(store, A, B)
    told = store.pings.waiting(HUB, 10)
    queue(store, A, now=again)
    with store.transaction():
        store.pings.done(HUB, told)
    assert store.pings.waiting(HUB, 10) == [(A, NOW + 1)]


def test_nothing_in_nothing_out(store: Store) -> None:
    queue(store)
    queue(store, A, hubs=())
    with store.transaction():
        store.pings.done(HUB, [])
        store.pings.forget([])
    assert (store.pings.counts(), store.pings.hubs(), store.pings.oldest()) == ({}, {}, None)


def test_what_waits_too_long_is_dropped(store: Store) -> None:
    queue(store, A, now=NOW)
    queue(store, B, now=NOW + 1, hubs=(HUB, OTHER))
    assert store.pings.oldest() == NOW
    with store.transaction():
        store.pings.drop(NOW + 1)
    assert store.pings.counts() == {HUB: 1, OTHER: 1}
    assert store.pings.oldest() == NOW + 1


def test_how_a_hub_stands_is_kept(store: Store, state_url: str) -> None:
    rows = HubRow(HUB, NOW + 60, 3, NOW - 9, "http-500: zu viel los 😀"), HubRow(OTHER)
    with store.transaction():
        store.pings.keep(HubRow(HUB, detail="before"))
        for row in rows:
            store.pings.keep(row)
    again = open_store(state_url)
    assert again.pings.hubs() == {HUB: rows[0], OTHER: rows[1]}
    again.close()


def test_a_hub_is_forgotten_with_all_that_waits_for_it(store: Store) -> None:
    queue(store, A, B, hubs=(HUB, OTHER))
    with store.transaction():
        store.pings.keep(HubRow(HUB, fails=1))
        store.pings.keep(HubRow(OTHER, fails=2))
        store.pings.forget([HUB, "https://never.example/"])
    assert store.pings.counts() == {OTHER: 2}
    assert store.pings.hubs() == {OTHER: HubRow(OTHER, fails=2)}


def test_ten_thousand_at_once(store: Store) -> None:
    urls = [f"https://feeds.example.org/{number:05}.rss" for number in range(10_000)]
    queue(store, *urls)
    queue(store, *urls)
    assert store.pings.counts() == {HUB: 10_000}
    assert store.pings.waiting(HUB, 2) == [(urls[0], NOW + 1), (urls[1], NOW + 1)]
