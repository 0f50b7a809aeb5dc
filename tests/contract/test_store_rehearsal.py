"""A state that is opened for show: all works as in the real one, and nothing of it stays."""

import pytest

from feeds.errors import StateError
from feeds.store import Store, open_store
from feeds.store.database import rehearsal


def fail(store: Store) -> None:
    with store.transaction():
        store.meta.put("kept", "3")
        raise KeyError


def test_nothing_stays(store: Store, state_url: str) -> None:
    with store.transaction():
        store.meta.put("kept", "1")
    with rehearsal(state_url) as shown:
        with shown.transaction():
            shown.meta.put("kept", "2")
        with pytest.raises(KeyError):
            fail(shown)
        assert shown.meta.get("kept") == "2"
        assert store.meta.get("kept") == "1"
    assert store.meta.get("kept") == "1"


def test_others_may_write_meanwhile(store: Store, state_url: str) -> None:
    with rehearsal(state_url) as shown:
        with shown.transaction():
            shown.meta.put("mine", "1")
        with store.transaction():
            store.meta.put("theirs", "1")
    assert (store.meta.get("mine"), store.meta.get("theirs")) == ("", "1")


def test_a_state_of_another_version_is_refused(store: Store, state_url: str) -> None:
    with store.transaction():
        store.meta.put("schema", "0")
    with pytest.raises(StateError, match="version 0"), rehearsal(state_url):
        pass
    with store.transaction():
        store.meta.put("schema", "5")
    open_store(state_url).close()
