"""Leases: one holder at a time, whoever asks first and whatever dies."""

import threading
from collections import Counter

import pytest

from feeds.store import Store, open_store

NOW = 1_700_000_000


def claim(store: Store, holder: str, *, until: int = NOW + 300, now: int = NOW, dead: str = "") -> str:
    with store.transaction():
        return store.leases.claim("build", holder, until, now, dead)


@pytest.mark.parametrize(("now", "holder"), [(NOW, "me:1"), (NOW + 299, "me:1"), (NOW + 300, ""), (NOW + 900, "")])
def test_a_lease_runs_out_by_itself(store: Store, now: int, holder: str) -> None:
    assert claim(store, "me:1") == "me:1"
    assert store.leases.holder("build", now) == holder
    assert store.leases.holder("other", now) == ""


def test_it_stays_with_its_holder_who_may_renew_it(store: Store) -> None:
    assert claim(store, "me:1") == "me:1"
    assert claim(store, "you:2") == "me:1"
    assert claim(store, "me:1", until=NOW + 600) == "me:1"
    assert claim(store, "you:2", now=NOW + 500) == "me:1"
    assert claim(store, "you:2", until=NOW + 900, now=NOW + 600) == "you:2"
    assert claim(store, "me:1", now=NOW + 601) == "you:2"


def test_that_of_a_holder_known_to_be_dead_is_taken_over_at_once(store: Store) -> None:
    assert claim(store, "me:1") == "me:1"
    assert claim(store, "you:2", dead="another:3") == "me:1"
    assert claim(store, "you:2", dead="me:1") == "you:2"


def test_a_lease_is_given_back_by_its_holder_alone(store: Store) -> None:
    claim(store, "me:1")
    with store.transaction():
        store.leases.release("build", "you:2")
    assert store.leases.holder("build", NOW) == "me:1"
    with store.transaction():
        store.leases.release("build", "me:1")
    assert store.leases.holder("build", NOW) == ""


def test_of_many_who_ask_at_once_one_has_it_and_all_agree(state_url: str) -> None:
    open_store(state_url).close()
    for turn in range(20):
        told: list[str] = []
        gate = threading.Barrier(4)

        def ask(name: str, now: int = NOW + turn * 300) -> None:
            store = open_store(state_url)
            gate.wait()  # noqa: B023  each turn ends before the next gate is made
            told.append(claim(store, name, until=now + 300, now=now))  # noqa: B023
            store.close()

        threads = [threading.Thread(target=ask, args=(f"host:{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(Counter(told)) == 1, told
