"""The transport under httpx: one guarded connection per exchange, kept alive where the peer allows.

httpx's own costs 900 us a request over 1,000 hosts and 10,000 with many connections kept alive (httpcore #1035).
It must never decode, follow or repeat anything, but for a kept connection that turns out to be dead.
"""

import ssl
from collections.abc import AsyncIterator

import httpx

from feeds.web.dial import Dialler
from feeds.web.exchange import Exchange
from feeds.web.faults import WebError
from feeds.web.idle import IdleWires, Origin
from feeds.web.limits import Limits
from feeds.web.wire import Wire

_PORTS = {"http": 80, "https": 443}
_STALE = frozenset(("reset", "empty-reply"))
_REPEATABLE = frozenset(("HEAD", "GET"))
# Keys of `extensions`. Of a request: take any certificate. Of an answer: its header fields, and who gave it. httpx does
# not see the fields: it prepares the next request of every redirect it is not to follow, and raises where it cannot.
UNVERIFIED = "unverified"
FIELDS = "fields"
ADDRESS = "address"


class GuardedTransport(httpx.AsyncBaseTransport):
    """Send requests for `httpx.AsyncClient`; raises WebError, ssl.SSLError and OSError."""

    def __init__(self, dialler: Dialler, limits: Limits, verified: ssl.SSLContext, unverified: ssl.SSLContext) -> None:
        self._dialler = dialler
        self._limits = limits
        self._contexts = {True: verified, False: unverified}
        self._idle = IdleWires(limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the answer as soon as its head is there."""
        url = request.url
        if url.scheme not in _PORTS:
            raise WebError("url-scheme")
        is_verified = UNVERIFIED not in request.extensions
        origin = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme], is_verified)
        message = _head(request) + await request.aread()
        head_only = request.method == "HEAD"
        # What must not be sent twice (RFC 9110, section 9.2.2) goes over no connection that may be dead already.
        exchange = self._exchange if request.method in _REPEATABLE else self._on_fresh
        wire, answer = await exchange(origin, message, head_only=head_only)
        return httpx.Response(
            answer.status,
            stream=_Body(wire, self._idle, origin),
            extensions={FIELDS: answer.headers, ADDRESS: wire.address},
        )

    async def aclose(self) -> None:
        """Close the connections that wait."""
        self._idle.close()

    async def _exchange(self, origin: Origin, message: bytes, *, head_only: bool) -> tuple[Wire, Exchange]:
        while wire := self._idle.take(origin):
            try:
                return wire, await self._asked(wire, message, head_only=head_only)
            except WebError as error:
                # The peer closed it just as we wrote: the request has not been served (RFC 9110, section 9.2.2).
                if error.code not in _STALE or wire.answered:
                    raise
        return await self._on_fresh(origin, message, head_only=head_only)

    async def _on_fresh(self, origin: Origin, message: bytes, *, head_only: bool) -> tuple[Wire, Exchange]:
        scheme, host, port, is_verified = origin
        wire = await self._dialler.dial(host, port, self._contexts[is_verified] if scheme == "https" else None)
        return wire, await self._asked(wire, message, head_only=head_only)

    async def _asked(self, wire: Wire, message: bytes, *, head_only: bool) -> Exchange:
        try:
            return await wire.ask(message, self._limits.first_byte, head_only=head_only)
        except BaseException:
            wire.abort()  # also when we are cancelled: nobody else knows of this connection
            raise


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it before its end closes the connection."""

    def __init__(self, wire: Wire, idle: IdleWires, origin: Origin) -> None:
        self._wire: Wire | None = wire
        self._idle = idle
        self._origin = origin

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._wire is not None and (piece := await self._wire.read()):
            yield piece

    async def aclose(self) -> None:
        wire, self._wire = self._wire, None
        if wire is None:
            return
        if wire.reusable:
            self._idle.give(self._origin, wire)
        else:
            wire.abort()


def _head(request: httpx.Request) -> bytes:
    lines = [request.method.encode("ascii") + b" " + request.url.raw_path + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    head = b"\r\n".join(lines)
    # A value may be an ETag that a peer made up.
    if head.count(b"\r") != len(lines) - 1 or head.count(b"\n") != len(lines) - 1 or b"\0" in head:
        raise WebError("url-malformed")
    return head + b"\r\n\r\n"
