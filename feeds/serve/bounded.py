"""One connection within bounds: of its head in bytes and seconds, of bodies (none), of what waits to be written.

uvicorn's own protocol bounds none of these. Must never answer for a file: it only refuses.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from feeds.serve.answer import Answer, Headers
from feeds.serve.app import Receive, Scope, Send

AtOnce = Callable[[str, Headers], Answer | None]

PIPELINED = 64
# Over the bound, so many still hear 503; what comes beyond is dropped unheard.
SPARE = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one connection may take: bytes and seconds for the head of a request, seconds between two and for an answer.

    A reader may be slow: 128 KB wait for it at most, so one that takes 2 KB/s still gets everything.
    """

    head_bytes: int = 16_384
    head_seconds: float = 10.0
    idle_seconds: int = 30
    write_seconds: float = 60.0


_NO_BODY = frozenset((b"", b"0"))
_TEXTS = {
    400: "This is not a request of HTTP/1.1.",
    408: "The request took too long to arrive.",
    413: "Requests with a body are not taken here.",
    431: "The head of the request is too large.",
    503: "Too many connections: please come back later.",
}
_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}

# uvicorn warns of every broken request, and strangers would decide how much is logged; its errors are ours.
_log = logging.getLogger("feeds.serve.connection")
_log.setLevel(logging.ERROR)


class _Refusal:
    """An ASGI application that gives one refusal; requests that came before on the connection are answered first."""

    def __init__(self, status: int) -> None:
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI
        fields, body = refusal(self._status)
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def refusal(status: int) -> tuple[dict[str, str], bytes]:
    """Return the fields and the body of a refusal that ends the connection."""
    body = f"{_TEXTS[status]}\n".encode()
    fields = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "access-control-allow-origin": "*",
        "connection": "close",
    }
    return ({**fields, "retry-after": "10"} if status == 503 else fields), body


_REFUSALS: dict[int, Any] = {status: _Refusal(status) for status in _TEXTS}


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with its bounds; `most` connections are answered at once."""

    def __init__(self, *given: Any, most: int, bounds: Bounds, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger = _log
        self.access_log = False
        self._served = self.app
        self._most, self._bounds = most, bounds
        self._at_once: AtOnce | None = getattr(self.app, "at_once", None)
        self._is_answered = False  # the request whose end is still to come
        self._fed = 0  # bytes since the last head was complete
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    # --- asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are far too many."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        if len(self.connections) > self._most + SPARE:
            transport.abort()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._head_timer = _no_more(self._head_timer)
        self._write_timer = _no_more(self._write_timer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request or of several."""
        self._fed += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._fed > self._bounds.head_bytes:
            self._refuse(431)
        elif not self._fed:
            self._head_timer = _no_more(self._head_timer)
        elif self._head_timer is None and not self._is_answering:
            self._await_head()

    def pause_writing(self) -> None:
        """Hold the answer, but not for ever."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """Go on with the answer."""
        self._write_timer = _no_more(self._write_timer)
        super().resume_writing()

    # --- uvicorn

    def on_headers_complete(self) -> None:
        """Start the answer, or a refusal in its place."""
        if len(self.pipeline) >= PIPELINED:
            self.transport.abort()
            raise ConnectionAbortedError  # or the parser would go through all that is left of this piece
        status = self._fault()
        self._fed = 0
        if not status and self._is_plain() and self._answer_at_once():
            return
        self.app = _REFUSALS[status] if status else self._served
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        if self._is_answered:
            self._is_answered = False
        else:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the reader to take this answer."""
        super().on_response_complete()
        self._write_timer = _no_more(self._write_timer)
        if self.transport.get_write_buffer_size():
            self._await_reader()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn passes it
        """Refuse what is not HTTP; an answer that is under way comes first."""
        if self._is_answering:
            self.cycle.keep_alive = False
        else:
            self._refuse(400)

    # --- the short way

    def _is_plain(self) -> bool:
        """Tell whether this is a GET on a kept connection that nothing is under way on: almost all requests are."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not (self.pipeline or self._is_answering or self.flow.write_paused or self.expect_100_continue)
            and not parser.should_upgrade()
        )

    def _answer_at_once(self) -> bool:
        """Write what the application has ready; return False where the long way has to be gone.

        The long way is a task, a scope, two sends and two regular expressions a field: 35 µs and not 17.
        """
        ask = self._at_once
        if ask is None or b"%" in self.url or not (self.url.isascii() and self.url.startswith(b"/")):
            return False
        ready = ask(self.url.partition(b"?")[0].decode("ascii"), self.headers)
        if ready is None:
            return False
        self._is_answered = True
        date = b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)
        self.transport.write(b"".join((ready.head, date, b"\r\n", ready.body)))
        self.on_response_complete()
        return True

    # --- bounds

    @property
    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # uvicorn's type leaves out the time before the first
        return cycle is not None and not cycle.response_complete

    def _fault(self) -> int:
        """Return with which status to refuse the request whose head is complete, 0 for none."""
        if self._fed > self._bounds.head_bytes and self._head_size() > self._bounds.head_bytes:
            return 431
        for name, value in self.headers:
            if (name == b"content-length" and value not in _NO_BODY) or name == b"transfer-encoding":
                return 413
        return 503 if len(self.connections) > self._most else 0

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self._bounds.head_seconds, self._on_slow_head)

    def _on_slow_head(self) -> None:
        self._head_timer = None
        if self._is_answering or self.transport.is_closing():
            return
        if self._fed:
            self._refuse(408)
        else:
            self.transport.close()

    def _await_reader(self) -> None:
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self._bounds.write_seconds, self._on_slow_reader)

    def _on_slow_reader(self) -> None:
        self._write_timer = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Refuse what is no request yet, and end the connection; at once where an answer is under way."""
        if self.transport.is_closing() or self._is_answering:
            self.transport.abort()
            return
        fields, body = refusal(status)
        lines = [f"HTTP/1.1 {status} {_PHRASES[status]}", *(f"{name}: {value}" for name, value in fields.items())]
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self.transport.close()


def _no_more(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Cancel a timer; return None, which stands for none."""
    if timer is not None:
        timer.cancel()
    return None
