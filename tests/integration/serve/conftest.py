"""A server on a real socket, in a thread of its own, and a client that sends what no library would."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from feeds.serve import FeedServer, serve
from feeds.serve.bounded import Bounds

NS = 1_000_000_000
THEN = 1_700_000_000
LAST_LINE = b"\r\n\r\n"


@dataclass
class Reply:
    """What came back."""

    status: int
    fields: dict[str, str]
    body: bytes


@dataclass
class Running:
    """A server at work. `ask` sends one request on a connection of its own."""

    port: int
    feeds: FeedServer
    loop: asyncio.AbstractEventLoop
    opened: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.opened.append(sock)
        return sock

    def ask(self, path: str, method: str = "GET", **fields: str) -> Reply:
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        head = "\r\n".join((f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *lines, "", ""))
        return reply(self.send(head.encode("latin-1")))

    def send(self, request: bytes) -> bytes:
        """Return all that comes back until the server ends the connection."""
        sock = self.connect()
        sock.sendall(request)
        return drained(sock)

    def look(self) -> None:
        asyncio.run_coroutine_threadsafe(self.feeds.follower.look(), self.loop).result(20)


def drained(sock: socket.socket) -> bytes:
    received = b""
    while piece := sock.recv(65_536):
        received += piece
    sock.close()
    return received


def reply(received: bytes) -> Reply:
    head, _, body = received.partition(LAST_LINE)
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    return Reply(int(first.split(" ")[1]), fields, body)


Serving = Callable[..., Any]


@contextmanager
def _running(root: Path, connections: int = 100, bounds: Bounds | None = None, **named: Any) -> Iterator[Running]:
    given = {"cache_seconds": 900, "memory_bytes": 10_000_000, "base_url": "https://feeds.example.org/", **named}
    feeds = FeedServer(root, **given)
    told: Queue[Any] = Queue()

    async def work() -> None:
        stop = asyncio.Event()
        await feeds.follower.look()
        following = asyncio.create_task(feeds.follower.run(stop))

        def ready(bound: str) -> None:
            told.put((int(bound.rpartition(":")[2]), asyncio.get_running_loop(), stop))

        await serve(feeds.app, "127.0.0.1:0", stop=stop, connections=connections, ready=ready, bounds=bounds)
        await following

    thread = Thread(target=asyncio.run, args=(work(),))
    thread.start()
    port, loop, stop = told.get(timeout=20)
    running = Running(port, feeds, loop)
    try:
        yield running
    finally:
        for sock in running.opened:
            sock.close()
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def serving() -> Serving:
    """Return a context manager that serves a folder."""
    return _running


@pytest.fixture
def put() -> Callable[[Path, bytes], None]:
    """Return a call that puts a file in place as the publisher does: whole, and a second later than the one before."""

    def write(path: Path, body: bytes) -> None:
        at = path.stat().st_mtime_ns + NS if path.exists() else THEN * NS
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_name(f".{path.name}.{time.monotonic_ns()}")
        staged.write_bytes(body)
        os.utime(staged, ns=(at, at))
        staged.replace(path)

    return write


@pytest.fixture
def out(tmp_path: Path, put: Callable[[Path, bytes], None]) -> Path:
    """Return a small published folder."""
    place = tmp_path / "out"
    put(place / "all.rss", b"<rss>" + b"a feed of some length " * 100 + b"</rss>")
    put(place / "topics/ai.atom", b"<feed/>")
    put(place / "feeds.json", b'{"feeds": [], "gone": ["topics/old"]}')
    return place
