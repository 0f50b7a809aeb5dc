"""Nothing but public addresses is ever connected to, however it is asked for."""

import asyncio

import pytest
from web import LOOPBACK, answer, page, serving, web_client

from feeds.model.link import Seen
from feeds.probe.one import probe_one
from feeds.probe.ports import Target
from feeds.web.dns import Lifetimes
from feeds.web.guard import networks

# One address of the loopback network is open and stands for the public internet; the rest of it is private.
OPEN = networks(["127.0.0.2/32"])


async def let(url: str) -> None:
    """Let every request pass."""


@pytest.mark.parametrize(
    ("host", "error"),
    [
        ("127.0.0.9", "address-loopback"),
        ("127.9", "address-loopback"),
        ("0x7f.0.0.9", "address-loopback"),
        ("0x7f000009", "address-loopback"),
        ("017700000011", "address-loopback"),
        ("2130706441", "address-loopback"),
        ("[::ffff:127.0.0.9]", "address-loopback"),
        ("[::ffff:7f00:9]", "address-loopback"),
        ("[64:ff9b::7f00:9]", "address-loopback"),
        ("[2002:7f00:9::]", "address-loopback"),
        ("[::1]", "address-loopback"),
        ("0", "address-unspecified"),
        ("0.0.0.0", "address-unspecified"),
        ("169.254.169.254", "address-link-local"),
        ("10.0.0.1", "address-private"),
        ("private.test", "address-loopback"),
        ("both.test", "address-loopback"),
        ("six.test", "address-private"),
    ],
)
def test_private_hosts_are_refused_in_every_disguise(host, error):
    async def main():
        known = {"private.test": ["127.0.0.9"], "both.test": ["127.0.0.2", "127.0.0.9"], "six.test": ["fd00::1"]}
        # What the system makes of hexadecimal and octal hosts, as inet_aton reads them.
        known |= {name: ["127.0.0.9"] for name in ("127.9", "0x7f.0.0.9", "0x7f000009", "017700000011", "2130706441")}
        known["0"] = ["0.0.0.0"]
        async with serving({"*": answer()}, "127.0.0.9") as site, web_client(known, allowed=OPEN) as client:
            return (await client.request("GET", f"http://{host}:{site.port}/")).error, site.connections

    assert asyncio.run(main()) == (error, 0)


@pytest.mark.parametrize("location", ["http://127.0.0.9:{port}/", "http://2130706441:{port}/", "//inside.test:{port}/"])
def test_a_redirect_to_a_private_host_is_not_followed(location):
    async def main():
        async with serving({"*": answer()}, "127.0.0.9") as inside:
            pages = {"*": page(302, Location=location.format(port=inside.port))}
            known = {"outside.test": ["127.0.0.2"], "inside.test": ["127.0.0.9"]}
            async with serving(pages) as outside, web_client(known, allowed=OPEN) as client:
                seen = await probe_one(client, Target(outside.url("/a", "outside.test")), 0, let)
                return seen, inside.connections

    seen, connections = asyncio.run(main())
    assert (seen.seen, seen.reason, connections) == (Seen.REFUSED, "address-loopback", 0)


def test_a_name_that_changes_its_mind_is_checked_again():
    """DNS rebinding: public when asked first, private the next time. Every answer is checked, and used as checked."""

    async def main():
        known = {"rebind.test": ["127.0.0.2"]}
        forgetful = Lifetimes(found=-1.0)
        async with (
            serving({"*": answer(Connection="close")}) as outside,
            serving({"*": answer()}, "127.0.0.9", outside.port) as inside,
            web_client(known, allowed=OPEN, lifetimes=forgetful) as client,
        ):
            first = await client.request("GET", outside.url("/", "rebind.test"))
            known["rebind.test"] = ["127.0.0.9"]
            second = await client.request("GET", outside.url("/", "rebind.test"))
            return first.status, first.address, second.error, inside.connections

    assert asyncio.run(main()) == (200, "127.0.0.2", "address-loopback", 0)


def test_each_connection_looks_up_once():
    """The address that was checked is the one connected to: a second look-up could bring another."""
    looked_up = []

    class Counting(dict):
        def __getitem__(self, name):
            looked_up.append(name)
            return super().__getitem__(name)

    async def main():
        known = Counting({"once.test": ["127.0.0.2"]})
        async with (
            serving({"*": answer(Connection="close")}) as site,
            web_client(known, allowed=OPEN, lifetimes=Lifetimes(found=-1.0)) as client,
        ):
            await client.request("GET", site.url("/", "once.test"))
            await client.request("GET", site.url("/", "once.test"))

    asyncio.run(main())
    assert looked_up == ["once.test", "once.test"]


def test_what_is_opened_is_open():
    async def main():
        async with serving({"*": answer()}, "127.0.0.9") as site, web_client(allowed=LOOPBACK) as client:
            return (await client.request("GET", site.url())).status

    assert asyncio.run(main()) == 200
