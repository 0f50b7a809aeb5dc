"""One connection that asks one question at a time.

It must never hold more than two receive buffers of a body: a peer that sends faster than it is read is paused.
A protocol and not asyncio's streams, which cost more per exchange and buffer without asking.
"""

import asyncio
from typing import cast

from feeds.web.exchange import Exchange
from feeds.web.faults import WebError

_HIGH_WATER = 65_536
# What is received is parsed before the next is, so all connections share one buffer. A view, because asyncio's TLS
# slices what it is given, and a slice of a bytearray is a copy: what it wrote there would be lost.
_RECEIVED = memoryview(bytearray(65_536))


class Wire(asyncio.BufferedProtocol):
    """A connection; `address` is the one actually connected to, `idle_since` belongs to who keeps it."""

    def __init__(self, header_cap: int) -> None:
        self.address = ""
        self.idle_since = 0.0
        self._cap = header_cap
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._fault: WebError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False

    @property
    def open(self) -> bool:
        """Tell whether the connection still stands."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def answered(self) -> bool:
        """Tell whether any byte came since the last question."""
        return self._exchange is not None and self._exchange.received > 0

    @property
    def reusable(self) -> bool:
        """Tell whether another question may follow: the answer is whole and taken, and nobody wants to close."""
        exchange = self._exchange
        return exchange is not None and exchange.ended and exchange.keep and not exchange.body and self.open

    async def ask(self, request: bytes, first_byte: float, *, head_only: bool) -> Exchange:
        """Send a request and return the answer once its head is there, `first_byte` seconds for the first of it.

        Raises WebError: read-timeout, empty-reply, reset, bad-http, headers-too-large.
        """
        if self._transport is None or self._transport.is_closing():
            raise WebError("reset")
        exchange = self._exchange = Exchange(head_only=head_only)
        self._transport.write(request)
        timer = asyncio.get_running_loop().call_later(first_byte, self._expire)
        try:
            while not exchange.head_done:
                await self._more()
        finally:
            timer.cancel()
        return exchange

    async def read(self) -> bytes:
        """Return the next piece of the body, b"" at its end; raises WebError as `ask`."""
        exchange = self._exchange
        if exchange is None:
            return b""
        while not exchange.body and not exchange.ended:
            await self._more()
        piece = bytes(exchange.body)
        exchange.body.clear()
        if self._paused and self.open and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return piece

    def abort(self) -> None:
        """Close at once; unread and unsent bytes are lost."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (called by asyncio)."""
        self._transport = cast(asyncio.Transport, transport)
        self.address = str((transport.get_extra_info("peername") or ("",))[0])

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's signature
        """Return where to put what comes (called by asyncio)."""
        return _RECEIVED

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came (called by asyncio)."""
        exchange = self._exchange
        if exchange is None or exchange.ended:
            self.abort()  # nobody asked for this
            return
        try:
            exchange.feed(_RECEIVED[:nbytes])
        except WebError as fault:
            self._fail(fault)
        if not exchange.head_done and exchange.received >= self._cap:
            self._fail(WebError("headers-too-large", exchange.status_so_far()))
        elif len(exchange.body) > _HIGH_WATER and not self._paused and self.open and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Close when the peer does (called by asyncio)."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End (called by asyncio)."""
        if self._exchange is not None:
            self._fault = self._fault or self._exchange.finish(exc)
            self._exchange.close()
        self._transport = None
        self._wake()

    async def _more(self) -> None:
        if self._fault is not None:
            raise self._fault
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _expire(self) -> None:
        if not self.answered:
            self._fail(WebError("read-timeout"))

    def _fail(self, fault: WebError) -> None:
        self._fault = self._fault or fault
        self.abort()
        self._wake()
