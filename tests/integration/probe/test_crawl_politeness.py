"""No host is asked faster than its pace or before it wants to be: real sockets, seen from the far side."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from crawling import Kept, crawl_far, targets
from far import OK, far_hosts
from links_queue import SqliteQueue

from feeds.links.hosts import HostState, Pace
from feeds.model.link import Seen
from feeds.probe.limits import Limits
from feeds.probe.memory import MemoryQueue

pytestmark = pytest.mark.slow

HOUR = 3600
FIRST, SECOND, THIRD = HOSTS = ["127.20.0.1", "127.20.0.2", "127.20.0.3"]
PROGRAM = Path(__file__).parents[2] / "support" / "crawling.py"
# Both ends read the same clock, to a microsecond; what is allowed for is the rounding of large numbers.
ROUNDING = 0.0001


def at(rate: float) -> Pace:
    return Pace(start=rate, top=rate)


def test_the_smallest_gap_of_a_host_is_never_below_its_pace():
    async def main():
        async with far_hosts(HOSTS) as far:
            urls = [far.url(host, str(n)) for host in HOSTS for n in range(6)]
            progress = await crawl_far(MemoryQueue(targets(urls)), Kept(), at(20))
        assert progress.seen == {Seen.ALIVE: 18}
        assert min(min(far.gaps(host)) for host in HOSTS) >= 1 / 20 - ROUNDING

    asyncio.run(main())


def test_a_second_request_of_the_same_probe_and_every_hop_keep_the_gap():
    async def answer(asked):
        if asked.host == FIRST:
            return "405 Method Not Allowed" if asked.method == "HEAD" else OK, ""
        if asked.host == SECOND:
            return "301 Moved Permanently", f"Location: {far.url(THIRD, asked.path)}\r\n"
        return OK, ""

    async def main():
        nonlocal far
        async with far_hosts(HOSTS, answer) as far:
            urls = [far.url(host, f"{host}/{n}") for host in HOSTS for n in range(4)]
            progress = await crawl_far(MemoryQueue(targets(urls)), Kept(), at(20))
        assert progress.seen == {Seen.ALIVE: 8, Seen.MOVED: 4}
        assert [len(far.paths(host)) for host in HOSTS] == [8, 4, 8]
        assert min(min(far.gaps(host)) for host in HOSTS) >= 1 / 20 - ROUNDING

    far = None
    asyncio.run(main())


def test_no_request_comes_before_retry_after():
    async def answer(asked):
        if asked.host == FIRST and len(far.paths(FIRST)) == 3:
            return "429 Too Many Requests", "Retry-After: 1\r\n"
        return OK, ""

    async def main():
        nonlocal far
        async with far_hosts(HOSTS, answer) as far:
            urls = [far.url(host, str(n)) for host in HOSTS for n in range(5)]
            progress = await crawl_far(MemoryQueue(targets(urls)), Kept(), at(1000))
        assert progress.seen == {Seen.ALIVE: 14, Seen.BLOCKED: 1}
        assert far.gaps(FIRST)[2] >= 1
        assert max(far.gaps(SECOND)) < 1

    far = None
    asyncio.run(main())


@pytest.mark.parametrize(("later", "asked"), [(0, 1), (HOUR - 700, 1), (HOUR + 60, 4)])
def test_a_host_that_wants_an_hour_is_left_for_a_run_after_it(later, asked, tmp_path):
    async def answer(_):
        first = len(far.asked) == 1
        return ("503 Service Unavailable", f"Retry-After: {HOUR}\r\n") if first else (OK, "")

    async def main():
        nonlocal far
        async with far_hosts([FIRST], answer) as far:
            for holder, hours in (("one", 0), ("two", later)):
                queue = SqliteQueue(tmp_path / "state", holder)
                queue.fill(far.url(FIRST, str(n)) for n in range(4))
                await crawl_far(queue, queue, at(1000), clock=lambda hours=hours: time.time() + hours)
                queue.close()
        assert len(far.asked) == asked

    far = None
    asyncio.run(main())


# --- several processes on one state


async def start(state: Path, holder: str, pace: float, lease: float) -> asyncio.subprocess.Process:
    command = [str(PROGRAM), str(state), holder, str(pace), str(lease)]
    path = os.pathsep.join(path for path in sys.path if path)
    return await asyncio.create_subprocess_exec(sys.executable, *command, env={**os.environ, "PYTHONPATH": path})


def test_two_processes_on_one_state_keep_the_gap_and_ask_each_url_once(tmp_path):
    hosts = [f"127.21.0.{n}" for n in range(1, 9)]

    async def answer(asked):
        # half of what the first hosts have leads to the last one, whoever holds that
        if asked.path.startswith("moved"):
            return "302 Found", f"Location: {far.url(hosts[-1], 'x' + asked.path)}\r\n"
        return OK, ""

    async def main():
        nonlocal far
        async with far_hosts(hosts, answer) as far:
            queue = SqliteQueue(tmp_path / "state", "test")
            queue.fill(far.url(host, f"{host}/{n}") for host in hosts for n in range(8))
            queue.fill(far.url(host, f"moved/{host}/{n}") for host in hosts[:2] for n in range(3))
            both = [await start(tmp_path / "state", holder, 20, 20) for holder in ("one", "two")]
            assert [await one.wait() for one in both] == [0, 0]
            # What met a host that the other process held is due still.
            again = await start(tmp_path / "state", "three", 20, 20)
            assert await again.wait() == 0
        assert all(queue.seen().values())
        assert min(min(far.gaps(host)) for host in hosts) >= 1 / 20 - ROUNDING
        fresh = [path for path in far.paths() if not path.startswith(("moved", "xmoved"))]
        assert len(fresh) == len(set(fresh)) == 64
        queue.close()

    far = None
    asyncio.run(main())


def test_a_killed_process_holds_its_hosts_until_its_lease_ends(tmp_path):
    async def main():
        async with far_hosts([FIRST]) as far:
            queue = SqliteQueue(tmp_path / "state", "test")
            queue.fill(far.url(FIRST, f"{n:02}") for n in range(6))
            # 0.5 s of request and as much of lease: it holds the host for a second beyond its last look
            killed = await start(tmp_path / "state", "killed", 2, 0.5)
            while len(far.asked) < 2:
                await asyncio.sleep(0.01)
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
            _, until = queue.holder_of(FIRST)
            before = len(far.asked)
            heir = SqliteQueue(tmp_path / "state", "heir")
            assert (await crawl_far(heir, heir, at(2))).checked == 0
            assert len(far.asked) == before
            while time.time() <= until:
                await asyncio.sleep(0.05)
            heir = SqliteQueue(tmp_path / "state", "another heir")
            await crawl_far(heir, heir, at(2))
        assert all(queue.seen().values())
        assert min(far.gaps(FIRST)) >= 1 / 2 - ROUNDING

    asyncio.run(main())


def test_control_c_keeps_everything(tmp_path):
    async def main():
        async with far_hosts([FIRST]) as far:
            queue = SqliteQueue(tmp_path / "state", "test")
            queue.fill(far.url(FIRST, f"{n:02}") for n in range(50))
            process = await start(tmp_path / "state", "one", 20, 20)
            while len(far.asked) < 5:
                await asyncio.sleep(0.01)
            process.send_signal(signal.SIGINT)
            await process.wait()
            asked = len(far.asked)
        kept = sum(one is not None for one in queue.seen().values())
        assert asked - 1 <= kept <= asked < 50
        assert queue.holder_of(FIRST)[1] == 0
        assert queue.state(FIRST) != HostState()

    asyncio.run(main())


def test_what_a_process_did_not_renew_is_not_its_any_more(tmp_path):
    """One that slept beyond its lease finds the host taken, and does not ask."""
    urls = [f"http://a.example/{n}" for n in range(4)]
    slept, mine = 0.0, SqliteQueue(tmp_path / "state", "mine")
    other = SqliteQueue(tmp_path / "state", "other")
    mine.fill(urls)
    asked = []

    async def probe(target, now, gate):
        nonlocal slept
        from crawling import seen

        await gate(target.url)
        asked.append(target.url)
        if len(asked) == 2:
            slept = HOUR
            assert other.lease("a.example", time.time() + slept, time.time() + 2 * HOUR) is not None
        return seen(target.url)

    from feeds.probe.crawl import Crawl

    crawl = Crawl(mine, mine, probe, clock=lambda: time.time() + slept, pace_of=lambda _: at(1000), limits=Limits())
    progress = asyncio.run(crawl.run())
    assert (len(asked), progress.checked) == (2, 2)
    assert other.holder_of("a.example")[0] == "other"
