"""Opening, transactions, leases, single values."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from feeds.errors import StateError, UsageError
from feeds.store import Store, open_store
from feeds.store.items import Membership

NOW = 1_700_000_000


def test_values_last(store: Store, state_url: str) -> None:
    assert store.meta.get("rules") == ""
    assert store.meta.get("released", "0") == "0"
    with store.transaction():
        store.meta.put("rules", "a")
        store.meta.put("rules", "b ä 😀")
    again = open_store(state_url)
    assert again.meta.get("rules") == "b ä 😀"
    again.close()


def test_a_failure_takes_back_everything(store: Store) -> None:
    with store.transaction():
        store.meta.put("kept", "1")

    def fail() -> None:
        with store.transaction():
            store.meta.put("kept", "2")
            store.meta.put("new", "2")
            store.leases.claim("build", "me", NOW + 1, NOW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (store.meta.get("kept"), store.meta.get("new"), store.leases.holder("build", NOW)) == ("1", "", "")
    with store.transaction():
        store.meta.put("new", "3")
    assert store.meta.get("new") == "3"


def test_a_refused_write_is_a_state_error_and_takes_back_everything(store: Store) -> None:
    place = Membership(1, NOW, "i", "AI")
    with store.transaction():
        store.items.join([place])

    def fail() -> None:
        with store.transaction():
            store.meta.put("new", "1")
            store.items.join([place])

    with pytest.raises(StateError):
        fail()
    assert store.meta.get("new") == ""


def test_other_connections_see_only_what_is_committed(store: Store, state_url: str) -> None:
    other = open_store(state_url)
    with store.transaction():
        store.meta.put("a", "1")
        assert other.meta.get("a") == ""
    assert other.meta.get("a") == "1"
    other.close()


def test_the_state_of_another_version_is_refused(store: Store, state_url: str) -> None:
    with store.transaction():
        store.meta.put("schema", "0")
    with pytest.raises(StateError, match="version 0"):
        open_store(state_url)


@pytest.mark.parametrize(
    ("url", "error", "told"),
    [
        ("oracle://x", UsageError, "oracle"),
        ("no url", UsageError, "no database can be reached"),
        ("sqlite+foo://u:s3cret@/x", UsageError, "sqlite.foo"),
        ("postgresql://nobody:s3cret@/db?host=/nonexistent", StateError, "cannot be used"),
        ("sqlite:////dev/null/state.db", StateError, "folder"),
    ],
)
def test_a_state_that_cannot_be_opened(url: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told) as caught:
        open_store(url)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database, but long enough to have a header" * 20)
    with pytest.raises(StateError, match="cannot be used"):
        open_store(f"sqlite:///{path}")


def test_a_sqlite_state_that_a_killed_process_left_open(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/state.db"
    script = (
        "import os, signal; from feeds.store import open_store\n"
        f"store = open_store({url!r})\n"
        "with store.transaction(): store.meta.put('a', '1')\n"
        "with store.transaction():\n"
        "    store.meta.put('a', '2'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    store = open_store(url)
    assert store.meta.get("a") == "1"
    store.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
