"""Who waits for whom: nothing that is slow, parked or on its way holds up anything else."""

import asyncio
from dataclasses import replace

import pytest
from crawling import alive, crawl, seen, targets

from feeds.links.hosts import Pace
from feeds.probe.limits import Limits
from feeds.probe.memory import MemoryQueue

LIMITS = Limits(running=4, slow=0.05)


def test_more_hanging_urls_than_slots_do_not_hold_up_the_others():
    slow = [f"http://slow{n}.example/" for n in range(12)]
    fast = [f"http://fast{n}.example/" for n in range(40)]
    answered = 0

    async def probe(target, now, gate):
        nonlocal answered
        await gate(target.url)
        if "slow" in target.url:
            while answered < len(fast):  # they end when all others have been asked, and else never
                await asyncio.sleep(0.01)
        else:
            answered += 1
        return seen(target.url)

    progress, kept = crawl(slow + fast, probe, limits=LIMITS)
    assert progress.checked == 52
    assert set(kept.urls) == {*slow, *fast}


def test_where_a_host_may_have_two_a_hanging_url_does_not_hold_up_the_others_of_its_host():
    order = [f"http://one.example/{n}" for n in range(6)]
    others_done = asyncio.Event()
    under_way = most = 0

    async def probe(target, now, gate):
        nonlocal under_way, most
        await gate(target.url)
        under_way += 1
        most = max(most, under_way)
        if target.url == order[0]:
            await others_done.wait()
        elif target.url == order[-1]:
            others_done.set()
        under_way -= 1
        return seen(target.url)

    _, kept = crawl(order, probe, limits=replace(LIMITS, per_host=2))
    assert kept.urls[-1] == order[0]
    assert most == 2


def test_otherwise_a_host_has_one_request_at_a_time_however_long_that_takes():
    under_way = most = 0

    async def probe(target, now, gate):
        nonlocal under_way, most
        await gate(target.url)
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        return seen(target.url)

    progress, _ = crawl([f"http://one.example/{n}" for n in range(3)], probe, limits=replace(LIMITS, slow=0.01))
    assert (progress.checked, most) == (3, 1)


def test_no_more_sockets_than_allowed_are_open_however_slow_all_are():
    under_way = most = 0

    async def probe(target, now, gate):
        nonlocal under_way, most
        await gate(target.url)
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        return seen(target.url)

    crawl([f"http://h{n}.example/" for n in range(30)], probe, limits=Limits(running=4, sockets=10, slow=0.01))
    assert most == 10


def test_probes_that_wait_for_another_host_hold_no_slot():
    moved = [f"http://old{n}.example/" for n in range(8)]
    fast = [f"http://fast{n}.example/" for n in range(20)]
    order = []

    async def probe(target, now, gate):
        await gate(target.url)
        if "old" in target.url:
            await gate("http://new.example/")
        order.append(target.url)
        return seen(target.url)

    # new.example lets itself be asked ten times a second: seven of eight must wait for it
    progress, _ = crawl(moved + fast, probe, Pace(start=10, top=10), limits=Limits(running=2))
    assert progress.checked == 28
    assert set(order[-6:]) < set(moved)


def test_a_hop_goes_before_fresh_urls_of_its_host():
    fresh = [f"http://new.example/{n}" for n in range(5)]
    order = []

    async def probe(target, now, gate):
        await gate(target.url)
        if target.url == "http://old.example/":
            await gate("http://new.example/moved")
        order.append(target.url)
        return seen(target.url)

    crawl(["http://old.example/", *fresh], probe, Pace(start=20, top=20))
    assert order.index("http://old.example/") == 1


def test_a_url_is_asked_once_however_often_it_is_put_in():
    _, kept = crawl(["http://a.example/x", "http://a.example/y", "http://a.example/x"])
    assert sorted(kept.urls) == ["http://a.example/x", "http://a.example/y"]


def test_the_fullest_hosts_begin():
    urls = ["http://one.example/1", *(f"http://three.example/{n}" for n in range(3)), "http://two.example/1"]
    _, kept = crawl([*urls, "http://two.example/2"], limits=Limits(running=1))
    assert [url[7:11] for url in kept.urls[:2]] == ["thre", "thre"]


def test_hosts_beyond_what_may_be_held_come_later():
    urls = [f"http://h{n % 10}.example/{n}" for n in range(50)]
    progress, kept = crawl(urls, limits=Limits(hosts=2, refill=2))
    assert sorted(kept.urls) == sorted(urls)
    assert progress.end == "done"


def test_a_url_that_is_refused_before_any_request_costs_its_host_no_gap():
    async def probe(target, now, gate):
        return seen(target.url, "refused", "url-port", 0)

    # with gaps this would take a quarter of an hour
    progress, _ = crawl([f"http://a.example:25/{n}" for n in range(1000)], probe, Pace())
    assert progress.checked == 1000


@pytest.mark.parametrize(("first", "second"), [(0, 10), (7, 3), (9, 1), (10, 0)])
def test_what_one_run_left_the_next_one_finds(first, second):
    from feeds.probe.limits import Budget

    queue = MemoryQueue(targets(f"http://h{n % 3}.example/{n}" for n in range(10)))
    progress, kept = crawl([], alive, queue=queue, budget=Budget(urls=first), limits=Limits(refill=1))
    assert (progress.checked, progress.end) == (first, "budget")
    assert len(kept.urls) == first
