"""What a client makes of servers of all kinds, over real sockets."""

import asyncio
import tracemalloc
from dataclasses import replace

import pytest
import web
from web import QUICK, answer, by_method, endless, page, serving, web_client


def asked(behaviour, method="GET", limits=QUICK, **options):
    """Ask one page of a server that behaves so."""

    async def main():
        async with serving({"/page": behaviour}) as site, web_client(limits=limits) as client:
            return await client.request(method, site.url("/page"), **options)

    return asyncio.run(main())


def test_a_whole_answer():
    got = asked(answer(200, b"hello", Content_Type="text/plain", ETag='"1"'))
    assert (got.status, got.body, got.error, got.address) == (200, b"hello", "", "127.0.0.2")
    assert (got.headers["content-type"], got.headers["etag"], got.truncated) == ("text/plain", '"1"', False)


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [
        pytest.param(web.hang, 0, "read-timeout", id="hangs"),
        pytest.param(web.drip, 0, "total-timeout", id="drips"),
        pytest.param(web.close, 0, "empty-reply", id="closes"),
        pytest.param(web.reset, 0, "reset", id="resets"),
        pytest.param(b"220 mail.example ESMTP\r\n", 0, "bad-http", id="speaks something else"),
        pytest.param(b"HTTP/1.1 OK\r\n\r\n", 0, "bad-http", id="no status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, 200, "headers-too-large", id="one huge header"),
        pytest.param(
            b"HTTP/1.1 403 No\r\n" + b"X: 1\r\n" * 20_000 + b"\r\n", 403, "headers-too-large", id="many headers"
        ),
        pytest.param(b"HTTP/1.1 103 Early\r\n\r\n" * 5_000, 103, "headers-too-large", id="interim answers for ever"),
        pytest.param(answer(999), 999, "", id="a status of its own"),
        pytest.param(answer(404, b"gone"), 404, "", id="an error"),
        pytest.param(b"HTTP/1.1 204 None\r\n\r\n", 204, "", id="no content"),
        pytest.param(b"HTTP/1.1 304 Same\r\nContent-Length: 500\r\n\r\n", 304, "", id="not modified"),
        pytest.param(b"HTTP/1.1 200\nContent-Length: 0\n\n", 200, "", id="bare line feeds"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: \x01\xff\r\nContent-Length: 0\r\n\r\n", 200, "", id="control characters"),
        pytest.param(b"HTTP/1.1 103 Early\r\nX: 1\r\n\r\n" + answer(200), 200, "", id="an interim answer first"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
            200,
            "",
            id="offers another protocol",
        ),
        pytest.param(b"HTTP/1.1 101 Switch\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nxyz", 101, "", id="switches"),
    ],
)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_the_far_side_never_raises(behaviour, status, error, method):
    got = asked(behaviour, method)
    assert (got.status, got.error) == (status, error)


@pytest.mark.parametrize(
    ("sent", "body", "error"),
    [
        (b"Content-Length: 5\r\n\r\nhello", b"hello", ""),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello", ""),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n", b"hello", ""),
        (b"Content-Length: 9\r\n\r\nhello", b"hello", "bad-http"),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"", "bad-http"),
        (b"\r\nhello", b"hello", ""),
    ],
)
def test_where_a_body_ends(sent, body, error):
    async def behave(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n" + sent)
        await writer.drain()
        writer.close()

    got = asked(behave)
    assert (got.status, got.body, got.error) == (200, body, error)
    assert "x-trailer" not in got.headers


def test_a_body_that_stops_half_way_is_kept_as_far_as_it_came():
    async def behave(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
        await web.hang(request, writer)

    got = asked(behave)
    assert (got.status, got.body, got.error) == (200, b"hello", "total-timeout")


def test_what_we_say_of_ourselves():
    async def main():
        async with serving({"*": answer()}) as site, web_client() as client:
            await client.request("GET", site.url("/a?b=%20&c"), {"if-none-match": '"1"'})
            return site.port, site.asked[0]

    port, request = asyncio.run(main())
    assert (request.method, request.path) == ("GET", "/a?b=%20&c")
    assert request.headers == {
        "host": f"127.0.0.2:{port}",
        "user-agent": web.AGENT,
        "accept": "*/*",
        "accept-encoding": "identity",
        "if-none-match": '"1"',
    }


def test_repeated_fields_and_names_in_other_alphabets():
    sent = "HTTP/1.1 302 x\r\nX: 1\r\nx: 2\r\nSet-Cookie: a=1, b\r\nSet-Cookie: c=2\r\nLocation: /новости\r\n\r\n"
    got = asked(sent.encode(), "HEAD")
    assert got.headers == {"x": "1, 2", "set-cookie": "a=1, b\nc=2", "location": "/новости"}
    assert asked(b"HTTP/1.1 302 x\r\nLocation: /caf\xe9\r\n\r\n", "HEAD").headers["location"] == "/café"


def test_no_cookie_is_kept():
    async def main():
        async with serving({"*": answer(200, Set_Cookie="id=1; Path=/")}) as site, web_client() as client:
            await client.request("GET", site.url())
            await client.request("GET", site.url())
            return [one.headers for one in site.asked]

    first, second = asyncio.run(main())
    assert first == second


@pytest.mark.parametrize(
    "value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\0b"], ids=["carriage return", "line feed", "nothing"]
)
def test_no_header_can_be_smuggled_in(value):
    async def main():
        async with serving({"*": answer()}) as site, web_client() as client:
            return await client.request("HEAD", site.url(), {"if-none-match": value}), site.asked

    got, requests = asyncio.run(main())
    assert (got.error, requests) == ("url-malformed", [])


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://exa mple/", "url-malformed"),
        ("http://[::1", "url-malformed"),
        ("http://a:99999/", "url-malformed"),
        ("/relative", "url-malformed"),
        ("", "url-malformed"),
        ("gopher://a.example/", "url-scheme"),
        ("http://me:secret@a.example/", "url-userinfo"),
        ("http://a.example:25/", "url-port"),
    ],
)
def test_what_may_not_be_asked_is_not_asked(url, error):
    async def main():
        async with web_client() as client:
            return await client.request("HEAD", url)

    assert asyncio.run(main()).error == error


def test_nobody_listens():
    async def main():
        async with serving({}) as site:
            url = site.url()
        async with web_client() as client:
            return await client.request("HEAD", url)

    assert asyncio.run(main()).error == "refused"


# --- bounds


@pytest.mark.parametrize(
    "behaviour",
    [
        endless(b"a" * 65_536, Content_Type="text/html"),
        endless(b"10000\r\n" + b"a" * 65_536 + b"\r\n", Transfer_Encoding="chunked"),
        endless(b"\x1f\x8b\x08\0\0\0\0\0\0\0" + b"\0" * 65_526, Content_Encoding="gzip"),
    ],
    ids=["endless", "endless chunks", "gzip bomb"],
)
def test_a_body_costs_no_more_than_its_cap(behaviour):
    async def main():
        async with serving({"*": behaviour}) as site, web_client() as client:
            await client.request("GET", site.url(), body_cap=10)
            tracemalloc.start()
            got = await client.request("GET", site.url())
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return got, peak

    got, peak = asyncio.run(main())
    assert (got.status, got.error, got.truncated, len(got.body)) == (200, "", True, 65_536)
    assert peak < 2_000_000  # the server's own write buffer is in it


def test_the_cap_can_be_raised_and_a_body_of_just_that_size_is_whole():
    body = b"a" * 300_000
    got = asked(answer(200, body), body_cap=300_000)
    assert (got.body, got.truncated, got.error) == (body, False, "")
    assert asked(answer(200, body), body_cap=299_999).truncated


def test_a_peer_faster_than_its_reader_is_held_back():
    """A megabyte comes through whole, although at no time more than two buffers of it are held."""
    body = bytes(range(256)) * 4096
    got = asked(page(200, body), body_cap=2_000_000, limits=replace(QUICK, total=10.0))
    assert (got.body, got.error) == (body, "")


# --- connections


def connections(behaviour, times=3, *, method="HEAD", limits=QUICK, pause=0.0):
    """Return the statuses of several requests one after the other, and how many connections they took."""

    async def main():
        async with serving({"*": behaviour}) as site, web_client(limits=limits) as client:
            got = []
            for _ in range(times):
                got.append(await client.request(method, site.url()))
                await asyncio.sleep(pause)
            return [one.status or one.error for one in got], site.connections

    return asyncio.run(main())


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_connection_is_kept(method):
    assert connections(page(200, b"hello"), method=method) == ([200] * 3, 1)


@pytest.mark.parametrize(
    "behaviour",
    [
        answer(200, Connection="close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        answer(200) + b"HTTP/1.1 200 OK\r\nX-Evil: 1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 ",
    ],
    ids=["close", "HTTP/1.0", "an answer too many", "a body after HEAD"],
)
def test_a_connection_is_not_kept(behaviour):
    assert connections(behaviour) == ([200] * 3, 3)


def test_http_1_0_can_ask_to_keep():
    assert connections(b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n") == ([200] * 3, 1)


def test_a_connection_closed_while_idle_is_replaced():
    async def behave(request, writer):
        writer.write(answer(200))
        await writer.drain()
        writer.close()

    assert connections(behave, pause=0.02) == ([200] * 3, 3)


def test_a_connection_closed_just_as_we_ask_again_is_replaced_once():
    async def behave(request, writer):
        if request.connection == 1 and request.path == "/":
            writer.write(answer(200))
        else:
            await web.reset(request, writer)

    async def main():
        async with serving({"/": answer(200), "/b": behave}) as site, web_client() as client:
            return [(await client.request("GET", site.url(path))).error for path in ("/", "/b")], site.lines()

    assert asyncio.run(main()) == (["", "reset"], ["GET /", "GET /b", "GET /b"])


def test_no_more_connections_are_kept_than_allowed():
    async def main():
        async with serving({"*": answer()}, "127.0.0.3") as one, serving({"*": answer()}, "127.0.0.4") as other:
            async with web_client(limits=replace(QUICK, idle=1)) as client:
                for site in (one, one, other, one):
                    await client.request("HEAD", site.url())
            return one.connections, other.connections

    assert asyncio.run(main()) == (2, 1)


def test_what_was_idle_too_long_is_not_used():
    assert connections(answer(200), limits=replace(QUICK, keep_alive=0.0)) == ([200] * 3, 3)


def test_whoever_is_cancelled_leaves_no_connection_behind():
    async def main():
        async with serving({"*": by_method(GET=web.hang, HEAD=answer())}) as site, web_client() as client:
            task = asyncio.create_task(client.request("GET", site.url()))
            while not site.asked:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return (await client.request("HEAD", site.url())).status, site.connections

    assert asyncio.run(main()) == (200, 2)


# --- a proxy


def test_a_proxy_is_used_only_if_configured(monkeypatch):
    """The environment is a fact of the machine, not code of ours: it must change nothing."""

    async def main(direct, proxied):
        async with web_client() as client:
            plain = await client.request("GET", direct.url())
        async with web_client(proxy=proxied.url()) as client:
            through = await client.request("GET", "http://news.example/a")
            large = await client.request("GET", "http://news.example/large")
            private = await client.request("GET", "http://0xa.1/")
        return plain.body, through.body, (large.truncated, len(large.body), large.error), private.error

    async def both():
        proxy_pages = {
            "http://news.example/a": answer(200, b"proxy"),
            "http://news.example/large": endless(b"a" * 9999),
        }
        async with (
            serving({"*": answer(200, b"direct")}) as direct,
            serving(proxy_pages | {"*": answer(200, b"proxy")}, "127.0.0.3") as proxied,
        ):
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxied.url())
            return await main(direct, proxied), proxied.lines()

    got, lines = asyncio.run(both())
    assert got == (b"direct", b"proxy", (True, 65_536, ""), "address-private")
    assert lines == ["GET http://news.example/a", "GET http://news.example/large"]


def test_a_proxy_that_is_down_is_not_the_fault_of_the_host():
    async def main():
        async with serving({}) as site:
            proxy = site.url()
        async with web_client(proxy=proxy) as client:
            return [(await client.request("HEAD", f"{scheme}://news.example/a")).error for scheme in ("http", "https")]

    assert asyncio.run(main()) == ["proxy", "proxy"]
