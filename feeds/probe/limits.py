"""How much a crawl may do at once, and how long."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts, and times in seconds.

    running, sockets: requests under way that are young, and in all. 300 URLs/s that take 0.6 s each are 180 under way.
    per_host: requests under way to one host. With one, the gap holds as the host sees it. A second one starts beside a
    slow first, a gap after that started: where connecting took longer for the first, they come closer (0.93 s for 1 s).
    slow: the age at which a request no longer counts among the young.
    hosts: how many are held at once; refill: URLs taken from the queue per host at a time.
    affinity: URLs asked in a row on one connection where the pace of the host permits.
    request: no request lasts longer; lease: how long a host is held beyond that without renewal.
    patience: a host that wants to be left alone for longer is left for the next run.
    hops: probes that may wait for another host at the same time.
    batch, tick: results are written when they are that many, and whenever so much time went by.
    grace: how long the last requests may take to stop when the crawl is cancelled.
    outage_pauses: when our own network seems down, the waits between looks at it; after the last the run ends.
    """

    running: int = 200
    sockets: int = 600
    per_host: int = 1
    slow: float = 0.5
    hosts: int = 5_000
    refill: int = 32
    affinity: int = 8
    request: float = 30.0
    lease: float = 120.0
    patience: float = 600.0
    hops: int = 2_000
    batch: int = 1_000
    tick: float = 0.5
    grace: float = 0.3
    outage_pauses: tuple[float, ...] = (5.0, 15.0, 45.0, 120.0)


@dataclass(frozen=True, slots=True)
class Budget:
    """When a run ends though something is left: after so many seconds, or so many URLs; None for no such end.

    When the seconds are over, requests under way are given up and their URLs stay due; after the last URL they may end.
    """

    seconds: float | None = None
    urls: int | None = None
