"""One connection that speaks HTTP/1.1, one exchange at a time, parsed by httptools (llhttp).

It must never hold more than one receive buffer of a body: a peer that sends faster than it is read is paused.
asyncio's own streams cost 90 us more per exchange over 1,000 hosts.
"""

import asyncio
from dataclasses import dataclass

import httptools

from feeds.web.faults import WebError

Headers = list[tuple[bytes, bytes]]

_HIGH_WATER = 65_536
_BODILESS = frozenset((204, 304))
# llhttp hands each piece on before the next is received, so all connections of a loop share one buffer.
_RECEIVED = bytearray(65_536)


@dataclass(frozen=True, slots=True)
class Head:
    """The status line and header fields of an answer."""

    status: int
    version: str
    headers: Headers


class Wire(asyncio.BufferedProtocol):
    """A connection; `address` is the one actually connected to."""

    def __init__(self, header_cap: int) -> None:
        self.address = ""
        self.idle_since = 0.0
        self.fresh = True  # no exchange has ended well yet
        self._cap = header_cap
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._reset(head_only=False)

    @property
    def open(self) -> bool:
        """Tell whether the connection still stands."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def reusable(self) -> bool:
        """Tell whether another exchange may follow: the answer is whole, and nobody wants to close."""
        return self._ended and self._keep and self.open and not self._body

    async def ask(self, request: bytes, first_byte: float, *, head_only: bool) -> Head:
        """Send a request and return the head of the answer; interim answers (1xx) are passed over.

        Raises WebError: read-timeout, empty-reply, reset, bad-http, headers-too-large.
        """
        if self._transport is None or self._transport.is_closing():
            raise WebError("reset")
        self._reset(head_only=head_only)
        self._parser = _parser(self)
        self._transport.write(request)
        timer = self._loop().call_later(first_byte, self._expire)
        try:
            while not self._head_done and self._fault is None:
                await self._wake_up()
        finally:
            timer.cancel()
        if self._fault is not None and not self._head_done:
            raise self._fault
        return Head(self._status, self._version, self._headers)

    async def read(self) -> bytes:
        """Return the next piece of the body, b"" at its end; raises WebError as `ask`."""
        while not self._body and not self._ended:
            if self._fault is not None:
                raise self._fault
            await self._wake_up()
        piece = bytes(self._body)
        self._body.clear()
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return piece

    def abort(self) -> None:
        """Close at once; unread and unsent bytes are lost."""
        self._ended = True
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = transport  # type: ignore[assignment]  # a stream has a Transport
        self.address = str((transport.get_extra_info("peername") or ("",))[0])

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002, D102
        return _RECEIVED

    def buffer_updated(self, nbytes: int) -> None:  # noqa: D102
        self._bytes += nbytes
        if self._parser is None or self._ended:
            self.abort()  # nobody asked for this
            return
        self._feed(memoryview(_RECEIVED)[:nbytes])
        if not self._head_done and self._bytes > self._cap:
            self._fail(WebError("headers-too-large", self._parser.get_status_code()))
        elif len(self._body) > _HIGH_WATER and self.open and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:  # noqa: D102
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        if self._head_done and self._until_close and exc is None:
            self._ended = True
        elif not self._ended and self._fault is None:
            self._fault = self._cut_off(exc)
        self._keep = False
        self._parser = None
        self._wake()

    # What the parser calls.

    def on_status(self, status: bytes) -> None:  # noqa: ARG002, D102
        self._headers = []

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:  # noqa: D102
        parser = self._parser
        if parser is None or self._head_done:
            return
        self._status = parser.get_status_code()
        if 100 <= self._status < 200 and self._status != 101:
            return
        self._version = parser.get_http_version()
        self._head_done = True
        self._settle_framing()

    def on_body(self, body: bytes) -> None:  # noqa: D102
        if self._ended:
            self._keep = False  # a body after HEAD: the bytes after it would be taken for the next answer
        else:
            self._body += body

    def on_message_complete(self) -> None:  # noqa: D102
        if self._head_done:
            self._ended = True

    def _settle_framing(self) -> None:
        fields: dict[bytes, bytes] = {}
        for name, value in self._headers:
            if name in {b"connection", b"content-length", b"transfer-encoding"}:
                fields[name] = value.lower()
        options = fields.get(b"connection", b"")
        self._keep = b"keep-alive" in options if self._version == "1.0" else b"close" not in options
        if self._head_only or self._status in _BODILESS:
            self._ended = True
            return
        self._until_close = b"content-length" not in fields and b"chunked" not in fields.get(b"transfer-encoding", b"")
        self._keep = self._keep and not self._until_close

    def _feed(self, data: memoryview) -> None:
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ended, self._keep = True, False
        except httptools.HttpParserError as error:
            if self._ended:
                self._keep = False
            else:
                fault = WebError("bad-http")
                fault.__cause__ = error
                self._fail(fault)

    def _expire(self) -> None:
        if self._bytes == 0:
            self._fail(WebError("read-timeout"))

    def _cut_off(self, exc: Exception | None) -> WebError:
        if self._bytes == 0 and exc is None:
            return WebError("empty-reply")
        fault = WebError("reset" if exc is not None or not self._head_done else "bad-http")
        fault.__cause__ = exc
        return fault

    def _fail(self, fault: WebError) -> None:
        if self._fault is None:
            self._fault = fault
        self._keep = False
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    def _reset(self, *, head_only: bool) -> None:
        self._head_only = head_only
        self._bytes = self._status = 0
        self._version = ""
        self._headers: Headers = []
        self._body = bytearray()
        self._head_done = self._ended = self._until_close = self._paused = False
        self._keep = False
        self._fault: WebError | None = None
        self._waiter: asyncio.Future[None] | None = None

    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    async def _wake_up(self) -> None:
        self._waiter = self._loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _parser(protocol: Wire) -> httptools.HttpResponseParser:
    parser = httptools.HttpResponseParser(protocol)
    # As browsers read: a bare LF, a stray control character, both a length and chunks. Each connection carries our own
    # requests only, so nobody else's answer can be smuggled in.
    parser.set_dangerous_leniencies(
        lenient_headers=True,
        lenient_chunked_length=True,
        lenient_data_after_close=True,
        lenient_optional_lf_after_cr=True,
        lenient_optional_cr_before_lf=True,
        lenient_optional_crlf_after_chunk=True,
        lenient_spaces_after_chunk_size=True,
    )
    return parser
