"""Ten thousand polite subscribers: each asks for its feed again and again, with the validators it was given.

Every 200 is checked: its ETag must be the digest of its bytes, and what it unpacks to must parse. All else is torn.

    python bench/serve_readers.py --base http://127.0.0.1:8000/ --readers 10000 --seconds 60 --every 20
"""

import argparse
import asyncio
import gzip
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from statistics import quantiles
from urllib.parse import urlsplit

from lxml import etree

TIMEOUT = 10.0


@dataclass(slots=True)
class Reader:
    """One subscriber: which feed it reads, and what it remembers of it."""

    path: str
    etag: str = ""
    modified: str = ""

    def request(self) -> bytes:
        """Return its next request."""
        lines = [f"GET {self.path} HTTP/1.1", "Host: feeds.example.org", "User-Agent: bench", "Accept-Encoding: gzip"]
        if self.etag:
            lines += [f"If-None-Match: {self.etag}", f"If-Modified-Since: {self.modified}"]
        return "\r\n".join((*lines, "Connection: close", "", "")).encode()


class Crowd:
    """All subscribers of one server, and what came back."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.seen: Counter[str] = Counter()
        self.waits: list[float] = []

    async def live(self, reader: Reader, first: float, every: float, end: float) -> None:
        """Ask for one feed, first after `first` seconds, then every `every` until `end`."""
        await asyncio.sleep(first)
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(TIMEOUT):
                    what = self.judged(reader, *await self.ask(reader.request()))
            except (OSError, TimeoutError, ValueError) as error:
                what = f"error {type(error).__name__}"
            self.seen[what] += 1
            self.waits.append(time.monotonic() - begun)
            await asyncio.sleep(max(0.0, begun + every - time.monotonic()))

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Return status, fields and body."""
        stream, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(request)
            head, _, body = (await stream.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return int(first.split(" ")[1]), fields, body

    def judged(self, reader: Reader, status: int, fields: dict[str, str], body: bytes) -> str:
        """Return what kind of answer this was; keep its validators."""
        if status == 200:
            if is_torn(reader.path, fields, body):
                return "torn"
            reader.etag, reader.modified = fields["etag"], fields.get("last-modified", "")
        elif status == 304 and (body or fields.get("etag") != reader.etag):
            return "304 without its validators"
        return str(status)


def is_torn(path: str, fields: dict[str, str], body: bytes) -> bool:
    """Tell whether this body is not the one of its tag, or does not parse."""
    if fields["etag"] != f'"{blake2b(body, digest_size=12).hexdigest()}"' or len(body) != int(fields["content-length"]):
        return True
    try:
        text = gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body
        json.loads(text) if path.endswith(".json") else etree.fromstring(text)
    except (ValueError, OSError, EOFError, etree.XMLSyntaxError):
        return True
    return False


async def crowd(base: str, readers: int, seconds: float, every: float) -> dict[str, object]:
    """Return what all of them saw."""
    place = urlsplit(base)
    crowd = Crowd(place.hostname or "", place.port or 80)
    catalogue = await crowd.ask(Reader("/feeds.json").request().replace(b"Accept-Encoding: gzip\r\n", b""))
    keys = [feed["key"] for feed in json.loads(catalogue[2])["feeds"]]
    dice = random.Random(1)
    paths = [f"/{dice.choice(['all', *keys])}.{dice.choice(['rss', 'rss', 'atom', 'json'])}" for _ in range(readers)]
    end = time.monotonic() + seconds
    await asyncio.gather(*(crowd.live(Reader(path), dice.uniform(0, every), every, end) for path in paths))
    cuts = [round(1000 * cut, 1) for cut in quantiles(crowd.waits, n=1000)]
    return {
        "seen": dict(sorted(crowd.seen.items())),
        "ms": {"median": cuts[499], "99 %": cuts[989], "99.9 %": cuts[998]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=20.0)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(crowd(given.base, given.readers, given.seconds, given.every))))


if __name__ == "__main__":
    main()
