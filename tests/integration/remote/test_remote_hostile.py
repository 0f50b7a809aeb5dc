"""Feeds made to hurt, from the wire to the published files: what is published stays valid and harmless.

Each attack is a source of its own, beside a good one that must not notice.
"""

import gzip
import json
import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import feedparser
import pytest
from lxml import etree, html
from project import START, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import PollReport, run_poll, source_states

DAY = 86_400
GOOD = Entry("Good news", "https://good.example/", "good")
# Stands only where it would be run or read from where nothing may be read.
MARK = "EVILMARK"
XML = '<?xml version="1.0"?>'
JSON = {"Content-Type": "application/feed+json"}


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def channel(items: str, prolog: str = XML) -> bytes:
    """Return a feed of these items."""
    head = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>A feed</title>'
    return f"{prolog}{head}<link>https://bad.example/</link>{items}</channel></rss>".encode("utf-8", "surrogatepass")


_number = count()


def item(title: str = "A story", rest: str = "", link: str = "") -> str:
    """Return an item, at a page of its own where none is given."""
    link = link or f"https://bad.example/own/{next(_number)}"
    return f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>{rest}</item>"


def json_feed(*items: dict[str, Any]) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "A feed", "items": items}).encode()


LAUGHS = "".join(f"<!ENTITY l{n} '{('&l' + str(n - 1) + ';') * 10}'>" for n in range(1, 10))
LOADED = " ".join(f"a{n}='1'" for n in range(20_000))
SCRIPTED = (
    f"<script>{MARK}</script><p onclick='{MARK}'>Text</p><a href='javascript:{MARK}'>a</a><img src=x onerror={MARK}>"
    f"<svg onload={MARK}><script>{MARK}</script></svg><iframe src='javascript:{MARK}'></iframe><style>{MARK}</style>"
    f"<a href='data:text/html,{MARK}'>b</a><form action='/{MARK}'></form>"
    f"<a href='java\tscript:{MARK}'>c</a><img src='vbscript:{MARK}'>"
    f"<noscript><p title='</noscript><img src=x onerror=x>'>"
    f"<meta http-equiv=refresh content='0;{MARK}'><base href='//{MARK}.example/'><object data='{MARK}'></object>"
)
ESCAPED = SCRIPTED.replace("&", "&amp;").replace("<", "&lt;")
ADDRESSES = (
    f"javascript:{MARK} data:text/html,{MARK} vbscript:{MARK} file:///etc/{MARK} mailto:{MARK}@x.example".split()
)
CONTROLS = "A\x00\x08\x0b\x1b[31m title\x7f\x9d \u202e\u2066\ufffe\uffff&#0;&#x1f;&#xD800; of it"

# What a source answers, and the titles of it that are published.
READ: dict[str, tuple[Page, list[str]]] = {
    "script": (
        Page(
            channel(
                item(ESCAPED, f"<description>{ESCAPED}</description><author>{ESCAPED}</author>")
                + item("Fields", f"<category>{ESCAPED}</category><comments>javascript:{MARK}</comments>", "/relative")
            )
        ),
        ["Text a b c", "Fields"],
    ),
    "cdata": (Page(channel(item("Split", f"<description><![CDATA[{SCRIPTED}]]></description>"))), ["Split"]),
    "atom-xhtml": (
        Page(
            f'{XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>A feed</title><id>a</id><entry><id>1</id>'
            f'<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Told<script>{MARK}</script></div></title>'
            f'<link href="javascript:{MARK}"/><link rel="enclosure" href="data:x,{MARK}"/><content type="xhtml">'
            f'<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="{MARK}">Words</p><script>{MARK}</script></div>'
            "</content></entry></feed>".encode()
        ),
        ["Told"],
    ),
    "addresses": (
        Page(
            channel(
                "".join(
                    item(
                        f"At {number}",
                        f'<enclosure url="{url}" type="audio/mpeg" length="1"/><media:thumbnail url="{url}"/>',
                        url,
                    )
                    for number, url in enumerate(ADDRESSES)
                )
            )
        ),
        [f"At {number}" for number in range(len(ADDRESSES))],
    ),
    "controls": (Page(channel(item(CONTROLS, f"<description>{CONTROLS}</description>"))), ["A[31m title of it"]),
    "surrogates": (
        Page(
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "\\ud800", "items": [{"id": "\\udfff", '
            b'"title": "Half \\ud83d of it", "content_html": "<p>\\ud800</p>", "url": "https://bad.example/\\ud800"}]}',
            headers=JSON,
        ),
        ["Half of it"],
    ),
    "odd-json": (
        Page(
            json_feed(
                {"id": {"a": 1}, "title": ["x"], "content_text": 7},
                {"id": 1e308, "title": "Numbers", "date_published": 1e308, "authors": "none", "tags": {"a": "b"}},
                {"id": None, "title": "Attached", "attachments": [{"url": f"javascript:{MARK}", "mime_type": 5}]},
            ),
            headers=JSON,
        ),
        ["Numbers", "Attached"],
    ),
    "long": (Page(channel(item("long " * 200_000, f"<description>{'word ' * 200_000}</description>"))), []),
    "latin": (Page(channel(item("Caf\xe9 culture")).decode().encode("latin-1")), ["Caf\xe9 culture"]),
    "not-utf-16": (
        Page(channel(item("Not so"), '<?xml version="1.0" encoding="utf-16"?>')),
        ["Not so"],
    ),
    "utf-7": (
        Page(
            channel(item("+ADw-b+AD4-"), '<?xml version="1.0" encoding="utf-7"?>'),
            headers={"Content-Type": "text/xml; charset=utf-7"},
        ),
        ["+ADw-b+AD4-"],
    ),
    "include": (
        Page(
            channel(
                item(
                    "Included",
                    '<description xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include parse="text" '
                    'href="file:///etc/passwd"/></description>',
                ),
                XML + '<?xml-stylesheet href="file:///etc/passwd"?>',
            )
        ),
        ["Included"],
    ),
    "dates": (
        Page(
            channel(
                "".join(
                    item(f"Dated {date[:11]}", f"<pubDate>{date}</pubDate>", f"https://bad.example/{number}")
                    for number, date in enumerate(
                        (
                            "Thu, 01 Jan 1970 00:00:00 GMT",
                            "0001-01-01T00:00:00Z",
                            "Fri, 31 Dec 9999 23:59:59 GMT",
                            "Fri, 31 Dec 9999 23:59:59 -2359",
                            "Wed, 99 Foo 2023 77:88:99 XYZ",
                            "Wed, 15 Nov 2023 20:00:00 GMT",
                            "-1",
                        )
                    )
                )
            )
        ),
        [
            "Dated Thu, 01 Jan",
            "Dated 0001-01-01T",
            *(["Dated Fri, 31 Dec"] * 2),
            "Dated Wed, 99 Foo",
            "Dated Wed, 15 Nov",
            "Dated -1",
        ],
    ),
    "one-guid": (
        Page(rss(*(Entry(f"Twin {n}", f"https://bad.example/t{n}", "the same") for n in range(20)))),
        [f"Twin {n}" for n in range(20)],
    ),
    "cut-off": (Page(channel(item("Whole") + item("Half"))[:-40]), ["Whole", "Half"]),
    "nested-items": (Page(b"<rss><channel>" + b"<item>" * 50_000), []),
    "deep": (Page(channel(item("Deep", f"<description>{'&lt;b&gt;' * 50_000}x</description>"))), ["Deep"]),
    "etag": (Page(rss(Entry("Tagged", "https://bad.example/e", "e")), etag='"\xe9"'), ["Tagged"]),
}

# What a source answers, and what is said of it; nothing of it is published.
REFUSED: dict[str, tuple[Page, str]] = {
    "laughs": (
        Page(channel(item("&l9;"), f'{XML}<!DOCTYPE rss [<!ENTITY l0 "{MARK}">{LAUGHS}]>')),
        "no feed: declares entities",
    ),
    "xxe": (
        Page(channel(item("&x;"), f'{XML}<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
        "no feed: declares entities",
    ),
    "parameters": (
        Page(channel(item("x"), f'{XML}<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/{MARK}">%x;]>')),
        "no feed: declares entities",
    ),
    "huge": (Page(b"<rss>" + b" " * 50_000_000), "too-large"),
    "bomb": (Page(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}), "too-large"),
    "two-bombs": (
        Page(gzip.compress(gzip.compress(bytes(50_000_000))), headers={"Content-Encoding": "gzip, gzip"}),
        "broken-compression",
    ),
    "loop": (Page(status=301, headers={"Location": "/loop"}), "too-many-redirects"),
    "to-a-file": (Page(status=302, headers={"Location": "file:///etc/passwd"}), "url-scheme"),
    "to-the-inside": (Page(status=301, headers={"Location": "http://10.0.0.1/"}), "address-private"),
    "to-nowhere": (Page(status=302, headers={"Location": "http://[bad"}), "http-302"),
    "page": (
        Page(
            b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/hidden"></head>'
            b"</html>",
            headers={"Content-Type": "text/html"},
        ),
        "no feed: this is a web page",
    ),
    "nothing": (Page(b"\xef\xbb\xbf"), "no feed"),
    "zeros": (Page(bytes(100_000)), "no feed"),
    "brackets": (Page(b"[" * 1_000_000, headers=JSON), "no feed"),
    "nested-json": (
        Page(b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000, headers=JSON),
        "no feed",
    ),
    "elements": (Page(channel(item("x", "<a>" * 500_000))), "no feed"),
    "attributes": (Page(channel(item("x", f"<a {LOADED}/>"))), "no feed"),
    "dump": (Page(b"\x1f\x8b\x00" + b"\xff" * 1_000), "no feed"),
}


@contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """Run a server that says `first` at once, and then a byte every tenth of a second for as long as it is heard."""
    over = Event()

    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(first)
            while not over.wait(0.1):
                try:
                    self.request.sendall(b" ")
                except OSError:
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Drip) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            over.set()
            server.shutdown()
            thread.join()


def configure(
    project: Project, server: Remote, pages: dict[str, Page], more: dict[str, str] | None = None, *, timeout: int = 20
) -> None:
    """Have the project read these pages and addresses, and a good source."""
    server.pages.update({f"/{name}": page for name, page in pages.items()}, **{"/good": Page(rss(GOOD))})
    urls = {**{name: f"{server.url}/{name}" for name in (*pages, "good")}, **(more or {})}
    project.configure(
        links={"allow_networks": ["127.0.0.0/8"]},
        polling={"full_text": True, "timeout_seconds": timeout},
        feeds={"limit": 500, "group_same_stories": False},
        sources=[
            {"url": url, "id": name, "provider": {"name": name, "domain": f"{name}.example"}, "keep_categories": True}
            for name, url in urls.items()
        ],
    )


def polled(project: Project, now: int) -> PollReport:
    report = run_poll(project.loaded(), everything=True, clock=lambda: now)
    project.build(now)
    return report


def published(project: Project) -> Iterator[tuple[str, bytes]]:
    for name, body in project.tree().items():
        if name.endswith((".rss", ".atom", ".xml", ".json", ".opml")):
            yield name, body


def assert_valid(name: str, body: bytes) -> None:
    """Make sure that strict parsers read a file as what it is."""
    if name.endswith(".json"):
        json.dumps(json.loads(body), ensure_ascii=False).encode()  # fails for half a surrogate pair
    else:
        parsed = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
        assert parsed.getroottree().docinfo.doctype == "", name
    if name.endswith((".rss", ".atom")):
        assert not feedparser.parse(BytesIO(body))["bozo"], name


def markup(value: object) -> Iterator[str]:
    """Yield all strings of a JSON document that stand where HTML is read."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "content_html":
                yield inner
            yield from markup(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from markup(inner)


def assert_harmless(name: str, body: bytes) -> None:
    """Make sure that nothing in a file runs, and that all of its addresses are of the web."""
    texts = list(markup(json.loads(body))) if name.endswith(".json") else []
    if not name.endswith(".json"):
        for element in etree.fromstring(body).iter(etree.Element):
            addresses = [value for key, value in element.attrib.items() if key in {"href", "url", "src"}]
            addresses += [element.text or ""] if etree.QName(element).localname == "link" else []
            assert all(re.match(r"https?://|\Z", address.strip()) for address in addresses), (name, addresses)
            if element.get("type") == "html" or etree.QName(element).localname in {"encoded", "description"}:
                texts.append(element.text or "")
    for text in texts:
        for element in html.fragment_fromstring(text, create_parent="div").iter(etree.Element):
            assert element.tag not in {"script", "style", "iframe", "object", "svg", "form", "base", "meta"}, text
            assert not any(key.startswith("on") for key in element.attrib), text
            assert not any(re.match(r"\s*(java|vb)script:|\s*data:", value) for value in element.attrib.values()), text
            addresses = [element.get(key, "https://") for key in ("href", "src", "poster", "cite")]
            assert all(re.match(r"https?://", address) for address in addresses), text


def test_all_at_once_cost_a_good_source_nothing_and_publish_nothing_harmful(project: Project, server: Remote) -> None:
    pages = {name: page for name, (page, _) in {**READ, **REFUSED}.items()}
    configure(project, server, pages)
    report = polled(project, START)
    faults = {result.source.id: result.fault for result in report.failed}
    assert faults.keys() == REFUSED.keys()
    assert {name: faults[name] for name, (_, fault) in REFUSED.items() if not faults[name].startswith(fault)} == {}
    assert project.titles("providers/good.example") == ["Good news"]
    for name, (_, titles) in READ.items():
        if titles:
            assert sorted(project.titles(f"providers/{name}.example")) == sorted(titles), name
    for name, body in published(project):
        assert_valid(name, body)
        assert_harmless(name, body)
        assert MARK.encode() not in body, (name, body[max(0, body.find(MARK.encode()) - 200) :][:300])
        assert b"root:" not in body, name
    assert set(server.paths()) == {f"/{name}" for name in (*pages, "good")}


def test_what_hurts_once_does_not_churn_for_ever(project: Project, server: Remote) -> None:
    configure(project, server, {name: page for name, (page, _) in READ.items()})
    polled(project, START)
    before = project.stamps()
    for day in range(1, 4):
        report = polled(project, START + day * DAY)
        assert (report.news, report.failed) == (0, ())
    assert project.stamps() == before


def test_huge_texts_are_cut(project: Project, server: Remote) -> None:
    many = rss(*(Entry(f"Number {n}", f"https://bad.example/{n}", str(n), date=START - n) for n in range(5_000)))
    configure(project, server, {"long": READ["long"][0], "many": Page(many)})
    report = polled(project, START)
    assert {result.source.id: result.new for result in report.results} == {"long": 1, "many": 2_000, "good": 1}
    states = source_states(project.loaded())
    assert states["many"].entries == 2_000
    assert "5000 entries" in states["many"].result or "4,000 entries" in states["many"].result
    [title] = project.titles("providers/long.example")
    assert 100 < len(title) <= 300
    titles = project.titles("providers/many.example")
    assert titles == [f"Number {n}" for n in range(len(titles))]
    for name, body in published(project):
        assert_valid(name, body)
        assert len(body) < 2_000_000, name


def test_dates_that_cannot_be_are_those_of_first_sight_for_ever(project: Project, server: Remote) -> None:
    configure(project, server, {"dates": READ["dates"][0]})
    seen = []
    for day in range(3):
        polled(project, START + day * DAY)
        items = project.items("providers/dates.example").values()
        seen.append({(item["id"], item["title"], item["date_published"]) for item in items})
    assert seen[0] == seen[1] == seen[2]
    assert {date for _, _, date in seen[0]} == {"2023-11-14T22:13:20Z"}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow:", id="a head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + channel(item()), id="a body"),
        pytest.param(b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 9999\r\n\r\n", id="a redirect"),
    ],
)
def test_a_server_that_drips_is_left_in_time(project: Project, server: Remote, first: bytes) -> None:
    with dripping(first) as url:
        configure(project, server, {}, {"drip": url}, timeout=1)
        report = polled(project, START)
    assert [(result.source.id, result.fault) for result in report.failed] == [("drip", "total-timeout")]
    assert project.titles() == ["Good news"]
