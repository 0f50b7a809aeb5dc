"""`feeds sources` as a process."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import sources as remote_feeds
from sources import Entry, Page, Remote, rss

LIST = """<?xml version="1.0"?>
<opml version="1.1"><body>
<outline text="AI">
<outline type="rss" text="A" xmlUrl="https://a.example/feed"/>
<outline type="rss" text="B" xmlUrl="ftp://b.example/feed"/>
</outline>
<outline type="rss" text="C" xmlUrl="https://c.example/feed"/>
</body></opml>
"""
FAULT = (
    "subs.opml:5:1: 'B': xmlUrl is no address of a feed: ftp: is not http or https\n"
    "mend what is named, then once more: feeds sources import subs.opml\n"
)


@pytest.fixture
def mine(folder: Path) -> Path:
    """Return the folder of a project with one source in its settings, and a list to import."""
    (folder / "config").mkdir()
    (folder / "config" / "feeds.yaml").write_text(
        "links:\n  allow_networks: [127.0.0.0/8]\nsources:\n  - url: https://c.example/feed\n    id: mine\n"
        "    provider: {name: See}\n    topics: [Health]\n",
        encoding="utf-8",
    )
    (folder / "subs.opml").write_text(LIST, encoding="utf-8")
    return folder


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote_feeds.remote() as started:
        started.pages["/feed"] = Page(rss(Entry("One", "https://remote.example/1")))
        yield started


def test_import_tells_what_is_new_known_and_faulty(run, mine):
    done = run("sources", "import", "subs.opml", "--dry-run")
    assert (done.returncode, done.stderr) == (0, FAULT)
    assert done.stdout == (
        "a-example-feed  https://a.example/feed · AI\n1 new, 1 known, 1 faulty; nothing was written\n"
    )
    assert not (mine / "config" / "sources.opml").exists()
    done = run("sources", "import", "subs.opml")
    assert (done.returncode, done.stderr) == (0, FAULT)
    assert done.stdout == "1 new, 1 known, 1 faulty -> config/sources.opml\n"
    assert run("sources", "import", "subs.opml").stdout == "0 new, 2 known, 1 faulty -> config/sources.opml\n"


def test_list_for_people(run, mine):
    run("sources", "import", "subs.opml")
    assert run("sources", "list").stdout == (
        "mine  https://c.example/feed\n  See · Health · config/feeds.yaml:4\n  new\n"
        "a-example-feed  https://a.example/feed\n  A · AI · config/sources.opml:7\n  new\n2 sources\n"
    )


def test_list_without_sources_says_how_to_get_one(run, folder):
    done = run("sources", "list")
    assert (done.returncode, done.stdout) == (0, "no sources; feeds sources add URL adds one\n")
    assert run("sources", "list", "--json").stdout == "[]\n"


def test_json_has_the_documented_keys_and_no_others(run, mine, documented):
    keys = documented("objects that `feeds sources list --json`")
    [source] = json.loads(run("sources", "list", "--json").stdout)
    assert source.keys() == keys.keys()
    assert [key for key, kind in keys.items() if not isinstance(source[key], kind)] == []


def test_how_sources_stand(run, mine, server):
    server.pages["/broken"] = Page(b"no feed")
    server.pages["/gone"] = Page(status=410)
    for name in ("feed", "broken", "gone", "new"):
        assert run("sources", "add", f"{server.url}/{name}", "--id", name, "--no-check").returncode == 0
    (mine / "config" / "feeds.yaml").write_text(
        "links:\n  allow_networks: [127.0.0.0/8]\nsources:\n  - {url: 'https://c.example/', id: c, paused: true}\n",
        encoding="utf-8",
    )
    run("poll", "feed", "broken", "gone")
    found = {each["id"]: each for each in json.loads(run("sources", "list", "--json").stdout)}
    standing = {name: (each["standing"], each["fails"], each["entries"]) for name, each in found.items()}
    assert standing == {
        "c": ("paused", 0, 0),
        "feed": ("fine", 0, 1),
        "broken": ("failing", 1, 0),
        "gone": ("retired", 1, 0),
        "new": ("new", 0, 0),
    }
    assert (found["gone"]["due"], found["feed"]["due"] > found["feed"]["polled"] > 0) == (0, True)
    lines = run("sources", "list").stdout.splitlines()
    assert any(line.startswith("  fine, asked 20") and line.endswith(", 1 entry") for line in lines)


def test_add_tells_what_was_found(run, mine, server):
    done = run("sources", "add", f"{server.url}/feed", "--topic", "AI", "--topic", "Health", "--id", "remote")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"added remote  {server.url}/feed\n  Remote News: 1 entry, the newest of 2023-11-14 21:13 UTC\n"
    )
    again = run("sources", "add", f"{server.url}/feed")
    assert (again.returncode, again.stdout) == (
        0,
        "remote is there already, at config/sources.opml:7:1; nothing was changed\n",
    )


def test_add_asks_which_of_several_feeds(run, mine, server):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="{each}" href="/{each}">' for each in "xy")
    server.pages |= {
        "/": Page(f"<!doctype html>{links}".encode(), headers={"Content-Type": "text/html"}),
        "/x": server.pages["/feed"],
    }
    done = run("sources", "add", f"{server.url}/")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"feeds: {server.url}/ points to 2 feeds; name one of them, or take the first with --first:\n"
        f"  {server.url}/x  x\n  {server.url}/y  y\nhow it is called: feeds --help\n"
    )
    assert run("sources", "add", f"{server.url}/", "--first").stdout.splitlines()[0].endswith(f"  {server.url}/x")


def test_remove(run, mine):
    run("sources", "import", "subs.opml")
    done = run("sources", "remove", "a-example-feed")
    assert (done.returncode, done.stdout) == (0, "removed a-example-feed  https://a.example/feed\n")
    done = run("sources", "remove", "mine")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "feeds: mine is written at config/feeds.yaml:4:5, which commands do not touch; delete it there\n"
        "how it is called: feeds --help\n"
    )


def test_export_to_standard_output_and_to_a_file(run, mine):
    run("sources", "import", "subs.opml")
    shown = run("sources", "export")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert run("sources", "export", "-").stdout == shown.stdout
    assert run("sources", "export", "all.opml").stdout == "2 sources -> all.opml\n"
    assert (mine / "all.opml").read_text(encoding="utf-8") == shown.stdout
    assert run("sources", "import", "all.opml").stdout == "0 new, 2 known, 0 faulty -> config/sources.opml\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["import", "nowhere.opml"],
            "feeds: nowhere.opml cannot be read: No such file or directory; name an OPML file",
        ),
        (["import", "config"], "feeds: config cannot be read: Is a directory; name an OPML file"),
        (["import", "config/feeds.yaml"], "config/feeds.yaml: is no list of feeds: neither XML nor OPML; give an OPML"),
        (["add", "nonsense"], "feeds: URL: 'nonsense' is no web address; give one such as"),
        (["add"], "Missing argument 'URL'"),
        (["remove"], "Missing argument 'ID|URL...'"),
        (["drop", "mine"], "No such command 'drop'"),
    ],
)
def test_a_wrong_call_ends_with_2(run, mine, words, said):
    done = run("sources", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_faulty_file_is_told_with_its_line(run, mine):
    (mine / "config" / "sources.opml").write_text(LIST, encoding="utf-8")
    done = run("build")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "feeds: config/sources.opml:5:1: 'B': xmlUrl is no address of a feed: ftp: is not http or https",
        (
            "config/sources.opml:7:1: 'c-example-feed' has the address of the source at config/feeds.yaml:4:5; "
            "remove one of them"
        ),
        "what each setting may be: feeds config schema",
    ]
