"""What a probe of one URL sees, and what it asks to see it."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import web
from web import answer, by_method, endless, page, serving, web_client

from feeds.model.link import Role, Seen
from feeds.probe.cookies import ChainCookies
from feeds.probe.one import probe_one
from feeds.probe.ports import Postponed, Target
from feeds.web.robots import RobotsBook

NOW = 1_800_000_000
NO_ROBOTS = {"/robots.txt": answer(404)}
SHUT = {"/robots.txt": answer(200, b"User-agent: *\nDisallow: /")}
DOWN = {"/robots.txt": answer(503)}


def probed(pages, path="/a/deep/page", *, role=Role.ARTICLE, robots=False, proof=False, known=None, **validators):
    """Return what is seen of a page, and what was asked."""

    async def main():
        async with serving(pages) as site, web_client(known) as client:
            target = Target(site.url(path), role, **validators)
            book = RobotsBook(client) if robots else None
            seen = await probe_one(client, target, NOW, web.open_gate, robots=book, proof=proof)
            return seen, site

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("behaviour", "seen", "reason", "methods"),
    [
        pytest.param(page(200, b"hello"), Seen.ALIVE, "http-200", "HEAD", id="alive"),
        pytest.param(by_method(HEAD=answer(405), GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="no HEAD"),
        pytest.param(by_method(HEAD=answer(404), GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="HEAD lies"),
        pytest.param(by_method(HEAD=answer(503), GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="HEAD 503"),
        pytest.param(by_method(HEAD=web.hang, GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="HEAD hangs"),
        pytest.param(by_method(HEAD=web.close, GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="HEAD closes"),
        pytest.param(by_method(HEAD=web.reset, GET=answer(200)), Seen.ALIVE, "http-200", "HEAD GET", id="HEAD resets"),
        pytest.param(answer(404), Seen.MISSING, "http-404", "HEAD GET", id="missing"),
        pytest.param(answer(410), Seen.GONE, "http-410", "HEAD GET", id="gone"),
        pytest.param(answer(403), Seen.BLOCKED, "http-403", "HEAD GET", id="forbidden"),
        pytest.param(answer(999), Seen.BLOCKED, "http-999", "HEAD GET", id="999"),
        pytest.param(answer(429, Retry_After="60"), Seen.BLOCKED, "http-429", "HEAD", id="too many"),
        pytest.param(answer(500), Seen.TRANSIENT, "http-500", "HEAD GET", id="broken"),
        pytest.param(web.hang, Seen.TRANSIENT, "read-timeout", "HEAD GET", id="hangs"),
        pytest.param(web.drip, Seen.TRANSIENT, "total-timeout", "HEAD GET", id="drips"),
        pytest.param(web.close, Seen.TRANSIENT, "empty-reply", "HEAD GET", id="closes"),
        pytest.param(b"what?\r\n", Seen.TRANSIENT, "bad-http", "HEAD GET", id="speaks something else"),
        pytest.param(
            by_method(HEAD=answer(501), GET=endless(b"a" * 65_536)), Seen.ALIVE, "http-200", "HEAD GET", id="endless"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 50_000 + b"\r\n", Seen.ALIVE, "http-200", "HEAD", id="huge headers"
        ),
        pytest.param(answer(302, Location="mailto:a@b.example"), Seen.REFUSED, "url-scheme", "HEAD", id="mail"),
        pytest.param(answer(302, Location="http://[bad/"), Seen.TRANSIENT, "http-302", "HEAD", id="leads nowhere"),
    ],
)
def test_what_is_seen(behaviour, seen, reason, methods):
    got, site = probed({"*": behaviour})
    assert (got.seen, got.reason) == (seen, reason)
    assert [one.method for one in site.asked] == methods.split()


def test_what_is_learned():
    pages = {"*": page(200, b"hello", Content_Type="Image/PNG; x=1", ETag='"1"', Last_Modified="yesterday")}
    got, site = probed(pages, role=Role.IMAGE)
    assert (got.url, got.final_url, got.status) == (site.url("/a/deep/page"), site.url("/a/deep/page"), 200)
    assert (got.length, got.type, got.etag, got.last_modified) == (5, "image/png", '"1"', "yesterday")


@pytest.mark.parametrize(
    ("headers", "length", "kind"),
    [
        ({"Content_Encoding": "gzip", "Content_Type": "audio/mpeg"}, None, "audio/mpeg"),
        ({"Content_Type": "nonsense"}, 5, ""),
        ({"Content_Type": "a/b/c"}, 5, ""),
        ({"Content_Type": "audio/" + "a" * 200}, 5, ""),
        ({}, 5, ""),
    ],
)
def test_what_cannot_be_learned(headers, length, kind):
    got, _ = probed({"*": page(200, b"hello", **headers)}, role=Role.ENCLOSURE)
    assert (got.length, got.type) == (length, kind)


def test_the_size_of_an_enclosure_is_asked_for_again_where_a_head_does_not_tell():
    pages = {"*": by_method(HEAD=b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n", GET=page(200, b"hello"))}
    got, site = probed(pages, role=Role.ENCLOSURE)
    assert (got.length, [one.method for one in site.asked]) == (5, ["HEAD", "GET"])


def test_an_unchanged_page_says_so():
    async def behave(request, writer):
        same = request.headers.get("if-none-match") == '"1"' and "if-modified-since" in request.headers
        writer.write(answer(304 if same else 200, ETag='"1"'))

    got, site = probed({"*": behave}, etag='"1"', last_modified="Sat, 21 Nov 2026 00:00:00 GMT")
    assert (got.seen, got.status, len(site.asked)) == (Seen.ALIVE, 304, 1)


@pytest.mark.parametrize(("status", "waits"), [(429, True), (503, True), (200, False)])
def test_when_a_host_wants_to_be_asked_again(status, waits):
    for wish in ("120", format_datetime(datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=120), usegmt=True)):
        got, site = probed({"*": answer(status, Retry_After=wish)})
        # A second of ours may have begun: never earlier than asked.
        assert got.retry_at in ((NOW + 120, NOW + 121) if waits else (0,))
        assert site.lines() == ["HEAD /a/deep/page"]


# --- redirects


def test_hops_are_followed_one_by_one():
    pages = {
        "/a/deep/page": answer(301, Location="/b"),
        "/b": answer(308, Location="c?d"),
        "/c?d": answer(302, Location="//127.0.0.2:{port}/e"),
        "*": page(200, b"hello"),
    }
    got, site = probed(pages | {"/c?d": answer(302, Location="/e/f")})
    assert got.hops == ((301, site.url("/b")), (308, site.url("/c?d")), (302, site.url("/e/f")))
    assert (got.seen, got.final_url) == (Seen.MOVED, site.url("/e/f"))
    assert site.lines() == ["HEAD /a/deep/page", "HEAD /b", "HEAD /c?d", "HEAD /e/f"]


def test_a_chain_may_lead_to_another_host():
    async def main():
        gates = []

        async def gate(url):
            gates.append(url)

        pages = {}
        async with serving({"*": answer(200)}, "127.0.0.3") as new, serving(pages) as old, web_client() as client:
            pages["*"] = answer(301, Location=new.url("/a"))
            return await probe_one(client, Target(old.url("/a")), NOW, gate), gates, [old.url("/a"), new.url("/a")]

    got, gates, urls = asyncio.run(main())
    assert (got.seen, got.hops, gates) == (Seen.MOVED, ((301, urls[1]),), urls)


@pytest.mark.parametrize("location", ["/a/deep/page", "/a/deep/page#again", "/other"])
def test_a_loop_is_confirmed_by_a_get(location):
    pages = {"/a/deep/page": answer(301, Location=location), "/other": answer(301, Location="/a/deep/page")}
    got, site = probed(pages)
    assert (got.seen, got.reason) == (Seen.LOOP, "redirect-loop")
    assert {one.method for one in site.asked} == {"HEAD", "GET"}
    good = {"/a/deep/page": by_method(HEAD=answer(301, Location=location), GET=answer(200))}
    assert probed(pages | good)[0].seen is Seen.ALIVE


def test_ten_hops_and_no_more():
    pages = {f"/{number}": answer(301, Location=f"/{number + 1}") for number in range(1, 20)}
    got, site = probed(pages, "/1")
    assert (got.seen, got.reason, len(got.hops)) == (Seen.LOOP, "too-many-redirects", 11)
    assert site.lines() == [f"{method} /{number}" for method in ("HEAD", "GET") for number in range(1, 12)]
    got, _ = probed(pages | {"/11": answer(200)}, "/1")
    assert (got.seen, len(got.hops)) == (Seen.MOVED, 10)


def test_a_site_that_sends_those_without_a_cookie_round_in_circles():
    async def behave(request, writer):
        has = "seen=1" in request.headers.get("cookie", "")
        writer.write(answer(200) if has else answer(302, Location=request.path, Set_Cookie="seen=1; Path=/; HttpOnly"))

    got, site = probed({"*": behave})
    assert (got.seen, len(site.asked)) == (Seen.TEMPORARY, 2)


def test_a_get_goes_on_where_the_head_failed():
    pages = {"/a/deep/page": answer(301, Location="/b/c"), "/b/c": by_method(HEAD=answer(405), GET=answer(200))}
    got, site = probed(pages)
    assert (got.seen, got.hops) == (Seen.MOVED, ((301, site.url("/b/c")),))
    assert site.lines() == ["HEAD /a/deep/page", "HEAD /b/c", "GET /b/c"]


def test_a_front_page_in_place_of_a_page_is_confirmed_from_the_start():
    got, site = probed({"/a/deep/page": answer(302, Location="/"), "/": answer(200)})
    assert got.seen is Seen.SOFT
    assert site.lines() == ["HEAD /a/deep/page", "HEAD /", "GET /a/deep/page", "GET /"]


@pytest.mark.parametrize(
    ("set_by", "line", "asked", "field"),
    [
        ("http://a.example/", "x=1", "http://a.example/b", "x=1"),
        ("http://a.example/", "x=1", "http://b.example/", ""),
        ("http://a.example/", "x=1", "http://www.a.example/", ""),
        ("http://www.a.example/", "x=1; Domain=a.example", "http://m.a.example/", "x=1"),
        ("http://www.a.example/", "x=1; domain=.A.example", "http://a.example/", "x=1"),
        ("http://a.example/", "x=1; Domain=b.example", "http://b.example/", ""),
        ("http://evila.example/", "x=1; Domain=a.example", "http://a.example/", ""),
        ("http://a.example/", "x=1; Domain=example", "http://b.example/", ""),
        ("http://a.example/", "x=1\ny=2; Secure", "http://a.example/", "x=1; y=2"),
        ("http://a.example/", "x=1\nx=2", "http://a.example/", "x=2"),
        ("http://a.example/", "x=1\nx=; Max-Age=0", "http://a.example/", ""),
        ("http://a.example/", "x", "http://a.example/", ""),
        ("http://a.example/", "=1", "http://a.example/", ""),
        ("http://a.example/", "x=" + "1" * 5000, "http://a.example/", ""),
        ("http://a.example/", "x=\x01", "http://a.example/", ""),
        ("http://a.example/", "", "http://a.example/", ""),
    ],
)
def test_cookies_go_back_to_who_set_them(set_by, line, asked, field):
    cookies = ChainCookies()
    cookies.take(set_by, line)
    assert cookies.field_for(asked) == field


def test_a_chain_keeps_50_cookies():
    cookies = ChainCookies()
    cookies.take("http://a.example/", "\n".join(f"c{number}=1" for number in range(200)))
    assert cookies.field_for("http://a.example/").count("=") == 50


# --- robots.txt


@pytest.mark.parametrize(
    ("rules", "behaviour", "seen", "reason", "lines"),
    [
        (NO_ROBOTS, page(200, b"hello"), Seen.ALIVE, "http-200", "HEAD /a"),
        (SHUT, page(200, b"hello"), Seen.ALIVE, "http-200", "HEAD /a"),
        (NO_ROBOTS, answer(404), Seen.MISSING, "http-404", "HEAD /a, GET /robots.txt, GET /a"),
        (SHUT, answer(404), Seen.REFUSED, "robots-disallowed", "HEAD /a, GET /robots.txt"),
        (DOWN, answer(404), Seen.BLOCKED, "robots-unreachable", "HEAD /a, GET /robots.txt"),
        (DOWN, answer(503), Seen.TRANSIENT, "http-503", "HEAD /a, GET /robots.txt"),
        (DOWN, web.close, Seen.TRANSIENT, "empty-reply", "HEAD /a, GET /robots.txt"),
    ],
)
def test_a_get_needs_the_leave_of_robots_txt(rules, behaviour, seen, reason, lines):
    got, site = probed(rules | {"*": behaviour}, "/a", robots=True)
    assert (got.seen, got.reason, ", ".join(site.lines())) == (seen, reason, lines)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_sends_away_who_asks_for_robots_txt_is_left_alone_that_long(status):
    pages = {"/robots.txt": answer(status, Retry_After="120"), "*": answer(404)}
    got, site = probed(pages, "/a", robots=True)
    assert (got.seen, got.reason) == (Seen.BLOCKED, "robots-unreachable")
    assert got.retry_at in (NOW + 120, NOW + 121)
    assert site.lines() == ["HEAD /a", "GET /robots.txt"]


def test_a_head_that_was_answered_well_holds_where_a_get_is_not_allowed():
    pages = {"*": b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"}
    got, _ = probed(SHUT | pages, role=Role.ENCLOSURE, robots=True)
    assert (got.seen, got.length, got.type) == (Seen.ALIVE, None, "audio/mpeg")


def test_proof_takes_a_get():
    pages = {"*": by_method(HEAD=answer(200), GET=answer(404))}
    assert probed(pages)[0].seen is Seen.ALIVE
    assert probed(pages, proof=True)[0].seen is Seen.MISSING


# --- the gate, and what is not asked


def test_every_request_passes_the_gate_first():
    async def main():
        order = []
        pages = {"/a": answer(301, Location="/b"), "/b": answer(404), "/robots.txt": answer(404)}
        async with serving(pages) as site, web_client() as client:

            async def gate(url):
                order.append((len(site.asked), url.removeprefix(site.url(""))))

            await probe_one(client, Target(site.url("/a")), NOW, gate, robots=RobotsBook(client))
            return order, site.lines()

    order, lines = asyncio.run(main())
    assert lines == ["HEAD /a", "HEAD /b", "GET /robots.txt", "GET /b"]
    assert order == [(0, "/a"), (1, "/b"), (2, "/robots.txt"), (3, "/b")]


def test_a_gate_that_stays_shut_ends_the_probe():
    async def main():
        async with serving({"*": answer(200)}) as site, web_client() as client:

            async def gate(url):
                raise Postponed

            with pytest.raises(Postponed):
                await probe_one(client, Target(site.url("/a")), NOW, gate)
            return site.lines()

    assert asyncio.run(main()) == []


@pytest.mark.parametrize(
    ("url", "seen", "reason"),
    [
        ("ftp://a.example/", Seen.REFUSED, "url-scheme"),
        ("http://me@a.example/", Seen.REFUSED, "url-userinfo"),
        ("http://a.example:25/", Seen.REFUSED, "url-port"),
        ("http://10.0.0.1/", Seen.REFUSED, "address-private"),
        ("http://nowhere.test/", Seen.NO_HOST, "dns-nxdomain"),
    ],
)
def test_what_cannot_be_asked(url, seen, reason):
    async def main():
        async with web_client() as client:
            return await probe_one(client, Target(url), NOW, web.open_gate, robots=RobotsBook(client))

    got = asyncio.run(main())
    assert (got.seen, got.reason, got.status, got.hops) == (seen, reason, 0, ())
