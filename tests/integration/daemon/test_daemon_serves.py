"""`feeds run --serve` as its readers and its operator see it, over real sockets and with real readers."""

import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
import reader
from project import START, Draft, Project
from running import daemon, get, until

pytestmark = pytest.mark.slow

QUIET = {"build": "1d", "check": "1d", "jitter_seconds": 0}
STORY = Draft("https://news.example/story", "Story")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    port = free_port()
    made = Project(
        tmp_path / "project",
        {
            "base_url": f"http://127.0.0.1:{port}/",
            "schedule": QUIET,
            "serve": {"address": f"127.0.0.1:{port}", "admin": "127.0.0.1:0"},
        },
    )
    made.write("story.md", STORY)
    made.write("other.md", Draft("https://news.example/other", "Other", date=START - 9, topics=("Law",)))
    return made


def edit(project: Project, title: str) -> None:
    os.utime(project.write("story.md", Draft(STORY.url, title)))


def test_what_did_not_change_is_not_modified_and_what_did_is_there_at_once(project: Project) -> None:
    with daemon(project, "--serve") as running:
        running.said("built the feeds")
        until(lambda: get(running.address + "all.atom")[0] == 200)
        tags = {}
        for path in ("all.rss", "all.atom", "all.json", "topics/ai.rss", "topics/law.rss"):
            status, headers, _ = get(running.address + path)
            assert status == 200
            assert get(running.address + path, If_None_Match=headers["etag"])[0] == 304
            assert get(running.address + path, If_Modified_Since=headers["last-modified"])[0] == 304
            tags[path] = headers["etag"]
        edit(project, "Edited")
        until(lambda: b"Edited" in get(running.address + "all.json")[2])
        again = {path: get(running.address + path, If_None_Match=tag)[0] for path, tag in tags.items()}
        assert again == {"all.rss": 200, "all.atom": 200, "all.json": 200, "topics/ai.rss": 200, "topics/law.rss": 304}
        assert running.stop() == 0


def test_nothing_but_the_feeds_is_public(project: Project) -> None:
    with daemon(project, "--serve") as running:
        running.said("built the feeds")
        until(lambda: get(running.address + "all.rss")[0] == 200)
        for path in ("health", "metrics", ".feeds/state.db", "../.feeds/state.db", "config/feeds.yaml", ".stage/"):
            assert get(running.address + path)[0] == 404
        assert get(running.admin + "all.rss")[0] == 404
        assert running.stop() == 0


def test_the_operator_hears_how_it_is(project: Project) -> None:
    with daemon(project, "--serve") as running:
        running.said("built the feeds")
        status, _, body = until(lambda: (found := get(running.admin + "health"))[0] == 200 and found)
        assert json.loads(body)["ready"] is True
        status, headers, body = get(running.admin + "metrics")
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/plain")
        assert b"\nfeeds_" in body
        status, headers, body = get(running.admin)
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/html")
        assert b">Ready</span>" in body
        # The state is lost to it: not ready, and it says why; readers are served all the same.
        project.out.rename(project.root / "elsewhere")
        status, _, body = until(lambda: (found := get(running.admin + "health"))[0] == 503 and found)
        told = json.loads(body)
        assert told["ready"] is False
        assert told["why"]
        assert running.stop() == 0


def test_an_address_in_use_is_said_with_its_cure(project: Project) -> None:
    with daemon(project, "--serve") as first:
        first.said("built the feeds")
        with daemon(project, "--serve") as second:
            assert second.process.wait(30) == 1
        assert "another program is there already" in "".join(second.other)
        assert first.stop() == 0


def test_a_new_address_is_taken_while_it_runs(project: Project) -> None:
    with daemon(project, "--serve") as running:
        running.said("built the feeds")
        first = running.address
        lines, port = len(running.log), free_port()
        project.configure(**{**project.settings, "serve": {"address": f"127.0.0.1:{port}", "admin": ""}})
        running.process.send_signal(signal.SIGHUP)
        told = str(running.said("serving the feeds at ", lines)["message"])
        assert told.endswith(f":{port}/")
        assert told != first
        until(lambda: get(f"http://127.0.0.1:{port}/all.rss")[0] == 200)
        assert running.stop() == 0


def test_feedparser_and_reader_see_an_edit_once_and_are_told_not_modified_else(project: Project) -> None:
    with daemon(project, "--serve") as running, reader.make_reader(":memory:") as client:
        running.said("built the feeds")
        url = running.address + "all.atom"
        until(lambda: get(url)[0] == 200)
        client.add_feed(url)
        client.update_feeds(scheduled=False)
        assert sorted(entry.title or "" for entry in client.get_entries()) == ["Other", "Story"]
        first = feedparser.parse(url)
        assert feedparser.parse(url, etag=first.etag, modified=first.modified).status == 304
        edit(project, "Edited")
        until(lambda: feedparser.parse(url, etag=first.etag).status == 200)
        client.update_feeds(scheduled=False)
        assert sorted(entry.title or "" for entry in client.get_entries()) == ["Edited", "Other"]
        [told] = client.update_feeds_iter(scheduled=False)
        assert told.value is None or (told.value.new, told.value.modified) == (0, 0)
        assert running.stop() == 0


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
def test_newsboat_sees_an_edit_and_no_entry_twice(project: Project, tmp_path: Path) -> None:
    def newsboat(*words: str) -> str:
        files = ["-u", str(tmp_path / "urls"), "-c", str(tmp_path / "cache.db"), "-C", str(tmp_path / "newsboat")]
        done = subprocess.run(
            ["newsboat", *files, "-x", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**os.environ, "HOME": str(tmp_path), "http_proxy": "", "HTTP_PROXY": ""},
        )
        return done.stdout

    (tmp_path / "newsboat").write_text("", encoding="utf-8")
    with daemon(project, "--serve") as running:
        running.said("built the feeds")
        until(lambda: get(running.address + "all.rss")[0] == 200)
        (tmp_path / "urls").write_text(running.address + "all.rss\n", encoding="utf-8")
        newsboat("reload")
        assert newsboat("print-unread").split()[0] == "2"
        edit(project, "Edited")
        until(lambda: b"Edited" in get(running.address + "all.rss")[2])
        newsboat("reload")
        assert newsboat("print-unread").split()[0] == "2"
        assert running.stop() == 0
