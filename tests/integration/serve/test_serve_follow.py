"""A new build is taken up whole, whatever happens while it is being published."""

import asyncio
import json
import os
import threading
import time
from pathlib import Path

import pytest

from feeds.serve.answer import Rules
from feeds.serve.follower import Follower
from feeds.serve.tree import Loader, Tree

PATHS = ("all.rss", "topics/ai.atom", "feeds.json")


@pytest.fixture
def follow(out):
    """Return a follower of the folder and the trees it handed on."""
    trees: list[Tree] = []

    def start(patience: float = 60.0) -> tuple[Follower, list[Tree]]:
        return Follower(Loader(str(out), Rules(900), 1_000_000), trees.append, patience=patience), trees

    return start


def publish(out: Path, put, build: int) -> None:
    """Publish a build as `feeds.sinks.folder` does: stage all, rename one by one, remove the stage."""
    stage = out / ".stage"
    stage.mkdir(exist_ok=True)
    for path in PATHS:
        put(out / path, json.dumps({"build": build, "path": path}).encode())
    stage.rmdir()


def builds(tree: Tree) -> set[int]:
    return {json.loads(tree.files[f"/{path}"].body)["build"] for path in PATHS}


def test_what_is_new_is_taken_up_and_what_is_not_is_left(out, put, follow):
    follower, trees = follow()
    publish(out, put, 1)
    asyncio.run(follower.look())
    publish(out, put, 2)
    asyncio.run(follower.look())
    assert [builds(tree) for tree in trees] == [{1}, {2}]


def test_nothing_is_read_while_nothing_changes(out, follow):
    long_ago = time.time_ns() - 10_000_000_000
    for folder in (out, out / "topics"):
        os.utime(folder, ns=(long_ago, long_ago))
    follower, trees = follow()
    for _ in range(5):
        asyncio.run(follower.look())
    assert len(trees) == 1


def test_what_is_half_published_waits(out, put, follow):
    follower, trees = follow()
    publish(out, put, 1)
    asyncio.run(follower.look())
    (out / ".stage").mkdir()
    put(out / "all.rss", b'{"build": 2}')
    asyncio.run(follower.look())
    assert builds(trees[-1]) == {1}
    publish(out, put, 2)
    asyncio.run(follower.look())
    assert builds(trees[-1]) == {2}


def test_what_a_killed_build_left_is_taken_after_a_while(out, put, follow):
    follower, trees = follow(patience=0.2)
    asyncio.run(follower.look())
    (out / ".stage" / "topics").mkdir(parents=True)
    put(out / "all.rss", b"<rss>whole</rss>")
    asyncio.run(follower.look())
    assert trees[-1].files["/all.rss"].body == b"<rss>whole</rss>"


def test_at_the_start_something_is_better_than_nothing(out, put, follow):
    (out / ".stage").mkdir()
    follower, trees = follow()
    asyncio.run(follower.look())
    assert trees[0].files["/all.rss"].body == (out / "all.rss").read_bytes()
    publish(out, put, 2)
    asyncio.run(follower.look())
    assert builds(trees[-1]) == {2}


def test_a_folder_that_vanishes_changes_nothing(out, follow):
    follower, trees = follow()
    asyncio.run(follower.look())
    out.rename(out.with_name("elsewhere"))
    asyncio.run(follower.look())
    assert len(trees) == 1


def test_no_tree_is_of_two_builds_while_builds_go_on(out, put, follow):
    follower, trees = follow()
    publish(out, put, 0)
    done = threading.Event()

    def build() -> None:
        for number in range(1, 60):
            publish(out, put, number)
            time.sleep(0.01)
        done.set()

    async def look() -> None:
        thread = threading.Thread(target=build)
        thread.start()
        while not done.is_set():
            await follower.look()
        thread.join()
        await follower.look()

    asyncio.run(look())
    seen = [builds(tree) for tree in trees]
    assert [build for build in seen if len(build) != 1] == []
    assert seen[-1] == {59}
    assert len(seen) > 2


def test_no_reader_gets_bytes_that_are_not_those_of_their_tag(serving, out, put):
    """While builds go on: what has a tag once has the same bytes ever after, and always parses."""
    known: dict[str, bytes] = {}
    torn: list[str] = []
    with serving(out, memory_bytes=400) as server:  # some in memory, some read when asked for
        publish(out, put, 0)
        server.look()
        stop = threading.Event()

        def build() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                publish(out, put, number)
                server.look()

        def read() -> None:
            for turn in range(150):
                got = server.ask("/" + PATHS[turn % 3])
                if got.status != 200 or known.setdefault(got.fields["etag"], got.body) != got.body:
                    torn.append(f"{got.status} {got.body!r}")
                elif json.loads(got.body)["path"] != PATHS[turn % 3]:
                    torn.append(got.body.decode())

        threads = [threading.Thread(target=read) for _ in range(2)]
        builder = threading.Thread(target=build)
        for thread in (*threads, builder):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        builder.join()
    assert torn == []
    assert len(known) > 3
