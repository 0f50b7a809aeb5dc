"""Remote feeds on the loopback interface, as good or as bad as a test wants them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from xml.sax.saxutils import escape

from project import START


@dataclass
class Page:
    """What a path answers; with `etag` it answers 304 to whoever has it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""


@dataclass
class Remote:
    """A server: its address, what its paths answer, and what it was asked (path and headers in lower case)."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """Return the paths asked for since the last time, and forget them."""
        found = [path for path, _ in self.asked]
        self.asked.clear()
        return found


@dataclass(frozen=True)
class Entry:
    """An entry of an RSS feed."""

    title: str
    link: str = ""
    guid: str = ""
    text: str = "What happened."
    date: int | None = START - 3600
    categories: tuple[str, ...] = ()
    extra: str = ""


def rss(*entries: Entry, title: str = "Remote News", home: str = "https://remote.example/", head: str = "") -> bytes:
    """Return an RSS feed."""
    items = "".join(map(_item, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(title)}</title><link>{home}</link><description>x</description>{head}{items}</channel></rss>"
    ).encode()


def _item(entry: Entry) -> str:
    date = format_datetime(datetime.fromtimestamp(entry.date, UTC)) if entry.date is not None else ""
    parts = [
        f"<title>{escape(entry.title)}</title>",
        f"<link>{escape(entry.link)}</link>" if entry.link else "",
        f'<guid isPermaLink="false">{escape(entry.guid)}</guid>' if entry.guid else "",
        f"<description>{escape(entry.text)}</description>",
        f"<pubDate>{date}</pubDate>" if date else "",
        *(f"<category>{escape(category)}</category>" for category in entry.categories),
        entry.extra,
    ]
    return f"<item>{''.join(parts)}</item>"


@contextmanager
def remote() -> Iterator[Remote]:
    """Run a server; its `pages` may change while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = found.pages.get(self.path, Page(status=404))
            known = page.etag and self.headers.get("if-none-match") == page.etag
            status, body = (304, b"") if known else (page.status, page.body)
            self.send_response(status)
            if page.etag:
                self.send_header("ETag", page.etag)
            for name, value in {"Content-Type": "application/rss+xml", **page.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the library's
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Remote(f"http://127.0.0.1:{server.server_address[1]}")
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
