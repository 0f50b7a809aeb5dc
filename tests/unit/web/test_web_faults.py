import errno
import socket
import ssl

import httpx
import pytest

from feeds.web.faults import WebError, code_of


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def timed_out() -> WebError:
    error = WebError("connect-timeout")
    error.__cause__ = TimeoutError()
    return error


def hidden(cause: Exception) -> httpx.ConnectError:
    """Raise as httpcore does: `from None`, which leaves the context alone."""
    try:
        try:
            raise cause
        except type(cause):
            raise httpx.ConnectError("All connection attempts failed") from None
    except httpx.ConnectError as error:
        return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WebError("address-private"), "address-private"),
        (timed_out(), "connect-timeout"),
        (socket.gaierror(socket.EAI_NONAME, ""), "dns-nxdomain"),
        (socket.gaierror(socket.EAI_NODATA, ""), "dns-nxdomain"),
        (socket.gaierror(socket.EAI_AGAIN, ""), "dns-failure"),
        (socket.gaierror(socket.EAI_FAIL, ""), "dns-failure"),
        (ConnectionRefusedError(errno.ECONNREFUSED, ""), "refused"),
        (ConnectionResetError(errno.ECONNRESET, ""), "reset"),
        (ConnectionResetError(), "reset"),
        (BrokenPipeError(errno.EPIPE, ""), "reset"),
        (TimeoutError(), "total-timeout"),
        (TimeoutError(errno.ETIMEDOUT, ""), "connect-timeout"),
        (OSError(errno.EHOSTUNREACH, ""), "host-unreachable"),
        (OSError(errno.ENETUNREACH, ""), "no-route"),
        (OSError(errno.EMFILE, ""), "too-many-files"),
        (OSError(errno.ENFILE, ""), "too-many-files"),
        (certificate(10), "tls-expired"),
        (certificate(9), "tls-expired"),
        (certificate(62), "tls-host"),
        (certificate(64), "tls-host"),
        (certificate(18), "tls-unknown-issuer"),
        (certificate(20), "tls-unknown-issuer"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "tls-handshake"),
        (httpx.InvalidURL("no"), "url-malformed"),
        (httpx.RemoteProtocolError("no"), "bad-http"),
        (httpx.ReadTimeout("no"), "read-timeout"),
        (httpx.ConnectTimeout("no"), "connect-timeout"),
        (hidden(socket.gaierror(socket.EAI_NONAME, "")), "dns-nxdomain"),
        (hidden(ConnectionRefusedError(errno.ECONNREFUSED, "")), "refused"),
        (hidden(certificate(10)), "tls-expired"),
    ],
    ids=repr,
)
def test_the_code_of_an_error(error, code):
    assert code_of(error) == code
