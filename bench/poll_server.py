"""A server that is a thousand hosts on 127.0.0.0/8 with a feed of 200 entries at every `/feed/NUMBER`.

It must never be reached from another machine, and never outlive its `--seconds`.

    python bench/poll_server.py --seconds 600      prints its port, then serves

    /feed/NUMBER         RSS 2.0, packed by gzip, with an ETag; 304 to whoever has it
    /version/NUMBER      from now on every twentieth feed has ten entries more per version, and as many old ones less
    /report              how many answers of each status it gave since the last report, as JSON
"""

import argparse
import asyncio
import gzip
import json
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from email.utils import formatdate
from html import escape
from random import Random

from links_server import listening

ENTRIES, NEW, SHARE = 200, 10, 20
GAP = 6 * 3_600
ONSETS = ("b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "st", "tr")
ENDS = ("a", "e", "i", "o", "u", "an", "er", "it", "ok", "ush")
SYLLABLES = tuple(onset + end for onset in ONSETS for end in ENDS)
ETAG = re.compile(rb"\r\nif-none-match: ([^\r]*)", re.IGNORECASE)
LAST_MODIFIED = "Sat, 21 Nov 2026 00:00:00 GMT"


def words(dice: Random, count: int) -> list[str]:
    """Return invented words of two syllables and three; the square of a die makes some of them frequent."""
    found = []
    for _ in range(count):
        number = int(dice.random() ** 2 * 40_000)
        last = SYLLABLES[number // 40_000] if number % 3 else SYLLABLES[number % 200]
        found.append(SYLLABLES[number % 200] + SYLLABLES[number // 200 % 200] + last)
    return found


def item(source: int, number: int, since: int) -> str:
    """Return an entry as a publisher writes it: some 900 bytes, HTML in its description, a picture."""
    dice = Random(source * 1_000_003 + number)
    title, text = words(dice, dice.randint(6, 10)), words(dice, 40)
    page = f"https://www.n{source}.example/{'-'.join(title)}-{number}/"
    html = (
        f'<p>{" ".join(text[:20])} <a href="{page}?utm_source=rss&amp;x=1">{text[20]}</a>. {" ".join(text[21:])}.</p>'
    )
    date = since - (ENTRIES - number) * GAP if number < ENTRIES else since - 3_600 + (number - ENTRIES) * 60
    return (
        f"<item><title>{' '.join(title).capitalize()}</title><link>{page}</link>"
        f'<guid isPermaLink="false">tag:n{source}.example,2026:{number}</guid>'
        f"<dc:creator>{text[0].capitalize()} {text[1].capitalize()}</dc:creator><pubDate>{formatdate(date)}</pubDate>"
        f"<category>{text[2]}</category><category>{text[3]}</category><description>{escape(html)}</description>"
        f'<media:content url="https://cdn.n{source}.example/{number}.jpg" medium="image" width="1200" height="675"/>'
        "</item>"
    )


def feed(source: int, version: int, since: int) -> bytes:
    """Return a feed, the newest entry first."""
    newest = ENTRIES + NEW * version
    items = "\n".join(item(source, number, since) for number in reversed(range(newest - ENTRIES, newest)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>News {source}</title><link>https://www.n{source}.example/</link>"
        "<description>All the news</description>"
        f"<language>en</language><ttl>30</ttl>{items}</channel></rss>"
    ).encode()


class Feeds:
    """What is served, and how often each status was sent."""

    def __init__(self) -> None:
        self.version = 0
        self.since = int(time.time())
        self.sent: Counter[str] = Counter()

    def version_of(self, source: int) -> int:
        """Return how often a feed has changed."""
        return self.version if source % SHARE == 0 else 0

    def report(self) -> bytes:
        """Return the counts, and forget them."""
        counts, self.sent = self.sent, Counter()
        return json.dumps(counts).encode()


class Far(asyncio.Protocol):
    """One connection, whose requests come one after the other."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection from this machine, and no other."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("sockname")[0].startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer each request as its path says."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            kind, _, number = head.split(b" ", 2)[1].decode("latin-1")[1:].partition("/")
            if kind == "feed":
                self._feed(int(number), ETAG.search(head))
            elif kind == "version":
                self._feeds.version = int(number)
                self._send("200 OK", b"ok")
            else:
                self._send("200 OK", self._feeds.report())

    def _feed(self, source: int, held: re.Match[bytes] | None) -> None:
        version = self._feeds.version_of(source)
        etag = f'"{source}.{version}"'
        fields = f"ETag: {etag}\r\nLast-Modified: {LAST_MODIFIED}\r\nCache-Control: max-age=300\r\n"
        same = held is not None and held[1] == etag.encode()
        self._feeds.sent["304" if same else "200"] += 1
        if same:
            self._transport.write(f"HTTP/1.1 304 Not Modified\r\n{fields}\r\n".encode())
            return
        body = gzip.compress(feed(source, version, self._feeds.since), 1)
        self._send("200 OK", body, fields + "Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\n")

    def _send(self, status: str, body: bytes, fields: str = "") -> None:
        self._transport.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body)


async def serve(seconds: float) -> None:
    feeds, stop, sock = Feeds(), asyncio.Event(), listening()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Far(feeds), sock=sock, backlog=4096)
    print(sock.getsockname()[1], flush=True)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve thousands of local feeds.")
    parser.add_argument("--seconds", type=float, default=7_200, help="end by itself after this long (default: 7,200)")
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().seconds))


if __name__ == "__main__":
    main()
