"""`feeds poll` and what `feeds sources list` says after it, as processes."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from sources import Entry, Page, Remote, remote, rss

TWO = rss(Entry("One", "https://remote.example/1"), Entry("Two", "https://remote.example/2"))


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        started.pages["/feed"] = Page(TWO)
        yield started


def configure(folder: Path, server: Remote, *sources: str) -> None:
    (folder / "config").mkdir(exist_ok=True)
    listed = "".join(
        f"  - {{url: '{server.url}/{each.split()[0]}', {' '.join(each.split()[1:])}}}\n" for each in sources
    )
    text = f"links:\n  allow_networks: [127.0.0.0/8]\nsources:\n{listed}"
    (folder / "config" / "feeds.yaml").write_text(text, encoding="utf-8")


def test_a_paused_source_that_is_named_is_asked_and_that_is_said(run, folder, server):
    configure(folder, server, "feed id: news, paused: true")
    nothing = "every source is paused; see them: feeds sources list; ask one all the same: feeds poll SOURCE\n"
    assert run("poll").stdout == run("poll", "--all").stdout == nothing
    done = run("poll", "news")
    assert done.stdout == (
        "news: is paused, and asked because it was named\n"
        "1 of 1 sources asked: 2 new entries, 0 changed, 0 dropped; 0 sources failed\npublish them: feeds build\n"
    )
    assert json.loads(run("poll", "news", "--json").stdout)["paused"] == ["news"]


def test_how_many_entries_there_are_is_said_once(run, folder, server):
    configure(folder, server, "feed id: news")
    run("poll")
    assert run("sources", "list").stdout.splitlines()[2].endswith(", 2 entries")
    server.pages["/feed"] = Page(rss(Entry("Three", "https://remote.example/3")))
    run("poll", "--all")
    assert run("sources", "list").stdout.splitlines()[2].endswith(", 1 entry, 3 entries kept")


def test_after_failures_a_command_tells_more(run, folder, server):
    configure(folder, server, "feed id: news", "gone id: gone")
    done = run("poll")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == ["gone: http-404", "how each source stands: feeds sources list"]
