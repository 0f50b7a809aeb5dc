"""Requests with a body, over real sockets."""

import asyncio

import pytest
import web
from web import answer, page, serving, web_client

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def receiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, got: list[bytes]) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    got.append(head + await reader.readexactly(length))
    writer.write(answer(204))
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("content", [b"", b"hub.mode=publish", b"a=1&" * 50_000], ids=["empty", "small", "200 KB"])
def test_what_is_sent_is_what_comes(content):
    got: list[bytes] = []

    async def main():
        server = await asyncio.start_server(lambda *pair: receiving(*pair, got), "127.0.0.2", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, web_client() as client:
            return await client.request("POST", f"http://127.0.0.2:{port}/hub?x=1", FORM, content=content)

    answered = asyncio.run(main())
    assert (answered.status, answered.error) == (204, "")
    head, _, body = got[0].partition(b"\r\n\r\n")
    assert body == content
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /hub?x=1 http/1.1"
    assert "content-type: application/x-www-form-urlencoded" in lines
    assert f"content-length: {len(content)}" in lines
    assert not any(line.startswith("transfer-encoding") for line in lines)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    async def main():
        async with serving({"/hub": page(status, Location="/other")}) as site, web_client() as client:
            return await client.request("POST", site.url("/hub"), FORM), site.lines()

    answered, lines = asyncio.run(main())
    assert (answered.status, answered.headers["location"]) == (status, "/other")
    assert lines == ["POST /hub"]


def test_a_post_is_never_sent_twice():
    """The server closes a kept connection after the second request: a GET is repeated, a POST must not be."""

    async def main(method):
        seen = 0

        async def first_only(asked, writer):
            nonlocal seen
            seen += 1
            if seen == 2:
                writer.close()
            else:
                writer.write(answer(200))

        async with serving({"/": first_only}) as site, web_client() as client:
            await client.request("GET", site.url("/"))
            second = await client.request(method, site.url("/"))
            return second.status, second.error, len(site.asked), site.connections

    assert asyncio.run(main("GET")) == (200, "", 3, 2)
    assert asyncio.run(main("POST")) == (0, "empty-reply", 2, 2)


@pytest.mark.parametrize(
    ("behaviour", "error"), [(web.hang, "read-timeout"), (web.drip, "total-timeout"), (web.reset, "reset")]
)
def test_a_post_never_raises(behaviour, error):
    async def main():
        async with serving({"/hub": behaviour}) as site, web_client() as client:
            return await client.request("POST", site.url("/hub"), FORM, content=b"a=1")

    assert asyncio.run(main()).error == error


@pytest.mark.parametrize("host", ["127.0.0.2", "10.0.0.1", "[::1]", "169.254.169.254"])
def test_a_post_goes_to_public_addresses_only(host):
    async def main():
        async with serving({"*": answer(200)}) as site, web_client(allowed=()) as client:
            got = await client.request("POST", f"http://{host}:{site.port}/", FORM, content=b"a=1")
            return got, site.asked

    got, asked = asyncio.run(main())
    assert got.error.startswith("address-")
    assert asked == []
