"""A state that is opened for show: all works as in the real one, nothing of it stays, and nobody is held up."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from feeds.errors import StateError
from feeds.store import Store, open_store
from feeds.store.feeds import FeedRow
from feeds.store.rehearsal import rehearsal

TOPIC = ("topic", "ai", "topics/ai")
INSERT = """INSERT INTO feed (kind, ref, key, title, count, "window", files, total)
VALUES ('{}', '{}', '{}', '', 0, '', '{{}}', 0)"""


# Writes more than SQLite keeps in memory, so that there is a temporary file to be left behind.
AT_WORK = """
import sys, time
from feeds.store.rehearsal import rehearsal
with rehearsal(sys.argv[1]) as shown, shown.transaction():
    for number in range(40):
        shown.meta.put(f"big{number}", "x" * 1_000_000)
    print("at work", flush=True)
    time.sleep(60)
"""


def fail(store: Store) -> None:
    with store.transaction():
        store.meta.put("kept", "3")
        raise KeyError


def dump(url: str) -> list[str]:
    """Return all that a state holds, with what its sequences will hand out next."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return list(connection.iterdump())
    with psycopg.connect(url) as connection:
        query = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        query += (
            " WHERE n.nspname !~ '^pg_(catalog|toast)|information_schema' AND relkind IN ('r', 'S') ORDER BY relname"
        )
        names = [row[0] for row in connection.execute(query)]
        return [
            f"{name} {row}" for name in names for row in sorted(map(str, connection.execute(f'SELECT * FROM "{name}"')))
        ]


def impatient(url: str) -> str:
    """Return the URL of a session that gives up, rather than wait for a lock: a test must not hang."""
    return url if url.startswith("sqlite") else f"{url}&options=-c%20lock_timeout%3D3000"


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


def test_others_may_write_the_same_rows_meanwhile(store: Store, state_url: str) -> None:
    with store.transaction():
        store.meta.put("kept", "1")
    other = open_store(impatient(state_url))
    try:
        with rehearsal(state_url) as shown:
            with shown.transaction():
                shown.meta.put("kept", "2")
            with other.transaction():
                other.meta.put("kept", "3")
            assert shown.meta.get("kept") == "2"
    finally:
        other.close()
    assert store.meta.get("kept") == "3"


def test_one_moment_is_seen_to_the_end(store: Store, state_url: str) -> None:
    with rehearsal(state_url) as shown:
        with store.transaction():
            store.feeds.put([FeedRow(1, *TOPIC)])
        assert shown.feeds.all() == []


def test_no_number_is_used_up(store: Store, state_url: str) -> None:
    """A sequence of PostgreSQL does not take back what it handed out, whatever becomes of the transaction."""
    connection = store._connection
    with store.transaction():
        connection.exec_driver_sql(INSERT.format("all", "", "all"))
    before = dump(state_url)
    with rehearsal(state_url) as shown, shown.transaction():
        shown._connection.exec_driver_sql(INSERT.format(*TOPIC))
        foretold = [row.id for row in shown.feeds.all()]
    assert dump(state_url) == before
    with store.transaction():
        connection.exec_driver_sql(INSERT.format(*TOPIC))
    assert [row.id for row in store.feeds.all()] == foretold


def test_a_state_that_is_not_there_is_not_made(state_url: str) -> None:
    with rehearsal(state_url) as shown:
        with shown.transaction():
            shown.meta.put("kept", "1")
        assert shown.meta.get("kept") == "1"
    if state_url.startswith("sqlite:///"):
        assert not Path(state_url.removeprefix("sqlite:///")).parent.exists()
    else:
        assert dump(state_url) == []


def test_a_state_of_another_version_is_refused(store: Store, state_url: str) -> None:
    with store.transaction():
        store.meta.put("schema", "0")
    with pytest.raises(StateError, match="version 0"), rehearsal(state_url):
        pass
    with store.transaction():
        store.meta.put("schema", "5")
    open_store(state_url).close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killed_it_leaves_nothing(store: Store, state_url: str, tmp_path: Path, sign: signal.Signals) -> None:
    with store.transaction():
        store.meta.put("kept", "1")
    before = dump(state_url)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    places = {name: str(temporary) for name in ("TMPDIR", "SQLITE_TMPDIR")}
    command = [sys.executable, "-c", AT_WORK, state_url]
    with subprocess.Popen(
        command, env={**os.environ, **places}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as at:
        assert at.stdout is not None
        assert at.stdout.readline() == b"at work\n"
        at.send_signal(sign)
    assert at.returncode != 0
    assert list(temporary.iterdir()) == []
    assert dump(state_url) == before
