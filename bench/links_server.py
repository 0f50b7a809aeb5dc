"""A server that is thousands of hosts on 127.0.0.0/8, each as good or bad as the path says. It remembers who was asked.

It must never be reached from another machine, and never outlive its `--seconds`.

    python bench/links_server.py --seconds 600      prints one line of JSON with its ports, then serves

    /fast/...            200 at once                 /drip/...     a head, one byte every half second
    /slow/SECONDS/...    200 after that long         /reset/...    closed by a reset
    /hang/...            200 after a minute          /head405/...  405 to HEAD, 200 to GET
    /later/SECONDS/...   429 with Retry-After        /endless/...  a body without an end
    /bomb/...            10 MB of zeros in 10 KB     /loop/...     a redirect to itself
    /hop/HOST/...        a redirect to that host     /gone/...     410
    /report              what it remembers, as JSON; /forget       nothing any more
"""

import argparse
import asyncio
import gzip
import json
import resource
import signal
import socket
import ssl
import struct
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

BOMB = gzip.compress(bytes(10_000_000))
EARLY = 0.001  # both ends read one clock; a millisecond is how late a timer of the server may notice


class Memory:
    """When which host was asked: enough to tell the smallest gap, and who came before Retry-After."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Remember nothing any more."""
        self.requests = self.too_early = 0
        self.last: dict[str, float] = {}
        self.gaps: dict[str, float] = {}
        self.parked: dict[str, float] = {}
        self.kinds: dict[str, tuple[int, float, float]] = {}

    def asked(self, host: str, kind: str, now: float) -> None:
        """Remember a request."""
        self.requests += 1
        if host in self.last:
            self.gaps[host] = min(self.gaps.get(host, now), now - self.last[host])
        self.last[host] = now
        self.too_early += now < self.parked.get(host, 0.0) - EARLY
        count, first, _ = self.kinds.get(kind, (0, now, now))
        self.kinds[kind] = (count + 1, first, now)

    def report(self) -> dict[str, object]:
        """Return what is remembered."""
        return {
            "requests": self.requests,
            "hosts": len(self.last),
            "smallest_gap": min(self.gaps.values(), default=None),
            "too_early": self.too_early,
            "kinds": self.kinds,
        }


class Far(asyncio.Protocol):
    """One connection, whose requests come one after the other."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._received = b""
        self._method = ""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection from this machine, and no other."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host, self._port = transport.get_extra_info("sockname")
        if not self._host.startswith("127."):
            transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        """Stop dripping and pouring."""
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer each request as its path says."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._method, path, _ = head.decode("latin-1").split(" ", 2)
            self._answer(path[1:].split("/"))

    def _answer(self, words: list[str]) -> None:
        kind = words[0]
        if kind == "report":
            self._send(body=json.dumps(self._memory.report()).encode())
        elif kind == "forget":
            self._memory.forget()
            self._send()
        else:
            self._memory.asked(self._host, kind, time.monotonic())
            getattr(self, f"_{kind}", self._missing)(*words[1:])

    def _send(self, status: str = "200 OK", fields: str = "", body: bytes = b"ok") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
        self._transport.write(head.encode() + (b"" if self._method == "HEAD" else body))

    def _after(self, seconds: float, *call: object) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, *call)

    def _missing(self, *_: str) -> None:
        self._send("404 Not Found")

    def _fast(self, *_: str) -> None:
        self._send()

    def _gone(self, *_: str) -> None:
        self._send("410 Gone")

    def _slow(self, seconds: str, *_: str) -> None:
        self._after(float(seconds), self._send)

    def _hang(self, *_: str) -> None:
        self._after(60.0, self._send)

    def _head405(self, *_: str) -> None:
        self._send("405 Method Not Allowed" if self._method == "HEAD" else "200 OK")

    def _loop(self, *words: str) -> None:
        self._send("302 Found", f"Location: /loop/{'/'.join(words)}\r\n")

    def _hop(self, host: str, *words: str) -> None:
        self._send("301 Moved Permanently", f"Location: http://{host}:{self._port}/fast/{'/'.join(words)}\r\n")

    def _later(self, seconds: str, *_: str) -> None:
        now = time.monotonic()
        until = self._memory.parked.get(self._host)
        if until and now >= until:
            self._send()
        else:
            self._memory.parked[self._host] = now + float(seconds)
            self._send("429 Too Many Requests", f"Retry-After: {seconds}\r\n")

    def _reset(self, *_: str) -> None:
        linger = struct.pack("ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def _drip(self, *_: str) -> None:
        self._drop(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000)

    def _drop(self, left: bytes) -> None:
        self._transport.write(left[:1])
        self._after(0.5, self._drop, left[1:])

    def _endless(self, *_: str) -> None:
        if self._method == "HEAD":
            self._send("405 Method Not Allowed")
        else:
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            self._pour()

    def _pour(self) -> None:
        self._transport.write(bytes(16_384))
        self._after(0.001, self._pour)

    def _bomb(self, *_: str) -> None:
        if self._method == "HEAD":
            self._send("405 Method Not Allowed")
        else:
            self._send(fields="Content-Encoding: gzip\r\n", body=BOMB)


def listening() -> socket.socket:
    """Return a socket that every address of 127.0.0.0/8 reaches, and nothing from outside."""
    sock = socket.socket()
    with suppress(PermissionError):  # `connection_made` drops what is not local anyway
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    sock.bind(("0.0.0.0", 0))
    return sock


def contexts() -> dict[str, ssl.SSLContext]:
    """Return a TLS context for each way a certificate can be wrong."""
    import trustme

    authority, end = trustme.CA(), datetime.now(UTC) - timedelta(days=30)
    certificates = {
        "tls-expired": authority.issue_cert("127.9.0.1", not_before=end - timedelta(days=60), not_after=end),
        "tls-stranger": authority.issue_cert("127.9.0.1"),
    }
    found = {name: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for name in certificates}
    for name, certificate in certificates.items():
        certificate.configure_cert(found[name])
    return found


async def serve(seconds: float) -> None:
    memory, stop = Memory(), asyncio.Event()
    loop = asyncio.get_running_loop()
    ports, servers = {}, []
    for name, context in {"http": None, **contexts()}.items():
        sock = listening()
        ports[name] = sock.getsockname()[1]
        servers.append(await loop.create_server(lambda: Far(memory), sock=sock, ssl=context, backlog=4096))
    print(json.dumps(ports), flush=True)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    for server in servers:
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve thousands of local hosts, good and bad.")
    parser.add_argument("--seconds", type=float, default=900, help="end by itself after this long (default: 900)")
    seconds = parser.parse_args().seconds
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(seconds))


if __name__ == "__main__":
    main()
