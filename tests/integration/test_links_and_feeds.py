"""What checks find, over weeks, and what feeds make of it. A real server on loopback, the clock an argument."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from project import START, Project

from feeds.app.checking import CheckReport, CheckWish, known_links, pin_links, plan_check, run_check

pytestmark = pytest.mark.slow

DAY = 86_400
LINKS = {"allow_networks": ["127.0.0.0/8"], "archive_url": "", "hosts": [{"host": "127.0.0.2", "rate": 50}]}


class Site:
    """A web server whose pages answer as a test says: path -> (status, headers)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, tuple[int, dict[str, str]]] = {}
        self.asked: list[str] = []

    def url(self, path: str, host: str = "127.0.0.2") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def _serving() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            status, headers = site.pages.get(self.path, (404, {}))
            self.send_response(status)
            for name, value in {"Content-Length": "0", "Content-Type": "text/html", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815  the name the server looks for

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web() -> Iterator[Site]:
    with _serving() as site:
        site.pages["/robots.txt"] = (404, {})
        yield site


def _record(url: str, title: str, **more: object) -> str:
    fields = {
        "title": title,
        "excerpt": "An excerpt.",
        "publishedDateTime": "2023-10-01T00:00:00Z",
        "originalUrl": url,
        "provider": {"name": "News", "domain": "news.example"},
        "topics": ["AI"],
        **more,
    }
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items()) + "---\n"


@pytest.fixture
def project(tmp_path: Any) -> Project:
    made = Project(tmp_path / "project")
    made.configure(links=LINKS)
    return made


def _check(project: Project, now: int, *, everything: bool = False) -> CheckReport:
    return run_check(project.loaded(), CheckWish(everything=everything), clock=lambda: float(now))


def _link(project: Project) -> str:
    (item,) = project.items().values()
    return str(item["url"])


def _die(project: Project, start: int) -> list[CheckReport]:
    """Check for as many days as a page that answers 404 needs to be dead."""
    return [_check(project, start + day * DAY, everything=True) for day in range(5)]


def test_a_dead_page_gives_way_to_a_live_copy_and_comes_back(project: Project, web: Site) -> None:
    page, amp = web.url("/story"), web.url("/amp")
    web.pages |= {"/story": (200, {}), "/amp": (200, {})}
    project.write("a.md", _record(page, "Story", ampWebUrl=amp))
    project.build(START)
    before = project.tree()
    first = _check(project, START + 60)
    assert (first.learned, first.verdicts, first.newly_dead) == (2, {"ok": 2}, ())
    project.build(START + 120)
    assert project.tree() == before
    web.pages["/story"] = (404, {})
    reports = _die(project, START + DAY)
    project.build(START + 6 * DAY)
    assert [change.url for report in reports for change in report.newly_dead] == [page]
    assert _link(project) == amp
    (dead,) = project.items().values()
    web.pages["/story"] = (200, {})
    _check(project, START + 7 * DAY, everything=True)
    project.build(START + 7 * DAY + 60)
    assert project.tree() == before
    (back,) = project.items().values()
    assert back["date_modified"] == dead["date_modified"] == "2023-10-01T00:00:00Z"


def test_one_bad_day_changes_nothing(project: Project, web: Site) -> None:
    project.write("a.md", _record(web.url("/story"), "Story"))
    project.build(START)
    before = project.tree()
    for hours in range(1, 12):
        _check(project, START + hours * 3600, everything=True)
    report = project.build(START + DAY)
    assert (project.tree(), report.written) == (before, [])
    assert [link.verdict for link in known_links(project.loaded())] == ["suspect"]


@pytest.mark.parametrize("status", [401, 403, 429, 999])
def test_who_will_not_be_asked_is_not_dead(project: Project, web: Site, status: int) -> None:
    web.pages["/story"] = (status, {})
    project.write("a.md", _record(web.url("/story"), "Story"))
    project.build(START)
    before = project.tree()
    for week in range(3 if status == 429 else 8):  # each 429 halves the pace
        _check(project, START + week * 7 * DAY, everything=True)
    project.build(START + 60 * DAY)
    assert project.tree() == before
    assert [link.verdict for link in known_links(project.loaded())] == ["blocked"]


@pytest.mark.parametrize(("policy", "left"), [("drop", []), ("flag", ["Story"]), ("keep", ["Story"])])
def test_what_becomes_of_a_dead_page_is_a_setting(project: Project, web: Site, policy: str, left: list[str]) -> None:
    project.configure(links={**LINKS, "on_dead": policy})
    project.write("a.md", _record(web.url("/gone"), "Story"))
    project.build(START)
    (item,) = project.items().values()
    _die(project, START + DAY)
    project.build(START + 6 * DAY)
    assert [item["title"] for item in project.items().values()] == left
    flagged = [item["content_text"] for item in project.items().values() if "gone" in item["content_text"]]
    assert bool(flagged) == (policy == "flag")
    project.configure(links={**LINKS, "on_dead": "keep"})
    project.build(START + 7 * DAY)
    assert list(project.items().values()) == [item]


def test_a_page_that_moved_for_good_is_followed_under_the_same_id(project: Project, web: Site) -> None:
    web.pages |= {"/old": (301, {"Location": "/new"}), "/new": (200, {})}
    project.write("a.md", _record(web.url("/old"), "Story"))
    project.build(START)
    (before,) = project.items().values()
    _check(project, START)
    project.build(START + 60)
    assert _link(project) == web.url("/old")
    _check(project, START + 8 * DAY, everything=True)
    project.build(START + 8 * DAY + 60)
    (after,) = project.items().values()
    assert after == {**before, "url": web.url("/new")}


def test_a_dead_picture_is_left_out_and_the_next_one_shown(project: Project, web: Site) -> None:
    web.pages |= {"/story": (200, {}), "/2.jpg": (200, {"Content-Type": "image/jpeg"})}
    images = [{"url": web.url("/1.jpg")}, {"url": web.url("/2.jpg")}]
    project.write("a.md", _record(web.url("/story"), "Story", images=images))
    project.build(START)
    (item,) = project.items().values()
    assert item["image"] == web.url("/1.jpg")
    _die(project, START + DAY)
    project.build(START + 6 * DAY)
    (item,) = project.items().values()
    assert item["image"] == web.url("/2.jpg")


def test_an_enclosure_learns_its_length_and_type(project: Project, web: Site) -> None:
    web.pages |= {"/story": (200, {}), "/talk": (200, {"Content-Length": "12345", "Content-Type": "audio/mpeg"})}
    project.write(
        "a.md", _record(web.url("/story"), "Story", enclosure={"url": web.url("/talk"), "type": "audio/mpeg"})
    )
    project.build(START)
    _check(project, START + 60)
    project.build(START + 120)
    (item,) = project.items().values()
    assert item["attachments"] == [{"url": web.url("/talk"), "mime_type": "audio/mpeg", "size_in_bytes": 12345}]


def test_a_persons_word_outweighs_what_is_seen(project: Project, web: Site) -> None:
    url = web.url("/gone")
    project.configure(links={**LINKS, "on_dead": "drop"})
    project.write("a.md", _record(url, "Story"))
    project.build(START)
    assert pin_links(project.loaded(), [url], "alive") == [url]
    _die(project, START + DAY)
    project.build(START + 6 * DAY)
    assert len(project.items()) == 1
    pin_links(project.loaded(), [url], "dead")
    project.build(START + 7 * DAY)
    assert project.items() == {}


def test_what_is_excluded_is_never_asked_and_changes_nothing(project: Project, web: Site) -> None:
    project.configure(links={**LINKS, "exclude": [f"{web.url('/')}*"]})
    project.write("a.md", _record(web.url("/story"), "Story"))
    project.build(START)
    assert plan_check(project.loaded(), CheckWish(), START).urls == 0
    _check(project, START + 60, everything=False)
    assert web.asked == []
    assert [(link.verdict, link.reason) for link in known_links(project.loaded())] == [
        ("excluded", "excluded-by-pattern")
    ]
    project.configure(links=LINKS)
    assert plan_check(project.loaded(), CheckWish(), START + DAY).urls == 1


def test_a_private_address_is_refused_unless_it_is_opened(project: Project, web: Site) -> None:
    project.configure(links={"archive_url": ""})
    project.write("a.md", _record(web.url("/story"), "Story"))
    project.build(START)
    _check(project, START + 60)
    assert web.asked == []
    assert [(link.verdict, link.reason) for link in known_links(project.loaded())] == [("excluded", "address-loopback")]


def test_a_dead_page_without_a_copy_is_linked_to_its_snapshot(project: Project, web: Site) -> None:
    page, archive = web.url("/gone"), web.url("/web/", "127.0.0.3")
    project.configure(links={**LINKS, "archive_url": archive})
    project.write("a.md", _record(page, "Story"))
    project.build(START)
    stamp = "20231001000000"
    snapshot = f"/web/20231002030405/{page}"
    web.pages[f"/web/{stamp}/{page}"] = (302, {"Location": snapshot})
    _die(project, START + DAY)
    project.build(START + 6 * DAY)
    assert _link(project) == web.url(snapshot, "127.0.0.3")


def test_where_a_page_moved_to_is_checked_as_well(project: Project, web: Site) -> None:
    web.pages |= {"/old": (301, {"Location": "/new"}), "/new": (200, {})}
    project.write("a.md", _record(web.url("/old"), "Story"))
    project.build(START)
    for day in (0, 8, 9):
        _check(project, START + day * DAY, everything=True)
    assert {link.url: link.verdict for link in known_links(project.loaded())} == {
        web.url("/old"): "moved",
        web.url("/new"): "ok",
    }
