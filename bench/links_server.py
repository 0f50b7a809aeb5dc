"""A server that is thousands of hosts on 127.0.0.0/8, each as good or as bad as its path says, and that remembers who
asked when.

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
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

BOMB = gzip.compress(bytes(10_000_000))
EARLY = 0.02  # a timer may fire a little before its time


class Memory:
    """When which host was asked: enough to tell the smallest gap, and who came before Retry-After."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.requests = 0
        self.last: dict[str, float] = {}
        self.gaps: dict[str, float] = {}
        self.parked: dict[str, float] = {}
        self.too_early = 0
        self.kinds: dict[str, list[float]] = {}

    def asked(self, host: str, kind: str, now: float) -> None:
        self.requests += 1
        if host in self.last:
            self.gaps[host] = min(self.gaps.get(host, now), now - self.last[host])
        self.last[host] = now
        self.too_early += now < self.parked.get(host, 0.0) - EARLY
        self.kinds.setdefault(kind, []).append(now)

    def report(self) -> dict[str, object]:
        arrivals = {kind: {"count": len(t), "first": t[0], "last": t[-1]} for kind, t in self.kinds.items()}
        gap = min(self.gaps.values(), default=None)
        return {
            "requests": self.requests,
            "hosts": len(self.last),
            "smallest_gap": gap,
            "too_early": self.too_early,
            "kinds": arrivals,
        }


class Far(asyncio.Protocol):
    """One connection. Answers in order; a request while another is being answered is not expected."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.transport: asyncio.Transport
        self.received = b""
        self.host = ""
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]
        if not self.host.startswith("127."):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.timer:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            self.answer(method, path)

    def answer(self, method: str, path: str) -> None:
        words = path.split("?")[0].split("/")[1:]
        kind = words[0]
        if kind in ("report", "forget"):
            getattr(self, kind)()
            return
        now = time.monotonic()
        self.memory.asked(self.host, kind, now)
        getattr(self, "do_" + kind, self.do_missing)(method, words, now)

    def send(self, method: str, status: str, fields: str = "", body: bytes = b"ok") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
        self.transport.write(head.encode() + (b"" if method == "HEAD" else body))

    def report(self) -> None:
        self.send("GET", "200 OK", body=json.dumps(self.memory.report()).encode())

    def forget(self) -> None:
        self.memory.forget()
        self.send("GET", "200 OK")

    def later(self, seconds: float, method: str, status: str = "200 OK") -> None:
        self.timer = asyncio.get_running_loop().call_later(seconds, self.send, method, status)

    def do_missing(self, method: str, words: list[str], now: float) -> None:
        self.send(method, "404 Not Found")

    def do_fast(self, method: str, words: list[str], now: float) -> None:
        self.send(method, "200 OK")

    def do_gone(self, method: str, words: list[str], now: float) -> None:
        self.send(method, "410 Gone")

    def do_slow(self, method: str, words: list[str], now: float) -> None:
        self.later(float(words[1]), method)

    def do_hang(self, method: str, words: list[str], now: float) -> None:
        self.later(60, method)

    def do_head405(self, method: str, words: list[str], now: float) -> None:
        self.send(method, "405 Method Not Allowed" if method == "HEAD" else "200 OK")

    def do_loop(self, method: str, words: list[str], now: float) -> None:
        self.send(method, "302 Found", f"Location: /{'/'.join(words)}\r\n")

    def do_hop(self, method: str, words: list[str], now: float) -> None:
        port = self.transport.get_extra_info("sockname")[1]
        self.send(method, "301 Moved Permanently", f"Location: http://{words[1]}:{port}/fast/{words[-1]}\r\n")

    def do_later(self, method: str, words: list[str], now: float) -> None:
        seconds = float(words[1])
        if now >= self.memory.parked.get(self.host, 0.0) > 0.0:
            self.send(method, "200 OK")
        else:
            # Whole seconds: the sender of the header counts from when it sent it, the reader from when it came.
            self.memory.parked.setdefault(self.host, now + seconds)
            self.send(method, "429 Too Many Requests", f"Retry-After: {seconds:.0f}\r\n")

    def do_reset(self, method: str, words: list[str], now: float) -> None:
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def do_drip(self, method: str, words: list[str], now: float) -> None:
        self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000)

    def drip(self, left: bytes) -> None:
        if left and not self.transport.is_closing():
            self.transport.write(left[:1])
            self.timer = asyncio.get_running_loop().call_later(0.5, self.drip, left[1:])

    def do_endless(self, method: str, words: list[str], now: float) -> None:
        if method == "HEAD":
            self.send(method, "405 Method Not Allowed")
        else:
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            self.pour()

    def pour(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(bytes(16_384))
            self.timer = asyncio.get_running_loop().call_later(0.001, self.pour)

    def do_bomb(self, method: str, words: list[str], now: float) -> None:
        if method == "HEAD":
            self.send(method, "405 Method Not Allowed")
        else:
            self.send(method, "200 OK", "Content-Encoding: gzip\r\n", BOMB)


def listening(port: int) -> socket.socket:
    """Return a socket that every address of 127.0.0.0/8 reaches, and nothing from outside."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with suppress(PermissionError):  # `connection_made` drops what is not local anyway
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    sock.bind(("0.0.0.0", port))
    sock.listen(4096)
    return sock


def contexts() -> dict[str, ssl.SSLContext]:
    """Return a TLS context for each way a certificate can be wrong; none without trustme."""
    try:
        import trustme
    except ImportError:
        return {}
    authority = trustme.CA()
    past = datetime.now(UTC) - timedelta(days=30)
    certificates = {
        "tls-expired": authority.issue_cert("127.9.0.1", not_before=past - timedelta(days=60), not_after=past),
        "tls-host": authority.issue_cert("elsewhere.example"),
    }
    found = {}
    for name, certificate in certificates.items():
        found[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(found[name])
    return found


async def serve(seconds: float) -> None:
    memory = Memory()
    loop = asyncio.get_running_loop()
    ports, servers = {}, []
    for name, context in {"http": None, **contexts()}.items():
        sock = listening(0)
        ports[name] = sock.getsockname()[1]
        servers.append(await loop.create_server(lambda: Far(memory), sock=sock, ssl=context, backlog=4096))
    print(json.dumps(ports), flush=True)
    stop = asyncio.Event()
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
    sys.exit(0)


if __name__ == "__main__":
    main()
