"""Certificates good and bad, over real TLS."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme
import web
from web import answer, page, serving, web_client

from feeds.model.link import Seen
from feeds.probe.one import probe_one
from feeds.probe.ports import Target
from feeds.web.tls import unverified_context, verified_context

NAMES = {"good.test": ["127.0.0.2"], "other.test": ["127.0.0.2"]}


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def ca_file(authority, tmp_path):
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def certificate(authority, *names, **validity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **validity).configure_cert(context)
    return context


def faulty(authority, fault):
    """Return a server's context with one fault, and the name to ask it by."""
    now = datetime.now(UTC)
    expired = {"not_before": now - timedelta(days=9), "not_after": now - timedelta(days=1)}
    return {
        "": lambda: (certificate(authority, "good.test"), "good.test"),
        "tls-expired": lambda: (certificate(authority, "good.test", **expired), "good.test"),
        "tls-host": lambda: (certificate(authority, "good.test"), "other.test"),
        "tls-unknown-issuer": lambda: (certificate(trustme.CA(), "good.test"), "good.test"),
    }[fault]()


async def let(url: str) -> None:
    """Let every request pass."""


@pytest.mark.parametrize("fault", ["", "tls-expired", "tls-host", "tls-unknown-issuer"])
def test_what_is_wrong_with_a_certificate(authority, ca_file, fault):
    async def main():
        tls, name = faulty(authority, fault)
        async with serving({"*": answer()}, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            got = await client.request("GET", site.url("/", name))
            unverified = await client.request("GET", site.url("/", name), verify=False)
            return got.error, got.status, unverified.status

    assert asyncio.run(main()) == (fault, 0 if fault else 200, 200)


def test_an_address_without_a_name_is_checked_too(authority, ca_file):
    async def main():
        tls = certificate(authority, "127.0.0.2")
        async with serving({"*": answer()}, tls=tls) as site, web_client(ca_file=ca_file) as client:
            return (await client.request("GET", site.url())).status

    assert asyncio.run(main()) == 200


def test_a_connection_without_verification_is_used_for_nothing_else(authority, ca_file):
    async def main():
        tls, name = faulty(authority, "tls-host")
        async with serving({"*": answer()}, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            await client.request("GET", site.url("/", name), verify=False)
            return (await client.request("GET", site.url("/", name))).error

    assert asyncio.run(main()) == "tls-host"


def test_tls_connections_are_kept(authority, ca_file):
    async def main():
        tls, name = faulty(authority, "")
        async with serving({"*": page(200, b"hello")}, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            bodies = [(await client.request("GET", site.url("/", name))).body for _ in range(3)]
            return bodies, site.connections

    assert asyncio.run(main()) == ([b"hello"] * 3, 1)


def test_a_large_body_comes_through_tls_in_pieces(authority, ca_file):
    body = bytes(range(256)) * 4096

    async def main():
        tls, name = faulty(authority, "")
        async with serving({"*": page(200, body)}, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            return await client.request("GET", site.url("/", name), body_cap=2_000_000)

    assert asyncio.run(main()).body == body


def test_tls_to_a_port_that_speaks_none():
    async def main():
        async with serving({"*": answer()}) as site, web_client(NAMES) as client:
            return (await client.request("GET", site.url("/", "good.test").replace("http:", "https:"))).error

    # The server waits for a blank line that never comes, or answers in plain text.
    assert asyncio.run(main()) in {"connect-timeout", "tls-handshake"}


@pytest.mark.parametrize("fault", ["tls-expired", "tls-host", "tls-unknown-issuer"])
@pytest.mark.parametrize(("status", "reason"), [(200, "insecure"), (404, "")])
def test_a_probe_looks_whether_anything_is_there(authority, ca_file, fault, status, reason):
    async def main():
        tls, name = faulty(authority, fault)
        pages = {"*": page(status, Set_Cookie="id=1")}
        async with serving(pages, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            seen = await probe_one(client, Target(site.url("/a", name)), 0, let)
            return seen, site.lines()

    seen, lines = asyncio.run(main())
    assert (seen.seen, seen.reason, seen.status) == (Seen.TLS, reason or fault, status)
    assert lines == ["HEAD /a"]


def test_a_probe_of_a_bad_certificate_with_nothing_behind_it(authority, ca_file):
    async def main():
        tls, name = faulty(authority, "tls-expired")
        async with serving({"*": web.close}, tls=tls) as site, web_client(NAMES, ca_file=ca_file) as client:
            return await probe_one(client, Target(site.url("/a", name)), 0, let)

    seen = asyncio.run(main())
    assert (seen.seen, seen.reason, seen.status) == (Seen.TLS, "tls-expired", 0)


def test_the_contexts():
    assert verified_context().verify_mode is ssl.CERT_REQUIRED
    assert verified_context().check_hostname
    assert unverified_context().verify_mode is ssl.CERT_NONE
