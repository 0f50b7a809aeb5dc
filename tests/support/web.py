"""Web servers on the loopback interface that behave as badly as they are told to, and names that lead to them."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from feeds.web.client import WebClient
from feeds.web.dns import Lifetimes, Resolver
from feeds.web.guard import networks
from feeds.web.limits import Limits

LOOPBACK = networks(["127.0.0.0/8"])
AGENT = "feeds/1.2 (+https://feeds.example/about)"
QUICK = Limits(connect=0.5, first_byte=0.4, total=1.0)


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: Mapping[str, str]
    connection: int
    at: float


Behaviour = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """A server under way: `pages` by path, `*` for all others. Bytes are sent as they are."""

    pages: dict[str, Behaviour]
    host: str
    port: int = 0
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", host: str = "") -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def lines(self) -> list[str]:
        """Return what was asked, such as `HEAD /a`."""
        return [f"{one.method} {one.path}" for one in self.asked]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """Return a whole answer; the underscores of header names become hyphens."""
    fields = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def page(status: int = 200, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer properly: HEAD gets no body."""
    whole = answer(status, body, **headers)

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(whole.removesuffix(body) if asked.method == "HEAD" and body else whole)

    return behave


def by_method(**behaviours: Behaviour) -> Behaviour:
    """Answer HEAD and GET in different ways."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await act(behaviours[asked.method], asked, writer)

    return behave


async def act(behaviour: Behaviour, asked: Asked, writer: asyncio.StreamWriter) -> None:
    if isinstance(behaviour, bytes):
        writer.write(behaviour)
    else:
        await behaviour(asked, writer)


async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def close(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Send a header line every 50 ms, for ever: no read time-out ever fires."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Drip: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


def endless(piece: bytes, **headers: str) -> Behaviour:
    """Send `piece` again and again."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        writer.write(b"HTTP/1.1 200 OK\r\n" + fields.encode() + b"\r\n")
        while not writer.transport.is_closing():
            writer.write(piece)
            await writer.drain()

    return behave


@asynccontextmanager
async def serving(
    pages: dict[str, Behaviour], host: str = "127.0.0.2", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    """Serve `pages` on an address of the loopback network."""
    site = Site(pages, host, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        site.connections += 1
        # A peer that goes away, or the end of the test, ends a connection like any other.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            await _conversation(site, site.connections, reader, writer)
        writer.transport.abort()
        tasks.discard(task)

    # The peer of a failed handshake is told by its own side.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    server = await asyncio.start_server(connected, host, port, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _conversation(site: Site, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        asked = Asked(method, path, headers, number, asyncio.get_running_loop().time())
        site.asked.append(asked)
        await act(site.pages.get(path, site.pages.get("*", answer(404))), asked, writer)
        await writer.drain()


Names = Mapping[str, Sequence[str]]


def names(known: Names) -> Callable[[str], Sequence[str]]:
    """Return a look-up that knows these names only."""

    def look_up(host: str) -> Sequence[str]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known[host]

    return look_up


def web_client(
    known: Names | None = None, *, limits: Limits = QUICK, lifetimes: Lifetimes | None = None, **options: object
) -> WebClient:
    """Return a client that may go to the loopback network."""
    options.setdefault("allowed", LOOPBACK)
    return WebClient(AGENT, limits=limits, resolver=Resolver(names(known or {}), lifetimes), **options)


async def open_gate(url: str) -> None:
    """Let every request pass."""
