"""What a robots.txt allows, and what its absence means (RFC 9309)."""

import asyncio

import pytest
import web
from web import answer, open_gate, serving, web_client

from feeds.web.robots import RobotsBook, Ruling

RULES = b"""User-agent: *
Disallow: /

User-agent: feeds
Disallow: /private*
Disallow: /*.pdf$
Allow: /private/open
Crawl-delay: 7
"""


def ruled(pages, paths=("/a",)):
    """Return the rulings for some paths, the Crawl-delay, and what was asked."""

    async def main():
        async with serving(pages) as site, web_client() as client:
            book = RobotsBook(client)
            rulings = [await book.ruling(site.url(path), open_gate) for path in paths]
            return rulings, book.crawl_delay(site.url()), site.lines()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "ruling"),
    [
        ("/", Ruling.ALLOWED),
        ("/a", Ruling.ALLOWED),
        ("/private", Ruling.DISALLOWED),
        ("/private/b?c", Ruling.DISALLOWED),
        ("/private/open", Ruling.ALLOWED),
        ("/x/y.pdf", Ruling.DISALLOWED),
        ("/x/y.pdf?z", Ruling.ALLOWED),
    ],
)
def test_the_rules_for_us_and_not_those_for_others(path, ruling):
    assert ruled({"/robots.txt": answer(200, RULES)}, [path]) == ([ruling], 7.0, ["GET /robots.txt"])


@pytest.mark.parametrize(
    ("behaviour", "ruling"),
    [
        (answer(404), Ruling.ALLOWED),
        (answer(401), Ruling.ALLOWED),
        (answer(403), Ruling.ALLOWED),
        (answer(204), Ruling.ALLOWED),
        (answer(200), Ruling.ALLOWED),
        (answer(200, b"<html>\xff\0 not at all"), Ruling.ALLOWED),
        (answer(200, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /"), Ruling.DISALLOWED),
        (answer(429), Ruling.UNREACHABLE),
        (answer(500), Ruling.UNREACHABLE),
        (answer(503), Ruling.UNREACHABLE),
        (web.close, Ruling.UNREACHABLE),
        (web.reset, Ruling.UNREACHABLE),
        (web.hang, Ruling.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n", Ruling.UNREACHABLE),
        (answer(301, Location="http://[bad/"), Ruling.ALLOWED),
        (answer(301, Location="/robots.txt"), Ruling.ALLOWED),
        (answer(301, Location="ftp://a.example/robots.txt"), Ruling.ALLOWED),
    ],
)
def test_what_other_answers_mean(behaviour, ruling):
    assert ruled({"/robots.txt": behaviour})[0] == [ruling]


def test_five_redirects_are_followed():
    pages = {"/robots.txt": answer(301, Location="/1"), "/5": answer(200, b"User-agent: *\nDisallow: /")}
    pages |= {f"/{number}": answer(302, Location=f"/{number + 1}") for number in range(1, 5)}
    assert ruled(pages)[0] == [Ruling.DISALLOWED]
    assert ruled(pages | {"/5": answer(302, Location="/6")})[0] == [Ruling.ALLOWED]


def test_half_a_megabyte_is_read_and_the_rest_is_not():
    filler = b"# nothing\n" * 50_000
    early = b"User-agent: *\nDisallow: /a\n" + filler
    late = b"User-agent: *\n" + filler * 2 + b"Disallow: /a\n"
    assert ruled({"/robots.txt": answer(200, early)})[0] == [Ruling.DISALLOWED]
    assert ruled({"/robots.txt": answer(200, late)})[0] == [Ruling.ALLOWED]


@pytest.mark.parametrize(
    ("first", "seconds", "times"),
    [(answer(200), 86_000, 1), (answer(200), 86_500, 2), (answer(503), 3_500, 1), (answer(503), 3_700, 2)],
)
def test_a_copy_is_kept_for_a_day_and_a_failure_for_an_hour(first, seconds, times):
    now = [0.0]

    async def main():
        async with serving({"/robots.txt": first}) as site, web_client() as client:
            book = RobotsBook(client, clock=lambda: now[0])
            await book.ruling(site.url("/a"), open_gate)
            now[0] = seconds
            await book.ruling(site.url("/b"), open_gate)
            return site.lines()

    assert asyncio.run(main()) == ["GET /robots.txt"] * times


def test_every_request_passes_the_gate_and_who_waited_there_asks_no_more():
    async def main():
        passed = []

        async def gate(url):
            passed.append(url)
            await asyncio.sleep(0.05 * len(passed))

        pages = {"/robots.txt": answer(301, Location="/rules"), "/rules": answer(200, RULES)}
        async with serving(pages) as site, web_client() as client:
            book = RobotsBook(client)
            rulings = await asyncio.gather(
                book.ruling(site.url("/a"), gate), book.ruling(site.url("/private"), slow(gate, site))
            )
            return rulings, [url.rpartition("/")[2] for url in passed], site.lines()

    def slow(gate, site):
        async def wait(url):
            while "GET /rules" not in site.lines():
                await asyncio.sleep(0.01)
            await gate(url)

        return wait

    rulings, passed, lines = asyncio.run(main())
    assert rulings == [Ruling.ALLOWED, Ruling.DISALLOWED]
    assert passed == ["robots.txt", "rules", "robots.txt"]
    assert lines == ["GET /robots.txt", "GET /rules"]


def test_nobody_is_asked_for_a_crawl_delay():
    async def main():
        async with web_client() as client:
            return RobotsBook(client).crawl_delay("http://a.example/")

    assert asyncio.run(main()) == 0.0


def test_a_pattern_made_to_take_for_ever_does_not():
    """Protego 0.5 turns it into a regular expression that is still at work when the sun goes out."""
    rules = b"User-agent: *\nDisallow: /" + b"*a" * 40 + b"b\n"
    assert ruled({"/robots.txt": answer(200, rules)}, ["/" + "a" * 60])[0] == [Ruling.ALLOWED]
