"""What of a folder is served, and what of the tree before stays."""

import gzip
import json
import os
from pathlib import Path

import pytest

from feeds.serve.answer import Rules
from feeds.serve.tree import LARGEST, NS, Loader, Tree, withdrawn_keys

NOW = 1_700_000_000
RULES = Rules(900)
LONG = b"<rss>" + b"long enough to be compressed " * 40 + b"</rss>"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    place = tmp_path / "out"
    (place / "topics").mkdir(parents=True)
    put(place / "all.rss", LONG)
    put(place / "topics/ai.rss", b"<rss/>")
    put(place / "feeds.json", b'{"feeds": []}')
    return place


def put(path: Path, body: bytes, at: int = NOW - 60) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, ns=(at * NS, at * NS))


def load(out: Path, before: Tree | None = None, memory: int = 1_000_000, now: int = NOW) -> Tree:
    return Loader(str(out), RULES, memory).load(before or Tree(), now)


def test_all_files_by_their_path_and_folders_by_their_page(out):
    put(out / "index.html", b"<title>Feeds</title>")
    put(out / "topics/index.html", b"<title>Topics</title>")
    tree = load(out)
    listed = {"/all.rss", "/topics/ai.rss", "/feeds.json", "/index.html", "/topics/index.html"}
    assert tree.files.keys() == listed | {"/", "/topics/"}
    assert tree.files["/topics/"] is tree.files["/topics/index.html"]


def test_a_word_at_the_root_where_there_is_no_page(out):
    assert b"feeds.json" in load(out).files["/"].forms[""].fine.body


def test_an_empty_folder_publishes_nothing(tmp_path):
    tree = load(tmp_path)
    assert (dict(tree.files), tree.is_published) == ({}, False)


def test_hidden_names_pipes_and_links_that_lead_out_are_not_there(out, tmp_path):
    put(out / ".stage/all.rss", b"half")
    put(out / ".htpasswd", b"secret")
    put(out / "topics/.hidden", b"secret")
    put(tmp_path / "private/state.db", b"secret")
    os.mkfifo(out / "pipe.rss")
    for name, target in {
        "out.rss": tmp_path / "private/state.db",
        "rel.rss": "../private/state.db",
        "folder": tmp_path / "private",
        "stage.rss": ".stage/all.rss",
        "nothing.rss": "nowhere",
        "circle": "circle",
        "latest.rss": "topics/ai.rss",
    }.items():
        (out / name).symlink_to(target)
    assert load(out).files.keys() == {"/", "/all.rss", "/feeds.json", "/topics/ai.rss", "/latest.rss"}


def test_names_that_nobody_can_ask_for_are_passed_over(out):
    Path(os.fsdecode(bytes(out) + b"/\xff.rss")).write_bytes(b"x")
    put(out / "topics/für \u200c.rss", b"<rss/>")
    assert {path for path in load(out).files if "all" not in path} == {
        *("/", "/feeds.json", "/topics/ai.rss", "/topics/für \u200c.rss")
    }


def test_compressed_forms_of_the_same_time_are_no_files_of_their_own(out):
    put(out / "all.rss.gz", gzip.compress(LONG, mtime=0))
    put(out / "all.rss.br", b"of another time", NOW - 61)
    put(out / "alone.gz", b"x")
    put(out / "a.png", b"x")
    put(out / "a.png.gz", b"x")
    tree = load(out)
    assert {path for path in tree.files if path.endswith((".gz", ".br"))} == {"/alone.gz", "/a.png.gz"}
    assert tree.files["/all.rss"].forms.keys() == {"", "gzip"}
    assert tree.files["/all.rss"].forms["gzip"].fine.body == gzip.compress(LONG, mtime=0)


def test_what_did_not_change_is_the_very_same(out):
    before = load(out)
    put(out / "all.rss", LONG + b"!", NOW)
    after = load(out, before, now=NOW + 60)
    assert after.files["/topics/ai.rss"] is before.files["/topics/ai.rss"]
    assert after.files["/all.rss"].body == LONG + b"!"
    assert before.files["/all.rss"].body == LONG


def test_another_file_of_the_same_time_and_size_is_another(out):
    before = load(out)
    put(out / "new", b"<RSS/>")
    (out / "new").replace(out / "topics/ai.rss")
    assert load(out, before).files["/topics/ai.rss"].body == b"<RSS/>"


def test_a_form_that_comes_later_is_noticed(out):
    before = load(out)
    put(out / "all.rss.gz", gzip.compress(LONG, mtime=0))
    assert "gzip" in load(out, before).files["/all.rss"].forms


def test_memory_is_bounded_and_the_rest_is_left_on_disk(out):
    for number in range(20):
        put(out / f"topics/{number}.rss", LONG)
    tree = load(out, memory=10 * len(LONG))
    unread = [path for path, entry in tree.files.items() if entry.body is None]
    assert tree.held <= 7 * len(LONG)
    assert len(unread) >= 13
    assert tree.files["/all.rss"].body == LONG  # what stands at the top is asked for most


def test_pages_of_archives_are_not_even_looked_at(out):
    for path in ("archive/all/1.rss", "topics/archive/1.rss"):
        put(out / path, LONG)
    tree = load(out)
    assert [path for path in tree.files if "archive" in path] == ["/topics/archive/1.rss"]
    assert not [folder for folder in tree.listing.folders if folder.startswith(f"{out}/archive")]


def test_a_file_that_finds_room_is_read_and_one_that_finds_none_is_let_go(out):
    small = load(out, memory=500)
    assert small.files["/all.rss"].body is None
    large = load(out, small)
    assert large.files["/all.rss"].body == LONG
    assert load(out, large, memory=500).files["/all.rss"].body is None


def test_what_is_too_large_is_passed_over(out):
    with (out / "huge.rss").open("wb") as stream:
        stream.truncate(LARGEST + 1)
    tree = load(out)
    assert tree.passed_over == ("huge.rss",)
    assert "/huge.rss" not in tree.files


def test_the_time_of_a_file_is_told_when_it_is_past(out):
    put(out / "all.rss", LONG, NOW + 2)
    early = load(out)
    assert (early.files["/all.rss"].modified, early.settles) == (None, NOW + 2)
    later = load(out, early, now=NOW + 2)
    assert (later.files["/all.rss"].modified, later.settles) == (NOW + 2, 0)


def test_what_was_there_is_lost_until_it_comes_back(out):
    before = load(out)
    (out / "topics/ai.rss").unlink()
    after = load(out, before)
    assert after.is_withdrawn("/topics/ai.rss")
    assert not after.is_withdrawn("/topics/never.rss")
    assert load(out, after).is_withdrawn("/topics/ai.rss")
    put(out / "topics/ai.rss", b"<rss/>")
    assert not load(out, after).is_withdrawn("/topics/ai.rss")


def test_a_folder_that_is_filled_anew_withdraws_nothing(out):
    before = load(out)
    (out / "feeds.json").unlink()
    (out / "all.rss").unlink()
    between = load(out, before)
    assert not between.is_withdrawn("/all.rss")
    put(out / "feeds.json", b"{}")
    assert not load(out, between).is_withdrawn("/all.rss")


def test_what_the_catalogue_calls_gone_is_withdrawn_in_every_format(out):
    put(out / "feeds.json", json.dumps({"feeds": [], "gone": ["topics/old", "providers/a.example"]}).encode())
    tree = load(out)
    gone = ["/topics/old.rss", "/topics/old.json", "/providers/a.example.atom"]
    assert [tree.is_withdrawn(path) for path in gone] == [True] * 3
    assert [tree.is_withdrawn(path) for path in ("/topics/old", "/topics/old.x/y", "/topics/ol.rss")] == [False] * 3


@pytest.mark.parametrize("catalogue", [b"", b"[]", b'{"gone": 1}', b'{"gone": [1]}', b"\xff", b'{"feeds": []}'])
def test_a_catalogue_that_names_none_withdraws_none(catalogue):
    assert withdrawn_keys(catalogue) == frozenset()
