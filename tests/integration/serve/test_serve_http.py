"""What readers get from a real socket."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from project import START, Draft

CHECK = Path(__file__).resolve().parents[4] / "shared" / "checks" / "http_check.py"


def test_a_feed_in_each_coding(serving, out):
    whole = (out / "all.rss").read_bytes()
    with serving(out) as server:
        plain, packed, small = (server.ask("/all.rss", Accept_Encoding=each) for each in ("", "gzip", "gzip, br"))
        assert (plain.status, plain.body, plain.fields["content-type"]) == (200, whole, "application/rss+xml")
        assert "content-encoding" not in plain.fields
        assert (packed.fields["content-encoding"], gzip.decompress(packed.body)) == ("gzip", whole)
        assert (small.fields["content-encoding"], brotli.decompress(small.body)) == ("br", whole)
        assert len({each.fields["etag"] for each in (plain, packed, small)}) == 3
        for each, coding in ((plain, ""), (packed, "gzip"), (small, "gzip, br")):
            again = server.ask("/all.rss", Accept_Encoding=coding, If_None_Match=each.fields["etag"])
            assert (again.status, again.body) == (304, b"")
            assert again.fields["etag"] == each.fields["etag"]
            assert again.fields["last-modified"] == each.fields["last-modified"]


def test_tags_outlive_the_server(serving, out):
    tags = []
    for _ in range(2):
        with serving(out) as server:
            tags.append(server.ask("/all.rss", Accept_Encoding="br").fields["etag"])
    assert tags[0] == tags[1]


def test_forms_that_the_publisher_made_are_sent_as_they_are(serving, out, put):
    whole = (out / "all.rss").read_bytes()
    put(out / "all.rss.gz", gzip.compress(whole, 1, mtime=0))
    with serving(out) as server:
        assert server.ask("/all.rss", Accept_Encoding="gzip").body == gzip.compress(whole, 1, mtime=0)
        assert server.ask("/all.rss.gz").status == 404


@pytest.mark.parametrize("memory", [0, 500, 10_000_000])
def test_what_is_not_kept_in_memory_is_the_same(serving, out, put, memory):
    put(out / "topics/big.json", b"[" + b"1," * 200_000 + b"1]")
    with serving(out, memory_bytes=memory) as server:
        for path in ("all.rss", "topics/ai.atom", "feeds.json", "topics/big.json"):
            got = server.ask(f"/{path}")
            assert (got.status, got.body) == (200, (out / path).read_bytes())
            assert server.ask(f"/{path}", If_None_Match=got.fields["etag"]).status == 304
            assert server.ask(f"/{path}", If_Modified_Since=got.fields["last-modified"]).status == 304


def test_a_file_that_is_read_when_asked_for_has_the_validators_of_what_was_read(serving, out, put):
    with serving(out, memory_bytes=0) as server:
        before = server.ask("/all.rss")
        put(out / "all.rss", b"<rss/>")
        after = server.ask("/all.rss", If_None_Match=before.fields["etag"])
        assert (after.status, after.body) == (200, b"<rss/>")
        assert after.fields["last-modified"] > before.fields["last-modified"]


def test_head_is_get_without_the_body(serving, out):
    with serving(out) as server:
        for path in ("/all.rss", "/nowhere.rss", "/"):
            get, head = server.ask(path), server.ask(path, "HEAD")
            assert (head.status, head.body) == (get.status, b"")
            assert {**head.fields, "date": ""} == {**get.fields, "date": ""}


def same_but_for_the_date(one: bytes, other: bytes) -> bool:
    """Tell whether two answers have the same status, fields in whatever order, and body."""
    (head, _, body), (head2, _, body2) = one.partition(b"\r\n\r\n"), other.partition(b"\r\n\r\n")
    lines, lines2 = (
        {line for line in each.split(b"\r\n") if not line.startswith((b"date: ", b"connection: "))}
        for each in (head, head2)
    )
    return (lines, body) == (lines2, body2)


@pytest.mark.parametrize(
    "field", ["X: y", "Accept-Encoding: gzip", "If-None-Match: *", "Accept-Encoding: identity;q=0"]
)
@pytest.mark.parametrize("path", ["/all.rss", "/topics/ai.atom?x", "/nowhere", "/topics/old.rss", "/"])
def test_the_short_way_and_the_long_way_give_the_same(serving, out, path, field):
    with serving(out) as server:
        server.ask(path, Accept_Encoding="gzip")  # from now on the packed form is there
        sock = server.connect()
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n".encode())
        short = sock.recv(1_000_000)
        long = server.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n{field}\r\nConnection: close\r\n\r\n".encode())
        assert b"connection: close" in long
        assert b"connection: close" not in short
        assert same_but_for_the_date(short, long)


def test_what_is_missing_and_what_was_withdrawn(serving, out, put):
    put(out / "topics/late.rss", b"<rss/>")
    with serving(out) as server:
        (out / "topics/late.rss").unlink()
        server.look()
        never, gone, late = (server.ask(f"/topics/{name}.rss") for name in ("never", "old", "late"))
        assert (never.status, gone.status, late.status) == (404, 410, 410)
        assert b"https://feeds.example.org/feeds.json" in never.body
        assert b"will not come back" in gone.body
        assert never.fields["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_nothing_can_be_changed(serving, out, method):
    with serving(out) as server:
        got = server.ask("/all.rss", method)
        assert (got.status, got.fields["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_scripts_of_any_page_may_ask(serving, out):
    with serving(out) as server:
        asked = server.ask("/all.rss", "OPTIONS", Origin="https://reader.example", Access_Control_Request_Method="GET")
        assert (asked.status, asked.fields["access-control-allow-origin"]) == (204, "*")
        assert server.ask("/all.rss").fields["access-control-allow-origin"] == "*"


def test_every_request_on_one_connection_is_answered_in_order(serving, out):
    with serving(out) as server:
        sock = server.connect()
        paths = ["/all.rss", "/topics/ai.atom", "/nowhere", "/feeds.json"] * 8
        sock.sendall(b"".join(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths))
        received = b""
        while received.count(b"\r\n\r\n") < len(paths):
            received += sock.recv(65_536)
        statuses = [line[9:12] for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
        assert statuses == [b"200", b"200", b"404", b"200"] * 8


def test_a_folder_that_comes_later(serving, tmp_path, put):
    with serving(tmp_path / "out") as server:
        early = server.ask("/all.rss")
        assert (early.status, early.body) == (404, b"Nothing is published here yet.\n")
        put(tmp_path / "out" / "all.rss", b"<rss/>")
        put(tmp_path / "out" / "feeds.json", b"{}")
        server.look()
        assert server.ask("/all.rss").body == b"<rss/>"


def test_what_was_answered_is_counted(serving, out):
    with serving(out) as server:
        for path in ("/all.rss", "/nowhere", "/all.rss"):
            server.ask(path)
        assert server.feeds.answers == {200: 2, 404: 1}


def test_real_feeds_satisfy_the_check_of_servers(serving, project):
    if not CHECK.exists():
        pytest.skip("needs http_check.py")
    for number in range(12):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}", topics=("AI", "Law")))
    project.build(START)
    with serving(project.out, hubs=("https://hub.example/",)) as server:
        catalogue = json.loads(server.ask("/feeds.json").body)
        paths = [
            "feeds.json",
            *(f"{feed['key']}.{kind}" for feed in catalogue["feeds"] for kind in ("rss", "atom", "json")),
        ]
        done = subprocess.run(
            [sys.executable, CHECK, "--base", server.url, *paths], capture_output=True, text=True, check=False
        )
    assert (done.stdout, done.stderr) == (f"paths={len(paths)} errors=0 warnings=0\n", "")
