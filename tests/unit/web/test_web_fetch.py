"""What a fetch makes of redirects, compression and bounds, over real sockets of the loopback network."""

import asyncio
import gzip
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))

from web import LOOPBACK, QUICK, Asked, Behaviour, Site, answer, drip, serving, web_client

from feeds.web.fetch import HOPS, Document, fetch, unpacked

TEXT = b"<rss>" + b"a feed " * 1000 + b"</rss>"
MOST = 100_000


def to(location: str, status: int = 301) -> bytes:
    return answer(status, Location=location)


def fetched(
    pages: dict[str, Behaviour],
    *,
    headers: dict[str, str] | None = None,
    secret: dict[str, str] | None = None,
    most: int = MOST,
    total: float = 5.0,
) -> tuple[Document, Site]:
    """Fetch `/` of a server with these pages."""

    async def main() -> tuple[Document, Site]:
        limits = replace(QUICK, total=total, first_byte=total)
        async with serving(pages) as site, web_client(limits=limits, allowed=LOOPBACK) as client:
            return await fetch(client, site.url("/"), headers or {}, secret=secret or {}, most=most), site

    return asyncio.run(main())


ROUTES = {
    "nowhere": ({"/": answer(200, b"x")}, "/", ""),
    "for good": ({"/": to("/b"), "/b": answer(200, b"x")}, "/b", "/b"),
    "for good, twice": ({"/": to("/b", 308), "/b": to("/c"), "/c": answer(200, b"x")}, "/c", "/c"),
    "for a time": ({"/": to("/b", 302), "/b": answer(200, b"x")}, "/b", ""),
    "for a time, then for good": ({"/": to("/b", 307), "/b": to("/c"), "/c": answer(200, b"x")}, "/c", ""),
    "for good, then for a time": ({"/": to("/b"), "/b": to("/c", 303), "/c": answer(200, b"x")}, "/c", ""),
    "relative": ({"/": to("a/b"), "/a/b": to("../c"), "/c": answer(200, b"x")}, "/c", "/c"),
    "back to itself by another way": ({"/": to("/?x"), "/?x": answer(200, b"x")}, "/?x", "/?x"),
}


@pytest.mark.parametrize("name", ROUTES)
def test_redirects_are_followed_and_only_those_for_good_are_believed(name: str) -> None:
    pages, end, moved = ROUTES[name]
    document, site = fetched(pages)
    assert (document.status, document.error, document.body) == (200, "", b"x")
    assert document.url == site.url(end)
    assert document.moved == (site.url(moved) if moved else "")


@pytest.mark.parametrize(
    ("location", "error", "status"),
    [
        ("/", "too-many-redirects", 0),
        ("http://[bad", "", 302),
        ("http://\u2100.example/", "", 302),
        ("http://127.0.0.2:99999999/", "", 302),
        ("", "", 302),
        ("file:///etc/passwd", "url-scheme", 0),
        ("javascript:alert(1)", "url-scheme", 0),
        ("data:text/xml,<rss/>", "url-scheme", 0),
        ("gopher://127.0.0.2/", "url-scheme", 0),
        ("http://10.0.0.1/", "address-private", 0),
        ("http://169.254.169.254/latest/meta-data/", "address-link-local", 0),
        ("http://user:word@127.0.0.2/", "url-userinfo", 0),
        ("http://127.0.0.2:22/", "url-port", 0),
        ("/" + "x" * 9_000, "url-malformed", 0),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_value(location: str, error: str, status: int) -> None:
    whole = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    document, _ = fetched({"/": whole})
    assert (document.error, document.status, document.body, document.moved) == (error, status, b"", "")


def test_it_gives_up_after_so_many_redirects() -> None:
    chain: dict[str, Behaviour] = {f"/{n}": to(f"/{n + 1}") for n in range(1, HOPS)}
    document, site = fetched({"/": to("/1"), **chain, f"/{HOPS}": answer(200, b"x")})
    assert (document.body, len(site.asked)) == (b"x", HOPS + 1)
    document, site = fetched({"/": to("/1"), **chain, f"/{HOPS}": to("/more"), "/more": answer(200, b"x")})
    assert (document.error, len(site.asked)) == ("too-many-redirects", HOPS + 1)


def test_a_secret_stays_with_its_host() -> None:
    async def main() -> tuple[list[Asked], list[Asked]]:
        async with serving({"/b": to("/c"), "/c": answer(200, b"x")}, host="127.0.0.3") as other:
            pages = {"/": to("/a"), "/a": to(other.url("/b"))}
            async with serving(pages) as site, web_client(limits=QUICK, allowed=LOOPBACK) as client:
                got = await fetch(client, site.url("/"), {"x-plain": "1"}, secret={"authorization": "s"}, most=MOST)
                assert got.body == b"x"
                return site.asked, other.asked

    own, others = asyncio.run(main())
    assert [asked.headers.get("authorization") for asked in own] == ["s", "s"]
    assert [asked.headers.get("authorization") for asked in others] == [None, None]
    assert {asked.headers["x-plain"] for asked in (*own, *others)} == {"1"}


@pytest.mark.parametrize("tag", ['"plain"', '"é"', '"ключ"', 'W/"日本"', '"😀"'])
def test_a_validator_goes_back_as_it_came(tag: str) -> None:
    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        known = asked.headers.get("if-none-match", "").encode("latin-1") == tag.encode()  # the server reads bytes
        writer.write(b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\nETag: " % (304 if known else 200))
        writer.write(tag.encode() + b"\r\n\r\n")

    first, _ = fetched({"/": behave})
    again, _ = fetched({"/": behave}, headers={"if-none-match": first.headers["etag"]})
    assert (first.status, first.headers["etag"], again.status, again.error) == (200, tag, 304, "")


def test_a_secret_that_is_not_ascii_goes_as_utf_8() -> None:
    document, site = fetched({"/": answer(200, b"x")}, secret={"x-key": "schlüssel"})
    assert (document.error, site.asked[0].headers["x-key"].encode("latin-1").decode()) == ("", "schlüssel")


@pytest.mark.parametrize("headers", [{"if-none-match": '"\udce9"'}, {"x-key": "schl\udcfcssel"}])
def test_a_header_that_cannot_be_sent_is_a_value(headers: dict[str, str]) -> None:
    for given in ({"headers": headers}, {"secret": headers}):
        document, site = fetched({"/": answer(200, b"x")}, **given)
        assert (document.error, site.asked) == ("header-malformed", [])


SIZES = {
    "as large as allowed": (answer(200, b"x" * MOST), ""),
    "a byte larger": (answer(200, b"x" * (MOST + 1)), "too-large"),
    "as large as allowed once unpacked": (
        answer(200, gzip.compress(b"x" * MOST), Content_Encoding="gzip"),
        "",
    ),
    "a byte larger once unpacked": (
        answer(200, gzip.compress(b"x" * (MOST + 1)), Content_Encoding="gzip"),
        "too-large",
    ),
    "a gzip bomb": (answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), "too-large"),
    "a brotli bomb": (answer(200, brotli.compress(bytes(50_000_000)), Content_Encoding="br"), "too-large"),
    "not what it says": (answer(200, TEXT, Content_Encoding="gzip"), "broken-compression"),
    "broken off": (answer(200, brotli.compress(TEXT)[:-9], Content_Encoding="br"), "broken-compression"),
    "broken off, gzip": (answer(200, gzip.compress(TEXT)[:-9], Content_Encoding="gzip"), "broken-compression"),
    "broken off in its last bytes": (
        answer(200, gzip.compress(TEXT)[:-1], Content_Encoding="gzip"),
        "broken-compression",
    ),
    "broken off, deflate": (answer(200, zlib.compress(TEXT)[:-1], Content_Encoding="deflate"), "broken-compression"),
    "packed by nobody knows what": (answer(200, TEXT, Content_Encoding="zstd"), "broken-compression"),
}


@pytest.mark.parametrize("name", SIZES)
def test_bodies_are_bounded(name: str) -> None:
    page, error = SIZES[name]
    document, _ = fetched({"/": page})
    assert (document.error, len(document.body)) == (error, 0 if error else MOST)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_nothing_is_nothing_however_it_is_packed(encoding: str) -> None:
    document, _ = fetched({"/": answer(200, b"", Content_Encoding=encoding)})
    assert (document.status, document.error, document.body) == (200, "", b"")


BROKEN_OFF = {
    "shorter than its length": b"Content-Length: 99\r\n\r\n<rss>",
    "without its last chunk": b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
    "in the middle of a chunk": b"Transfer-Encoding: chunked\r\n\r\n99\r\n<rss>",
}


@pytest.mark.parametrize("name", BROKEN_OFF)
def test_a_body_that_breaks_off_is_no_document(name: str) -> None:
    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "a"\r\n' + BROKEN_OFF[name])
        writer.close()

    document, _ = fetched({"/": behave})
    assert (document.error, document.body) == ("bad-http", b"")


@pytest.mark.parametrize("status", [304, 404, 410, 500])
def test_how_an_error_page_is_packed_does_not_hide_that_it_is_one(status: int) -> None:
    page = answer(status, b"" if status == 304 else b"not gzip", Content_Encoding="gzip")
    document, _ = fetched({"/": page})
    assert (document.status, document.error, document.body) == (status, "", b"")


def test_time_is_for_all_redirects_together() -> None:
    async def late(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(to(f"{asked.path}x"))

    document, site = fetched({"*": late}, total=0.7)
    assert document.error == "total-timeout"
    assert 2 <= len(site.asked) <= 3


def test_a_server_that_drips_is_left() -> None:
    document, _ = fetched({"/": drip}, total=0.3)
    assert (document.error, document.body) == ("total-timeout", b"")


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        (" GZIP ", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("br", brotli.compress(TEXT)),
    ],
)
def test_what_is_packed_is_unpacked(encoding: str, packed: bytes) -> None:
    assert unpacked(packed, encoding, MOST) == TEXT
    assert unpacked(packed, encoding, len(TEXT)) == TEXT
    if encoding not in {"", "identity"}:
        assert unpacked(packed, encoding, 100) == TEXT[:101]
