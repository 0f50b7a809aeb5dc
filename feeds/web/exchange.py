"""One answer as it comes in, parsed by httptools (llhttp). Sees bytes only; must never touch a connection."""

import httptools

from feeds.web.faults import WebError

Headers = list[tuple[bytes, bytes]]

_BODILESS = frozenset((204, 304))
_FRAMING = frozenset((b"connection", b"content-length", b"transfer-encoding"))


class Exchange:
    """The answer to one request.

    `received` counts bytes; `head_done` and `ended` say how far it is; `keep` whether the connection may serve another.
    `body` holds what has come and was not taken yet. The names that begin with `on_` are called by the parser.
    """

    def __init__(self, *, head_only: bool) -> None:
        self.status = 0
        self.headers: Headers = []
        self.body = bytearray()
        self.received = 0
        self.head_done = False
        self.ended = False
        self.keep = False
        self._until_close = False
        self._head_only = head_only
        self._parser: httptools.HttpResponseParser | None = _parser(self)

    def feed(self, data: memoryview) -> None:
        """Take what came; raises WebError: bad-http."""
        self.received += len(data)
        if self._parser is None:
            self.keep = False
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.ended, self.keep = True, False
        except httptools.HttpParserError as error:
            if not self.ended:
                raise WebError("bad-http") from error
            self.keep = False
        if self.ended:
            self.close()

    def finish(self, error: Exception | None) -> WebError | None:
        """Return what it means that the connection is gone: None where the answer is whole."""
        self.close()
        self.keep = False
        self.ended = self.ended or (self.head_done and self._until_close and error is None)
        if self.ended:
            return None
        if self.received == 0 and error is None:
            return WebError("empty-reply")
        fault = WebError("bad-http" if self.head_done and error is None else "reset")
        fault.__cause__ = error
        return fault

    def status_so_far(self) -> int:
        """Return the status of the last status line, 0 where there was none."""
        return self.status or (self._parser.get_status_code() if self._parser else 0)

    def close(self) -> None:
        """Let the parser go: it holds us, and the two would wait for the garbage collector."""
        self._parser = None

    def on_message_begin(self) -> None:
        """Forget the fields of an interim answer (1xx)."""
        if self.ended:
            self.keep = False  # an answer to a question nobody asked
        elif not self.head_done:
            self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field; those after the body are trailers."""
        if not self.head_done:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Settle where the body ends."""
        parser = self._parser
        if parser is None or self.head_done:
            return
        status = parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            return
        self.status = status
        self.head_done = True
        fields = {name: value.lower() for name, value in self.headers if name in _FRAMING}
        options = fields.get(b"connection", b"")
        self.keep = b"keep-alive" in options if parser.get_http_version() == "1.0" else b"close" not in options
        if self._head_only or status in _BODILESS:
            self.ended = True
        elif b"content-length" not in fields and b"chunked" not in fields.get(b"transfer-encoding", b""):
            self._until_close, self.keep = True, False

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body; after HEAD it would be read as the next answer, so there will be none."""
        if self.ended:
            self.keep = False
        else:
            self.body += body

    def on_message_complete(self) -> None:
        """End, unless it was an interim answer."""
        self.ended = self.ended or self.head_done


def _parser(receiver: Exchange) -> httptools.HttpResponseParser:
    parser = httptools.HttpResponseParser(receiver)
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
