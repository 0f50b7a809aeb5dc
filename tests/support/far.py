"""Hosts on 127.0.0.0/8 that answer as a test tells them to, and remember when each was asked."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise

OK = "200 OK"


@dataclass(frozen=True)
class Asked:
    """A request that came: to which address, for what, and when (time.time())."""

    host: str
    method: str
    path: str
    at: float


Answer = Callable[[Asked], Awaitable[tuple[str, str]]]


async def fine(_: Asked) -> tuple[str, str]:
    return OK, ""


@dataclass
class Far:
    """`answer` gives the status and further header lines, each with its end of line."""

    answer: Answer = fine
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}/{path}"

    def paths(self, host: str = "") -> list[str]:
        return [one.path for one in self.asked if host in ("", one.host)]

    def gaps(self, host: str) -> list[float]:
        times = [one.at for one in self.asked if one.host == host]
        return [later - earlier for earlier, later in pairwise(times)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        self.writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path = head.decode("latin-1").split(" ", 2)[:2]
                asked = Asked(host, method, path[1:], time.time())
                self.asked.append(asked)
                status, fields = await self.answer(asked)
                body = "" if method == "HEAD" else "ok"
                fields += "Content-Type: text/html\r\nContent-Length: 2\r\n"
                writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\n{body}".encode())
        writer.close()

    async def _close(self) -> None:
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.writers), return_exceptions=True)


@asynccontextmanager
async def far_hosts(hosts: Sequence[str], answer: Answer = fine) -> AsyncIterator[Far]:
    far = Far(answer)
    first = await asyncio.start_server(far._serve, hosts[0], 0)
    far.port = first.sockets[0].getsockname()[1]
    servers = [first, *[await asyncio.start_server(far._serve, host, far.port) for host in hosts[1:]]]
    try:
        yield far
    finally:
        for server in servers:
            server.close()
        await far._close()
