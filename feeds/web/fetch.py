"""Get a document, redirects and compression and all, within bounds.

Must never send what was meant for one host to another, never unpack more than it may keep, and never hand out the
beginning of a body for the whole: its validators would be kept, and a 304 would hide the rest for good.
"""

import asyncio
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import brotli

from feeds.web.addresses import next_url, origin_of
from feeds.web.client import Answer, WebClient

HOPS = 5
PERMANENT = frozenset((301, 308))


@dataclass(frozen=True, slots=True)
class Document:
    """What came of a fetch: `error` is "" for an answer, good or bad; `body` is unpacked.

    `url` is where it came from in the end; the body is that of a 200 only. `moved` is that URL, where every redirect on
    the way was for good (301, 308), else "".
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""
    moved: str = ""


async def fetch(
    client: WebClient, url: str, headers: Mapping[str, str], *, secret: Mapping[str, str], most: int
) -> Document:
    """Return the document at a URL, of at most `most` bytes unpacked, within `client.limits.total` seconds in all.

    `secret` headers go to the host of `url` alone, whatever it redirects to.
    """
    if not _is_sendable((*headers.values(), *secret.values())):
        return Document(url, error="header-malformed")
    try:
        # The client's own limit is for one request: six of them might drip, one after the other.
        async with asyncio.timeout(client.limits.total):
            return await _followed(client, url, headers, secret, most)
    except TimeoutError:
        return Document(url, error="total-timeout")


async def _followed(
    client: WebClient, url: str, headers: Mapping[str, str], secret: Mapping[str, str], most: int
) -> Document:
    at, lasting = url, True
    for _ in range(HOPS + 1):
        # A URL that cannot be parsed has no origin; it is refused before anything is sent.
        own = {**headers, **secret} if secret and (at == url or origin_of(at) == origin_of(url)) else headers
        answer = await client.request("GET", at, {"accept-encoding": "gzip, br", **own}, body_cap=most + 1)
        target = next_url(at, answer.status, answer.headers.get("location", ""))
        if not target:
            return _document(answer, at, at if lasting and at != url else "", most)
        lasting &= answer.status in PERMANENT
        at = target
    return Document(at, error="too-many-redirects")


def _is_sendable(values: Iterable[str]) -> bool:
    try:
        "".join(values).encode()
    except UnicodeEncodeError:  # a secret with bytes that are no UTF-8, which Python holds as lone surrogates
        return False
    return True


def _document(answer: Answer, url: str, moved: str, most: int) -> Document:
    if answer.error or answer.status != 200:  # how an error page is packed must not hide that it is one
        return Document(url, answer.status, answer.headers, error=answer.error, moved=moved)
    if answer.truncated or len(answer.body) > most:
        return Document(url, answer.status, answer.headers, error="too-large")
    try:
        body = unpacked(answer.body, answer.headers.get("content-encoding", ""), most)
    except (zlib.error, brotli.error, ValueError):
        return Document(url, answer.status, answer.headers, error="broken-compression")
    if len(body) > most:
        return Document(url, answer.status, answer.headers, error="too-large")
    return Document(url, answer.status, answer.headers, body, moved=moved)


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """Return a body without its compression, cut one byte behind `most`.

    Raises zlib.error, brotli.error or ValueError, also where it breaks off.
    """
    match encoding.strip().lower() if body else "":  # nothing at all is nothing, and no broken packing of it
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _inflated(body, zlib.MAX_WBITS | 16, most + 1)
        case "deflate":
            return _inflated(body, zlib.MAX_WBITS, most + 1)
        case "br":
            return _unbrotlied(body, most + 1)
        case _:
            raise ValueError(encoding)


def _inflated(body: bytes, window: int, most: int) -> bytes:
    decoder = zlib.decompressobj(window)
    found = decoder.decompress(body, most)
    if len(found) < most and not decoder.eof:
        raise ValueError("the body ends too early")
    return found


def _unbrotlied(body: bytes, most: int) -> bytes:
    decoder = brotli.Decompressor()
    found = bytearray(decoder.process(body, output_buffer_limit=most))
    while len(found) < most and not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=most - len(found))
        if not piece:
            raise ValueError("the body ends too early")
        found += piece
    return bytes(found[:most])
