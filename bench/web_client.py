"""Measure the CPU time of one HEAD through `feeds.web`, beside httpx as it comes: microseconds per URL.

The server runs in another process on 127.0.0.0/8 and answers on every address of it, so 1,000 hosts are 1,000 origins.
The contenders take turns (A B A B); the table holds medians, lowest and highest.

    python bench/web_client.py                        5,000 HEADs, five runs
    python bench/web_client.py --requests 1000 --runs 1
"""

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from statistics import median

import httpx

from feeds.web.client import WebClient
from feeds.web.guard import networks

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
    b'Content-Length: 5120\r\nETag: "5f3a-1400"\r\nLast-Modified: Fri, 20 Nov 2026 00:00:00 GMT\r\n'
    b"Cache-Control: max-age=60\r\nX-Content-Type-Options: nosniff\r\n\r\n"
)
_WORKERS = 100
Ask = Callable[[str], Awaitable[object]]


class Answering(asyncio.Protocol):
    """Answer every request with the same head."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (called by asyncio)."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what came (called by asyncio)."""
        self.transport.write(_ANSWER * data.count(b"\r\n\r\n"))  # type: ignore[attr-defined]


def serve(ready: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Answering, "0.0.0.0", 0, backlog=1024)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def server() -> Iterator[int]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


async def all_asked(urls: Sequence[str], ask: Ask) -> float:
    """Return the CPU seconds of one request to each URL, 100 at a time."""
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            await ask(url)

    started = time.process_time()
    await asyncio.gather(*(work() for _ in range(_WORKERS)))
    return time.process_time() - started


async def through_feeds(urls: Sequence[str]) -> float:
    async with WebClient("feeds-bench/1", allowed=networks(["127.0.0.0/8"])) as client:

        async def ask(url: str) -> None:
            answer = await client.request("HEAD", url)
            assert answer.status == 200, answer

        return await all_asked(urls, ask)


async def through_httpx(urls: Sequence[str]) -> float:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ask(url: str) -> None:
            answer = await client.head(url)
            assert answer.status_code == 200, answer

        return await all_asked(urls, ask)


CONTENDERS = {"feeds.web": through_feeds, "httpx alone": through_httpx}


def addresses(hosts: int, requests: int, port: int) -> list[str]:
    first = int(IPv4Address("127.10.0.1"))
    return [f"http://{IPv4Address(first + number % hosts)}:{port}/page/{number}" for number in range(requests)]


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the CPU time of one HEAD.")
    parser.add_argument("--requests", type=int, default=5000, help="HEADs in a run (default: 5,000)")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each (default: 5)")
    parser.add_argument("--only", default=",".join(CONTENDERS), help="which contenders, by name")
    return parser.parse_args()


def main() -> None:
    args = asked()
    print("| hosts | client | us per URL | lowest to highest |\n|---:|---|---:|---|")
    with server() as port:
        for hosts in (1, 1000):
            urls = addresses(hosts, args.requests, port)
            found: dict[str, list[float]] = {}
            for _ in range(args.runs):
                for name in args.only.split(","):
                    seconds = asyncio.run(partial(CONTENDERS[name], urls)())
                    found.setdefault(name, []).append(seconds / args.requests * 1e6)
            for name, figures in found.items():
                print(f"| {hosts:,} | {name} | {median(figures):.0f} | {min(figures):.0f} to {max(figures):.0f} |")


if __name__ == "__main__":
    main()
