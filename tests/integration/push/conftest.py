"""A hub on the loopback interface that keeps what it is told and answers as a test wants."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))

from project import START, Draft, Project

STORIES = {
    "a.md": Draft("https://news.example/a", "A", topics=("AI",)),
    "b.md": Draft("https://news.example/b", "B", topics=("Law",)),
    "c.md": Draft("https://courant.example/c", "C", topics=("Law",), provider=("Courant", "courant.example")),
}
FORMATS = ("rss", "atom", "json")


@dataclass
class Hub:
    """`status`, `headers` and `body` are its answer; while `hanging` it gives none.

    `pings` holds the addresses of each request; those after the first `refuse_after` requests are answered with 500.
    """

    url: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hanging: bool = False
    refuse_after: int = 10**9
    pings: list[list[str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    on_ping: Callable[[], None] = lambda: None
    free: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    @property
    def told(self) -> list[str]:
        """Return every address told, sorted, as often as it was told."""
        return sorted(url for ping in self.pings for url in ping)


def _serve(hub: Hub) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            assert form["hub.mode"] == ["publish"]
            with hub.lock:
                hub.pings.append(form["hub.url"])
                hub.agents.add(self.headers["User-Agent"])
                status = hub.status if len(hub.pings) <= hub.refuse_after else 500
            if hub.hanging:
                hub.free.wait(30)
            hub.on_ping()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(hub.body)), **hub.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(hub.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the library's
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def hubs() -> Iterator[Callable[[], Hub]]:
    """Return a call for one more hub."""
    running: list[tuple[Hub, ThreadingHTTPServer, Thread]] = []

    def start() -> Hub:
        hub = Hub()
        server = _serve(hub)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a peer that gives up is what is tested
        hub.url = f"http://127.0.0.1:{server.server_port}/hub"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running.append((hub, server, thread))
        return hub

    yield start
    for hub, server, thread in running:
        hub.free.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def hub(hubs: Callable[[], Hub]) -> Hub:
    return hubs()


@pytest.fixture
def closed() -> str:
    """Return the address of a hub that is down."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_port}/hub"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project")
    for name, draft in STORIES.items():
        made.write(name, draft, START)
    return made


@pytest.fixture
def name_hubs(project: Project) -> Callable[..., None]:
    """Return a call that configures these hubs."""

    def name(*urls: str, **more: Any) -> None:
        settings = {"push": {"hubs": list(urls), "wait_seconds": 1}, "links": {"allow_networks": ["127.0.0.0/8"]}}
        project.configure(**{**settings, **more})

    return name


@pytest.fixture
def files_of() -> Callable[..., list[str]]:
    """Return a call for the addresses of all files of these feeds, sorted."""

    def files(*keys: str, formats: tuple[str, ...] = FORMATS) -> list[str]:
        return sorted(f"https://feeds.example.org/{key}.{format_}" for key in keys for format_ in formats)

    return files
