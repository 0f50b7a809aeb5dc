"""Names that hang, fail and come back, with a look-up of our own in real threads."""

import asyncio
import socket
from contextlib import suppress
from threading import Event

import pytest
from web import names

from feeds.web.dns import Lifetimes, Resolver, system_lookup
from feeds.web.faults import WebError
from feeds.web.threads import DaemonThreads


def resolved(resolver, hosts):
    async def one(host):
        try:
            return await resolver.addresses(host)
        except WebError as error:
            return error.code

    async def main():
        found = await asyncio.gather(*(one(host) for host in hosts))
        await resolver.close()
        return found

    return asyncio.run(main())


def counted(lookup):
    calls = []

    def look_up(host):
        calls.append(host)
        return lookup(host)

    return look_up, calls


def fails(host):
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def too_long(host):
    return host.encode("idna")


@pytest.mark.parametrize(
    ("lookup", "found"),
    [
        (names({"a.test": ["127.0.0.2", "::1"]}), ("127.0.0.2", "::1")),
        (names({"a.test": []}), "dns-nxdomain"),
        (names({}), "dns-nxdomain"),
        (fails, "dns-failure"),
    ],
)
def test_what_a_name_leads_to(lookup, found):
    assert resolved(Resolver(lookup), ["a.test"]) == [found]


def test_a_label_that_is_too_long_names_nothing():
    assert resolved(Resolver(too_long), ["a" * 64 + ".test"]) == ["dns-nxdomain"]


def test_the_system_knows_the_local_host():
    assert "127.0.0.1" in system_lookup("127.0.0.1")
    assert system_lookup("2130706433") == ("127.0.0.1",)


def test_all_who_want_a_name_at_once_ask_once():
    lookup, calls = counted(names({"a.test": ["127.0.0.2"]}))
    assert resolved(Resolver(lookup), ["a.test"] * 50) == [("127.0.0.2",)] * 50
    assert calls == ["a.test"]


@pytest.mark.parametrize(
    ("lookup", "lifetimes", "times"),
    [
        (names({"a.test": ["127.0.0.2"]}), Lifetimes(), 1),
        (names({"a.test": ["127.0.0.2"]}), Lifetimes(found=-1), 3),
        (names({}), Lifetimes(), 1),
        (names({}), Lifetimes(absent=-1), 3),
        (fails, Lifetimes(), 1),
        (fails, Lifetimes(failed=-1), 3),
    ],
)
def test_answers_are_kept_for_their_lifetime(lookup, lifetimes, times):
    lookup, calls = counted(lookup)
    resolver = Resolver(lookup, lifetimes)

    async def main():
        for _ in range(3):
            with suppress(WebError):
                await resolver.addresses("a.test")
        await resolver.close()

    asyncio.run(main())
    assert len(calls) == times


def hanging(release):
    def look_up(host):
        if host.startswith("hang"):
            release.wait()
        return ["127.0.0.2"]

    return look_up


def test_names_that_hang_delay_nobody():
    """The 600 are answered while the 12 still hang: the 12 are only released afterwards."""
    release = Event()

    async def main():
        resolver = Resolver(hanging(release))
        stuck = [asyncio.create_task(resolver.addresses(f"hang{number}.test")) for number in range(12)]
        await asyncio.sleep(0)
        found = await asyncio.gather(*(resolver.addresses(f"good{number}.test") for number in range(600)))
        assert not any(task.done() for task in stuck)
        release.set()
        assert set(await asyncio.gather(*stuck)) == {("127.0.0.2",)}
        await resolver.close()
        return found

    assert asyncio.run(main()) == [("127.0.0.2",)] * 600


def test_a_name_that_hangs_fails_in_the_end():
    release = Event()
    try:
        assert resolved(Resolver(hanging(release), Lifetimes(patience=0.05)), ["hang.test"]) == ["dns-failure"]
    finally:
        release.set()


def test_when_all_threads_hang_no_name_is_blamed_for_it():
    release = Event()
    try:
        hosts = [f"hang{number}.test" for number in range(64)]
        found = resolved(Resolver(hanging(release), Lifetimes(patience=0.2)), [*hosts, "good.test"])
        assert found == ["dns-failure"] * 64 + ["dns-busy"]
    finally:
        release.set()


def test_whoever_stops_waiting_takes_nothing_from_the_others():
    release = Event()

    async def main():
        resolver = Resolver(hanging(release))
        first = asyncio.create_task(resolver.addresses("hang.test"))
        second = asyncio.create_task(resolver.addresses("hang.test"))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        release.set()
        found = await second
        await resolver.close()
        return first.cancelled(), found

    assert asyncio.run(main()) == (True, ("127.0.0.2",))


def test_calls_given_up_still_hold_their_threads():
    """A pool that forgot them would believe a thread was free and queue the next call behind one that hangs."""
    release = Event()

    async def main():
        threads = DaemonThreads(8)
        for _ in range(3):
            threads.submit(release.wait).result.cancel()
            stuck = threads.submit(release.wait)
            while not stuck.started:
                await asyncio.sleep(0.001)
            stuck.result.cancel()
        found = await threads.submit(lambda: "done").result
        release.set()
        threads.close()
        return found

    assert asyncio.run(main()) == "done"


def test_a_closed_loop_is_not_told():
    release = Event()

    def look_up():
        release.wait()
        return "late"

    async def main():
        threads = DaemonThreads(1)
        job = threads.submit(look_up)
        while not job.started:
            await asyncio.sleep(0.001)
        return job

    job = asyncio.run(main())
    release.set()
    job.run()  # in this thread: the loop is closed, and that is no error
    assert not job.result.done()
