"""How a crawl ends, and that everything seen until then is kept."""

import asyncio
import time

import pytest
from crawling import AT_ONCE, Kept, alive, crawl, seen, targets

from feeds.errors import StateError
from feeds.links.hosts import HostState, Pace
from feeds.model.link import Seen, Verdict
from feeds.probe.crawl import Crawl
from feeds.probe.limits import Budget, Limits
from feeds.probe.memory import MemoryQueue
from feeds.probe.ports import Target

HOUR = 3600


def test_an_empty_queue_is_done():
    progress, kept = crawl([])
    assert (progress.checked, progress.end, kept.batches) == (0, "done", [])


def test_results_are_written_in_batches():
    _, kept = crawl([f"http://h{n}.example/" for n in range(250)], limits=Limits(batch=100, tick=HOUR))
    assert len(kept.urls) == 250
    assert all(len(batch) < 100 + Limits().running for batch in kept.batches)
    assert len(kept.batches[0]) >= 100


def test_cancelled_it_keeps_what_it_saw_and_gives_its_hosts_up():
    kept, queue = Kept(), MemoryQueue(targets(f"http://h{n}.example/" for n in range(20)))
    started = 0

    async def probe(target, now, gate):
        nonlocal started
        await gate(target.url)
        started += 1
        if target.url in ("http://h3.example/", "http://h4.example/"):
            await asyncio.sleep(HOUR)
        return seen(target.url)

    async def main():
        crawl_ = Crawl(queue, kept, probe, limits=Limits(tick=HOUR), pace_of=lambda _: AT_ONCE)
        run = asyncio.create_task(crawl_.run())
        while started < 20:
            await asyncio.sleep(0)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert len(asyncio.all_tasks()) == 1
        return crawl_.progress()

    progress = asyncio.run(main())
    assert (progress.checked, progress.end, len(kept.urls)) == (18, "stopped", 18)
    assert len(queue.states) == 20


def test_the_seconds_of_a_budget_end_it_whatever_hangs():
    async def probe(target, now, gate):
        await gate(target.url)
        if target.url.startswith("http://hangs"):
            await asyncio.sleep(HOUR)
        return seen(target.url)

    urls = ["http://hangs.example/", "http://fine.example/"]
    progress, kept = crawl(urls, probe, budget=Budget(seconds=0.2))
    assert (progress.end, kept.urls) == ("budget", ["http://fine.example/"])


def test_an_error_of_a_probe_concerns_one_url():
    async def probe(target, now, gate):
        await gate(target.url)
        if target.url == "http://h3.example/":
            raise ZeroDivisionError("a fault of ours")
        return seen(target.url)

    kept = Kept()
    with pytest.raises(ExceptionGroup) as raised:
        crawl([f"http://h{n}.example/" for n in range(9)], probe, results=kept)
    [error] = raised.value.exceptions
    assert (type(error), error.__notes__) == (ZeroDivisionError, ["http://h3.example/"])
    assert len(kept.urls) == 8


def test_an_error_of_the_state_ends_the_run():
    class Broken(Kept):
        def write(self, observations):
            raise StateError("the disk is full")

    with pytest.raises(StateError, match="disk is full"):
        crawl(["http://a.example/"], results=Broken())


def test_a_state_that_fails_on_the_way_of_a_probe_ends_the_run():
    class Broken(MemoryQueue):
        def lease(self, host, now, until):
            raise StateError("locked")

    async def probe(target, now, gate):
        await gate(target.url)
        await gate("http://elsewhere.example/")

    with pytest.raises(StateError, match="locked"):
        crawl([], probe, queue=Broken(targets(["http://a.example/"])))


@pytest.mark.parametrize(
    "state",
    [
        HostState(parked_until=time.time() + HOUR),
        HostState(next_at=time.time() + HOUR),
        HostState(outages=1, canary_at=time.time() + HOUR),
    ],
)
def test_a_host_to_be_left_alone_for_long_is_left_for_the_next_run(state):
    urls = ["http://parked.example/1", "http://fine.example/"]
    queue = MemoryQueue(targets(urls), {"parked.example": state})
    progress, kept = crawl([], queue=queue)
    assert (progress.end, kept.urls) == ("done", ["http://fine.example/"])
    queue = MemoryQueue(targets(urls), {"parked.example": state})
    progress, kept = crawl([], queue=queue, clock=lambda: time.time() + HOUR + 1)
    assert sorted(kept.urls) == ["http://fine.example/", "http://parked.example/1"]


def test_a_url_whose_way_leads_through_a_host_left_alone_stays_due():
    async def probe(target, now, gate):
        await gate(target.url)
        await gate("http://parked.example/")
        return seen(target.url)

    queue = MemoryQueue(targets(["http://a.example/"]), {"parked.example": HostState(parked_until=time.time() + HOUR)})
    progress, kept = crawl([], probe, queue=queue)
    assert (progress.postponed, progress.checked, kept.urls) == (1, 0, [])


def test_a_host_that_most_fail_on_is_down_and_what_holds_for_all_is_said_of_all():
    asked = []

    async def probe(target, now, gate):
        await gate(target.url)
        asked.append(target.url)
        if "gone" in target.url:
            return seen(target.url, Seen.NO_HOST, "dns-nxdomain", 0)
        return seen(target.url)

    gone = [f"http://gone.example/{n}" for n in range(300)]
    queue = MemoryQueue(targets([*gone, *(f"http://h{n}.example/{n}" for n in range(60))]))
    progress, kept = crawl([], probe, queue=queue)
    assert sum("gone" in url for url in asked) == 5
    assert sum("gone" in url for url in kept.urls) == 300
    assert progress.seen == {Seen.NO_HOST: 300, Seen.ALIVE: 60}
    assert queue.states["gone.example"].is_down


def test_a_host_that_is_down_for_reasons_of_its_pages_is_asked_no_more():
    async def probe(target, now, gate):
        await gate(target.url)
        return seen(target.url, Seen.TRANSIENT, "http-500", 500) if "down" in target.url else seen(target.url)

    urls = [f"http://down.example/{n}" for n in range(30)] + [f"http://h{n}.example/" for n in range(30)]
    progress, _ = crawl(urls, probe)
    assert progress.seen == {Seen.TRANSIENT: 5, Seen.ALIVE: 30}


# --- our own outage


def failing(names):
    async def probe(target, now, gate):
        await gate(target.url)
        if any(name in target.url for name in names):
            return seen(target.url, Seen.TRANSIENT, "connect-timeout", 0)
        return seen(target.url)

    return probe


URLS = [f"http://h{n}.example/" for n in range(40)]
QUICK = Limits(outage_pauses=(0.01, 0.01))


def test_a_resolver_that_is_down_judges_nobody():
    progress, kept = crawl(URLS, failing(["/h"]), limits=QUICK)
    assert (progress.end, kept.urls, progress.discarded) == ("offline", [], 40)


def test_where_controls_answer_the_failures_are_theirs():
    progress, kept = crawl(URLS, failing(["/h"]), limits=QUICK, controls=[Target("http://control.example/")])
    assert (progress.end, sorted(kept.urls)) == ("done", sorted(URLS))


def test_after_an_outage_it_goes_on():
    asked = 0

    async def probe(target, now, gate):
        nonlocal asked
        await gate(target.url)
        asked += 1
        return seen(target.url) if asked > 10 else seen(target.url, Seen.NO_HOST, "dns-nxdomain", 0)

    limits = Limits(running=2, outage_pauses=(0.01,) * 20)
    progress, kept = crawl(URLS, probe, limits=limits, controls=[Target("http://control.example/")])
    assert progress.end == "done"
    assert len(kept.urls) + progress.discarded == 40
    assert progress.seen == {Seen.ALIVE: len(kept.urls)}
    assert len(kept.urls) >= 30


# --- what is shown


def test_the_progress_says_who_waits_and_why():
    moments = []
    now = time.time()
    states = {
        "parked.example": HostState(parked_until=now + 500),
        "down.example": HostState(outages=2, canary_at=now + 400),
    }

    async def probe(target, now, gate):
        await gate(target.url)
        if "hangs" in target.url:
            await asyncio.sleep(HOUR)
        return seen(target.url)

    hosts = ["parked", "down", "hangs", "paced", "paced", "paced", "paced"]
    queue = MemoryQueue(targets(f"http://{host}.example/{n}" for n, host in enumerate(hosts)), states)
    crawled = Crawl(queue, Kept(), probe, budget=Budget(seconds=0.6), limits=Limits(tick=0.1), watch=moments.append)
    asyncio.run(crawled.run())
    last = moments[-1]
    assert last.waiting == {"parked": 1, "down": 1, "asked": 1, "pace": 1}
    assert (last.checked, last.left, last.seen, last.verdicts) == (1, 5, {Seen.ALIVE: 1}, {Verdict.OK: 1})
    assert [(one.host, one.why) for one in last.longest[:2]] == [("parked.example", "parked"), ("down.example", "down")]
    assert last.longest[0].seconds > 400
    assert last.seconds_left > 400


def test_the_pace_of_a_host_survives_the_run():
    queue = MemoryQueue(targets(f"http://a.example/{n}" for n in range(21)))
    crawl([], alive, Pace(start=1000, step=500, top=5000), queue=queue)
    assert queue.states["a.example"].rate == 1500


def test_a_crawl_delay_is_kept_once_it_is_known():
    queue = MemoryQueue(targets(f"http://{host}.example/{n}" for host in "ab" for n in range(3)))
    delays = {"http://a.example/0": 400.0}
    progress, kept = crawl(
        [], alive, Pace(start=1000), queue=queue, delay_of=lambda url: delays.get(url, 0.0), budget=Budget(seconds=0.3)
    )
    # no more than a minute is waited, whatever robots.txt says
    assert (queue.states["a.example"].delay, queue.states["b.example"].delay) == (60.0, 0.0)
    assert sorted(kept.urls) == ["http://a.example/0", *(f"http://b.example/{n}" for n in range(3))]
    assert progress.seconds_left > 60
