"""Crawls for tests: of a queue in memory with a probe that a test gives, or of local hosts with the real one.

As a program it crawls an SQLite queue with the real client: `crawling.py STATE HOLDER PACE LEASE`.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from feeds.links.hosts import Pace
from feeds.model.link import Observation, Seen, Verdict
from feeds.probe.crawl import Crawl
from feeds.probe.limits import Limits
from feeds.probe.memory import MemoryQueue
from feeds.probe.one import probe_one
from feeds.probe.ports import Gate, Target
from feeds.probe.progress import Progress
from feeds.web.client import WebClient
from feeds.web.guard import networks

AT_ONCE = Pace(start=1e9, top=1e9)


@dataclass
class Kept:
    """Results that are kept in a list, in batches."""

    batches: list[list[Observation]] = field(default_factory=list)

    def write(self, observations: Sequence[Observation]) -> Mapping[Verdict, int]:
        self.batches.append(list(observations))
        return {Verdict.OK: len(observations)}

    @property
    def urls(self) -> list[str]:
        return [observation.url for batch in self.batches for observation in batch]


def seen(url: str, what: Seen = Seen.ALIVE, reason: str = "", status: int = 200, **more: Any) -> Observation:
    return Observation(url, what, reason, status, millis=1, **more)


async def alive(target: Target, now: int, gate: Gate) -> Observation:
    await gate(target.url)
    return seen(target.url)


def targets(urls: Iterable[str]) -> list[Target]:
    return [Target(url) for url in urls]


def crawl(urls: Iterable[str], probe: Any = alive, pace: Pace = AT_ONCE, **options: Any) -> tuple[Progress, Kept]:
    """Crawl URLs from a queue in memory; returns how far it came and what it wrote."""
    kept = options.pop("results", None) or Kept()
    queue = options.pop("queue", None) or MemoryQueue(targets(urls))
    return asyncio.run(Crawl(queue, kept, probe, pace_of=lambda _: pace, **options).run()), kept


def client() -> WebClient:
    return WebClient("feeds-test", allowed=networks(["127.0.0.0/8"]))


async def crawl_far(queue: Any, results: Any, pace: Pace = AT_ONCE, **options: Any) -> Progress:
    """Crawl hosts on the loopback interface with the real client."""
    async with client() as web:
        return await Crawl(queue, results, partial(probe_one, web), pace_of=lambda _: pace, **options).run()


def main(state: str, holder: str, pace: str, lease: str) -> None:
    from links_queue import SqliteQueue

    queue = SqliteQueue(Path(state), holder)
    limits = Limits(hosts=4, request=float(lease), lease=float(lease))
    fixed = Pace(start=float(pace), top=float(pace))
    asyncio.run(crawl_far(queue, queue, fixed, limits=limits))


if __name__ == "__main__":
    main(*sys.argv[1:])
