"""Every fault that can be made here is found, and its cure is named."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from project import START, Draft, Project
from serving import served

from feeds.app.doctor import Finding, Grade, examine
from feeds.store import open_store
from feeds.store.ticks import TickRow

# Files are written at the real time, whatever the test's is: long after it the clock is never behind.
NOW = 2**31
LOOPBACK = {"allow_networks": ["127.0.0.0/8"]}


@pytest.fixture
def built(project: Project) -> Project:
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.write("b.md", Draft("https://news.example/b", "B", topics=("Law",)))
    project.build(START)
    for path in (project.out, *project.out.rglob("*")):  # whatever the umask of this test run is
        path.chmod(0o755 if path.is_dir() else 0o644)
    return project


def findings(project: Project, *, offline: bool = True, now: int = NOW) -> list[Finding]:
    return list(examine(project.loaded, now, offline=offline))


def wrong(project: Project, *, offline: bool = True, now: int = NOW) -> list[tuple[str, str, str]]:
    """Return grade, check and text of whatever is not fine; each has a cure."""
    found = [each for each in findings(project, offline=offline, now=now) if each.grade is not Grade.OK]
    assert all(each.cure for each in found)
    return [(each.grade.value, each.name, each.found) for each in found]


def test_nothing_is_wrong_with_a_good_one(built: Project) -> None:
    assert wrong(built) == []
    assert {"settings", "packages", "state whole", "files", "feeds.json", "permissions"} <= {
        each.name for each in findings(built)
    }


def test_looking_changes_nothing(built: Project) -> None:
    def all_of_it() -> dict[str, tuple[int, bytes]]:
        files = (path for path in built.root.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = all_of_it()
    findings(built)
    assert all_of_it() == before


def test_before_the_first_build_there_is_only_something_to_do(project: Project) -> None:
    assert [(grade, name) for grade, name, _ in wrong(project)] == [
        ("warn", "records"),
        ("warn", "state"),
        ("warn", "output"),
    ]
    assert not project.state.parent.exists()
    assert not project.out.exists()


def test_every_fault_of_the_configuration_is_told_and_nothing_else(project: Project) -> None:
    project.config.write_text("base_urll: x\njobs: many\n", encoding="utf-8")
    found = findings(project)
    assert [(each.name, each.grade) for each in found] == [("settings", Grade.FAIL)] * 2
    assert [each.found.partition(":")[0] for each in found] == ["config/feeds.yaml"] * 2


def test_settings_that_cannot_be_read_at_all() -> None:
    def unreadable() -> None:
        raise PermissionError(13, "Permission denied", "feeds.yaml")

    [found] = examine(unreadable, NOW)  # type: ignore[arg-type]
    assert (found.name, found.grade) == ("settings", Grade.FAIL)
    assert "feeds.yaml" in found.found


@pytest.mark.parametrize(
    ("base_url", "grade", "said"),
    [
        ("https://feeds.example.org/", "", ""),
        ("https://feeds.example.org:8443/a/", "", ""),
        ("http://feeds.example.org/", "warn", "anybody on the way"),
        ("https://localhost/", "warn", "only this machine or network"),
        ("https://10.1.2.3/", "warn", "only this machine or network"),
        ("https://[::1]/", "warn", "only this machine or network"),
        ("https://intranet/", "warn", "only this machine or network"),
        ("https://feeds.internal/", "warn", "only this machine or network"),
        (None, "warn", "base_url is not set"),
    ],
)
def test_the_form_of_the_public_address(project: Project, base_url: str | None, grade: str, said: str) -> None:
    if base_url:
        project.configure(base_url=base_url)
    else:
        project.config.write_text("jobs: 1\n", encoding="utf-8")
    found = [(each, text) for each, name, text in wrong(project) if name == "base_url"]
    assert [each for each, _ in found] == ([grade] if grade else [])
    assert all(said in text for _, text in found)


def test_folders_of_records(built: Project) -> None:
    built.configure(records=["records", "gone"])
    assert ("fail", "records", f"there is no folder of records {built.root / 'gone'}") in wrong(built)
    (built.root / "gone").write_text("a file where a folder should be", encoding="utf-8")
    assert [(grade, name) for grade, name, _ in wrong(built)] == [("fail", "records")]


def test_a_folder_of_records_in_a_circle_is_no_folder(built: Project) -> None:
    (built.records / "loop").symlink_to("loop")
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("fail", "records")
    assert "records/loop cannot be read" in said


def test_records_with_faults_are_counted(built: Project) -> None:
    built.write("bad.md", "---\ntitle: \n---\n")
    built.build(START)
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("warn", "problems")
    assert said == "2 faults keep records from being published (date-missing 1, title-missing 1)"


# --- the machine


def test_a_clock_that_was_never_set(built: Project) -> None:
    [(grade, name, said)] = wrong(built, now=1000)
    assert (grade, name) == ("fail", "clock")
    assert "1970-01-01 00:16:40 UTC, before this program was written" in said


def test_a_clock_that_went_back(built: Project) -> None:
    newest = int((built.out / "feeds.json").stat().st_mtime)
    assert wrong(built, now=newest - 59) == []
    assert wrong(built, now=newest - 7200)[0][:2] == ("fail", "clock")
    store = open_store(built.loaded().state_url)
    with store.transaction():
        store.ticks.put(TickRow("check", started=NOW + 9999))
    store.close()
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("fail", "clock")
    assert said.endswith("but something was done 2 hours later")


# --- the state


def test_a_state_that_is_cut_off(built: Project) -> None:
    os.truncate(built.state, built.state.stat().st_size // 2)
    found = wrong(built)
    assert {name for _, name, _ in found} == {"state", "state whole"}
    assert all(grade == "fail" and "malformed" in said for grade, _, said in found)


def test_damage_where_nothing_else_would_look(built: Project) -> None:
    with closing(sqlite3.connect(built.state)) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sighting_key'").fetchall()
        [(size,)] = connection.execute("PRAGMA page_size").fetchall()
    with built.state.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\0" * size)
    assert [(grade, name) for grade, name, _ in wrong(built)] == [("fail", "state whole")]


def test_a_state_of_another_version(built: Project) -> None:
    with closing(sqlite3.connect(built.state)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        connection.commit()
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("fail", "state")
    assert "version 99" in said


def test_a_state_that_somebody_writes_to_is_writable(built: Project) -> None:
    with closing(sqlite3.connect(built.state, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert wrong(built) == []


def test_a_state_below_a_file(project: Project) -> None:
    (project.root / "blocked").write_text("", encoding="utf-8")
    project.configure(state="blocked/state.db")
    assert ("fail", "state") in [(grade, name) for grade, name, _ in wrong(project)]


def test_who_ended_without_a_word(built: Project) -> None:
    import socket

    store = open_store(built.loaded().state_url)
    with store.transaction():
        store.leases.claim("daemon", f"{socket.gethostname()}:{2**22 + 1}", NOW + 20, NOW)
        store.leases.claim("build", "elsewhere:7", NOW + 20, NOW)
    store.close()
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("warn", "at work")
    assert said.startswith("the daemon")
    assert "a build is at work: elsewhere:7" in [each.found for each in findings(built)]


# --- the output


def test_an_output_that_is_gone(built: Project) -> None:
    shutil.rmtree(built.out)
    assert wrong(built) == [("fail", "output", f"{built.out} is gone, with all that was published there")]


def test_a_file_where_the_output_should_be(built: Project) -> None:
    shutil.rmtree(built.out)
    built.out.write_text("", encoding="utf-8")
    [(grade, name, said)] = wrong(built)
    assert (grade, name, said) == ("fail", "output", f"{built.out} is a file, and should be a folder")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"feeds": [1]}', '{"feeds": [{"key": "all"}]}'])
def test_a_list_of_feeds_that_is_none(built: Project, text: str) -> None:
    (built.out / "feeds.json").write_text(text, encoding="utf-8")
    assert [(grade, name) for grade, name, _ in wrong(built)] == [("fail", "feeds.json"), ("warn", "files")]


def test_files_that_others_changed_removed_or_added(built: Project) -> None:
    (built.out / "all.rss").write_text("changed", encoding="utf-8")
    (built.out / "topics" / "ai.json").unlink()
    (built.out / "topics" / "extra.rss").write_text("", encoding="utf-8")
    [(grade, name, said)] = wrong(built)
    assert (grade, name) == ("warn", "files")
    assert said.startswith("3 files")
    assert said.endswith("(all.rss, topics/ai.json, topics/extra.rss)")


def test_compressed_forms_are_part_of_what_was_published(built: Project) -> None:
    built.configure(feeds={"encodings": ["gzip"]})
    assert [name for _, name, _ in wrong(built)] == []
    built.write("c.md", Draft("https://news.example/c", "C"))
    built.build(START + 9)
    assert wrong(built) == []


def test_pages_lists_archives_and_custom_feeds_are_part_of_what_was_published(project: Project) -> None:
    project.configure(
        feeds={"archives": True, "limit": 2, "tombstone_days": 30},
        pages={"enabled": True, "health": True},
        custom_feeds=[{"name": "top", "query": "topic:ai"}],
    )
    for number in range(5):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}"))
    project.build(START)
    for path in (project.out, *project.out.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert wrong(project) == []
    (project.out / "robots.txt").write_text("", encoding="utf-8")  # whoever runs the site may add files of other kinds
    assert wrong(project) == []
    for path in ("archive/all/1.rss", "assets/feeds.css", "topics/ai.html", "top.json", "topics.opml"):
        (project.out / path).unlink()
    [(grade, name, said)] = wrong(project)
    assert (grade, name, said.startswith("5 files")) == ("warn", "files", True)


@pytest.mark.parametrize("folder", ["archive", "assets"])
def test_folders_that_a_web_server_cannot_read(project: Project, folder: str) -> None:
    project.configure(feeds={"archives": True, "limit": 1}, pages={"enabled": True})
    for number in range(2):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}"))
    project.build(START)
    for path in (project.out, *project.out.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (project.out / folder).chmod(0o750)
    assert [(name, "cannot read" in said) for _, name, said in wrong(project)] == [("permissions", True)]


def test_what_a_killed_build_left(built: Project) -> None:
    (built.out / ".stage").mkdir()
    assert [(grade, name) for grade, name, _ in wrong(built)] == [("warn", "stage")]
    store = open_store(built.loaded().state_url)
    with store.transaction():
        store.leases.claim("build", "elsewhere:7", NOW + 20, NOW)
    store.close()
    assert wrong(built) == []


@pytest.mark.parametrize(
    ("path", "mode", "said"),
    [
        ("out", 0o777, "every user of this machine may change"),
        ("out/topics", 0o757, "every user of this machine may change"),
        ("out/feeds.json", 0o646, "every user of this machine may change"),
        ("out", 0o700, "cannot read"),
        ("out/feeds.json", 0o600, "cannot read"),
    ],
)
def test_permissions_of_the_output(built: Project, path: str, mode: int, said: str) -> None:
    (built.root / path).chmod(mode)
    assert [(grade, name, said in text) for grade, name, text in wrong(built)] == [("warn", "permissions", True)]


@pytest.mark.parametrize(("path", "name"), [("config/feeds.yaml", "settings"), (".feeds/state.db", "state writable")])
def test_what_everybody_may_change(built: Project, path: str, name: str) -> None:
    (built.root / path).chmod(0o666)
    assert [(grade, each) for grade, each, _ in wrong(built)] == [("warn", name)]


def test_a_check_that_stumbles_is_a_finding_and_the_others_go_on(built: Project) -> None:
    shutil.rmtree(built.out / "providers")
    (built.out / "providers").symlink_to("providers")
    found = wrong(built)
    assert any(said.startswith("could not be looked at") for _, _, said in found)
    assert findings(built)[-1].name == "files"


# --- the web


class Odd(BaseHTTPRequestHandler):
    """A web server that does it wrong: `how` says in which way."""

    out: Path
    how = ""

    def do_GET(self) -> None:
        if self.how == "moved":
            self.send_response(301)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            return
        body = (self.out / self.path.lstrip("/")).read_bytes() if self.how != "other" else b"something else"
        self.send_response(500 if self.how == "broken" else 200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        if self.how == "whole":
            self.send_header("ETag", '"same"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp if self.how != "late" else NOW - 7200)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Say nothing."""


@contextmanager
def odd(out: Path, how: str) -> Iterator[str]:
    handler = type("Handler", (Odd,), {"out": out, "how": how})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def asked(project: Project, url: str, **links: object) -> list[tuple[str, str]]:
    """Return grade and text of what asking this public address found, as of the real time."""
    project.configure(base_url=url, links={**LOOPBACK, **links})
    found = findings(project, offline=False, now=int(time.time()))
    return [(each.grade.value, each.found.removeprefix(url)) for each in found if each.name == "served"]


def test_a_good_web_server(built: Project) -> None:
    with served(built.out) as url:
        assert asked(built, url) == [
            ("ok", "feeds.json is what was published"),
            ("ok", "all.rss has the type application/rss+xml"),
            ("ok", "all.rss is not sent again to readers that have it (304)"),
            ("ok", "all.atom has the type application/atom+xml"),
            ("ok", "all.atom is not sent again to readers that have it (304)"),
            ("ok", "all.json has the type application/feed+json"),
            ("ok", "all.json is not sent again to readers that have it (304)"),
        ]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("moved", [("warn", "feeds.json redirects to https://elsewhere.example/")]),
        ("broken", [("fail", "feeds.json answers 500")]),
        ("other", [("warn", "feeds.json is not what was published here")]),
        ("plain", [("warn", "all.rss has the type text/xml, not application/rss+xml")]),
        ("plain", [("warn", "all.atom has neither ETag nor Last-Modified: readers fetch it whole each time")]),
        ("whole", [("warn", "all.json is sent whole to readers that have it (200, not 304)")]),
    ],
)
def test_a_web_server_that_does_it_wrong(built: Project, how: str, expected: list[tuple[str, str]]) -> None:
    with odd(built.out, how) as url:
        found = asked(built, url)
    assert set(expected) <= set(found)
    if how in {"moved", "broken"}:
        assert found == expected


def test_a_web_server_with_another_clock(built: Project) -> None:
    with odd(built.out, "late") as url:
        built.configure(base_url=url, links=LOOPBACK)
        assert ("warn", "served", "the web server's clock is 2 hours behind this one") in wrong(built, offline=False)


def test_a_web_server_that_is_down(built: Project) -> None:
    with odd(built.out, "") as url:
        pass
    assert asked(built, url) == [("fail", "feeds.json does not answer: refused")]


def test_an_address_that_is_not_public_is_not_asked(built: Project) -> None:
    with served(built.out) as url:
        [(grade, said)] = asked(built, url, allow_networks=[])
    assert grade == "warn"
    assert "address-loopback" in said


def test_names_are_looked_up(built: Project) -> None:
    # "localhost" and addresses are known to every machine; a label of 64 characters is a name on none.
    long = "a" * 64 + ".example"
    built.configure(base_url="http://localhost:9/", push={"hubs": ["http://127.0.0.1:9/", f"http://{long}/"]})
    told = [(each.grade.value, each.found) for each in findings(built, offline=False) if each.name == "names"]
    assert told == [
        ("ok", "localhost has an address"),
        ("ok", "127.0.0.1 has an address"),
        ("fail", f"{long} cannot be looked up: dns-nxdomain"),
    ]


def test_with_a_proxy_names_are_its_business(built: Project) -> None:
    built.configure(base_url="http://localhost:9/", links={"proxy": "http://127.0.0.1:9/"})
    told = [(each.grade.value, each.found) for each in findings(built, offline=False) if each.name == "names"]
    assert told == [("ok", "names are looked up by the proxy")]
