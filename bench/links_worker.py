"""Crawl the URLs of a file as `feeds check` would, without judging them, and print what came of it as one line of JSON.

A program of its own, so that `links.py` can measure it as a whole beside other link checkers.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from links_queue import SqliteQueue

from feeds.links.hosts import Pace
from feeds.model.link import Observation, Seen, Verdict
from feeds.probe.crawl import Crawl
from feeds.probe.limits import Limits
from feeds.probe.memory import MemoryQueue
from feeds.probe.ports import Gate, Probe, Queue, Target
from feeds.probe.progress import Progress


class Counted:
    """Results that are only counted."""

    def write(self, observations: Sequence[Observation]) -> Mapping[Verdict, int]:
        """Return what a real one would, roughly."""
        return {Verdict.OK: len(observations)}


class Numbered(MemoryQueue):
    """URLs that are made when they are asked for: a queue on disk, without the disk."""

    def __init__(self, urls: int, hosts: int) -> None:
        super().__init__()
        self._left = {f"www.host-{n}.example": urls // hosts for n in range(hosts)}
        self._due = {host: deque(maxlen=count) for host, count in self._left.items()}
        self._order = deque(self._left)

    def hosts(self, now: float, until: float, limit: int) -> Sequence:  # noqa: ARG002
        """Return the next hosts."""
        from feeds.probe.ports import HostWork

        taken = [self._order.popleft() for _ in range(min(limit, len(self._order)))]
        return [HostWork(host, self._left[host], self._state(host)) for host in taken]

    def refill(self, host: str, limit: int) -> Sequence[Target]:
        """Return the next URLs of a host."""
        first = self._left[host]
        self._left[host] = max(0, first - limit)
        return [
            Target(f"https://{host}/2026/11/21/an-article-of-usual-length-{n}.html")
            for n in range(first, self._left[host], -1)
        ]


async def null_probe(target: Target, _: int, gate: Gate) -> Observation:
    await gate(target.url)
    return Observation(target.url, Seen.ALIVE, "http-200", 200, millis=10)


def lookup(host: str) -> tuple[str, ...]:
    """Resolve f17.test to an address of its own, and let hang3.test take its time."""
    if host.startswith("hang"):
        time.sleep(20)
    number = int("".join(filter(str.isdigit, host)))
    return (f"127.3.{number // 250}.{number % 250 + 1}",)


async def crawl(args: argparse.Namespace, queue: Queue, results: object) -> Progress:
    limits = Limits(lease=args.lease, hosts=args.hosts)
    pace = Pace(start=args.pace, top=args.pace)
    make = partial(Crawl, queue, results, limits=limits, pace_of=lambda _: pace)
    if args.null:
        return await make(null_probe).run()
    from feeds.probe.one import probe_one
    from feeds.web.client import WebClient
    from feeds.web.dns import Resolver
    from feeds.web.guard import networks

    resolver = Resolver(lookup) if args.names else None
    async with WebClient("feeds-bench", allowed=networks(["127.0.0.0/8"]), resolver=resolver) as client:
        probe: Probe = partial(probe_one, client)
        return await make(probe).run()


def source(args: argparse.Namespace) -> tuple[Queue, object]:
    if args.state:
        queue = SqliteQueue(args.state, args.holder)
        if args.urls:
            queue.fill(args.urls.read_text(encoding="utf-8").split())
        return queue, queue
    if args.numbered:
        return Numbered(args.numbered, 5_000), Counted()
    return MemoryQueue(map(Target, args.urls.read_text(encoding="utf-8").split())), Counted()


def main() -> None:
    parser = argparse.ArgumentParser(description="Crawl the URLs of a file.")
    parser.add_argument("--urls", type=Path)
    parser.add_argument("--state", type=Path, help="a queue on SQLite, which several may share")
    parser.add_argument("--holder", default="one")
    parser.add_argument("--numbered", type=int, default=0, help="so many URLs on 5,000 hosts, made on the way")
    parser.add_argument("--pace", type=float, default=1e9, help="requests per second and host")
    parser.add_argument("--lease", type=float, default=120.0)
    parser.add_argument("--hosts", type=int, default=5_000, help="how many hosts are held at once (default: 5,000)")
    parser.add_argument("--null", action="store_true", help="ask nobody: every URL is alive")
    parser.add_argument("--names", action="store_true", help="hosts are names such as f1.test and hang1.test")
    args = parser.parse_args()
    queue, results = source(args)
    progress = asyncio.run(crawl(args, queue, results))
    print(
        json.dumps(
            {"checked": progress.checked, "seen": progress.seen, "seconds": progress.seconds, "end": progress.end}
        )
    )


if __name__ == "__main__":
    main()
