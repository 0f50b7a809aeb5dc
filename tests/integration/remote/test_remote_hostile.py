"""Feeds as aggregators meet them: what is published stays valid and harmless, and no source costs another anything."""

import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree
from project import START, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import run_poll

GOOD = Entry("A good story", "https://good.example/a", "a")
XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']><rss version="2.0"><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>'
)
XXE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<rss version="2.0"><channel><title>t</title><item><title>&x;</title><link>https://x.example/</link></item></channel></rss>'
)


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


def build(tmp_path: Path, server: Remote, *paths: str, timeout: int = 20) -> Project:
    project = Project(tmp_path / "project")
    sources = [{"url": server.url + path, "id": path[1:], "full_text": True} for path in paths]
    project.configure(links={"allow_networks": ["127.0.0.0/8"]}, sources=sources, polling={"timeout_seconds": timeout})
    run_poll(project.loaded(), clock=lambda: START)
    project.build(START)
    return project


def harmless(project: Project) -> bytes:
    """Check every published file, and return all of them together."""
    everything = b""
    for path in sorted(project.out.rglob("*.*")):
        body = path.read_bytes()
        everything += body
        if path.suffix == ".json":
            json.loads(body)
            continue
        document = etree.fromstring(body)
        assert not re.search(rb"<script|\sonerror=|javascript:", body), path
        assert feedparser.parse(body).bozo is False, path
        for text in document.itertext():
            assert not re.search(r"<script|\sonerror=|javascript:", text), path
    return everything


FEEDS = {
    "an entity bomb": BOMB.encode(),
    "a file of ours": XXE.encode(),
    "script in every field": rss(
        Entry("T" + XSS, "javascript:alert(1)", XSS, XSS, categories=(XSS,), extra=f"<author>{XSS[2:12]}</author>"),
        Entry("Other" + XSS, "https://x.example/" + XSS, "2", f"<p>text</p>{XSS}<a href='javascript:x()'>go</a>"),
        title="Title" + XSS,
    ),
    "control characters": rss(Entry("A\x08B\x0bC", "https://x.example/c", "3", "D\x1f\ufffeE")),
    "half an encoding": b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>'
    + "<item><title>Zürich</title><link>https://x.example/z</link></item></channel></rss>".encode("latin-1"),
    "no end": rss(Entry("Cut", "https://x.example/cut", "4"))[:-30],
    "a page": b"<!doctype html><html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>",
    "nothing": b"",
    "a long title": rss(Entry("T" * 1_000_000, "https://x.example/long", "5")),
    "five thousand entries": rss(*(Entry(f"No. {n}", f"https://x.example/{n}", f"n{n}") for n in range(5_000))),
    "absurd dates": rss(
        Entry("Ancient", "https://x.example/o", "6", date=0), Entry("Later", "https://x.example/l", "7", date=2**33)
    ),
    "nested": b"<rss><channel>" + b"<item>" * 50_000,
    "a JSON bomb": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("body", FEEDS.values(), ids=FEEDS)
def test_whatever_comes_the_feeds_are_whole_and_harmless(tmp_path: Path, server: Remote, body: bytes) -> None:
    server.pages.update({"/bad": Page(body), "/good": Page(rss(GOOD))})
    begun = time.process_time()
    project = build(tmp_path, server, "/bad", "/good")
    everything = harmless(project)
    assert time.process_time() - begun < 60, "a bound on what one body may cost, far above what any does"
    assert b"A good story" in everything
    assert b"root:x:0" not in everything
    assert all(item["url"].startswith("https://") for item in project.items().values())
    assert all(item["date_published"] > "1990" for item in project.items().values())


def test_a_server_that_drips_is_given_up(tmp_path: Path, server: Remote) -> None:
    ended = threading.Event()

    class Drip(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while not ended.wait(0.2):
                    self.wfile.write(b" ")
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Drip) as slow:
        thread = threading.Thread(target=slow.serve_forever, args=(0.02,))
        thread.start()
        server.pages["/good"] = Page(rss(GOOD))
        server.pages["/slow"] = Page(
            status=302, headers={"Location": f"http://127.0.0.1:{slow.server_address[1]}/feed"}
        )
        project = build(tmp_path, server, "/slow", "/good", timeout=1)
        ended.set()
        slow.shutdown()
        thread.join()
    assert project.titles() == ["A good story"]
