"""What can go wrong between us and a host, as short codes.

address-* url-*                                        we do not ask
dns-nxdomain dns-failure                               the name
refused connect-timeout host-unreachable               the connection
tls-expired tls-host tls-unknown-issuer tls-handshake  the certificate, or no TLS at all
read-timeout total-timeout reset empty-reply bad-http  the answer
headers-too-large                                      an answer all the same: the host is alive
no-route too-many-files dns-busy                       ours: says nothing about the host
"""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx


class WebError(Exception):
    """A request that got no whole answer; `code` says why, `status` what the status line said, 0 for none."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


# What the far side, the network or the URL can do to a request; everything else is a fault of this program.
FAR_FAULTS = (WebError, OSError, httpx.TransportError, httpx.InvalidURL)

_ERRNO = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.ECONNABORTED: "reset",
    errno.EPIPE: "reset",
    errno.ETIMEDOUT: "connect-timeout",
    errno.EHOSTUNREACH: "host-unreachable",
    errno.EHOSTDOWN: "host-unreachable",
    errno.ENETUNREACH: "no-route",
    errno.ENETDOWN: "no-route",
    errno.EACCES: "no-route",
    errno.EPERM: "no-route",  # a firewall on this machine
    errno.EADDRNOTAVAIL: "no-route",
    errno.EAFNOSUPPORT: "no-route",
    errno.EMFILE: "too-many-files",
    errno.ENFILE: "too-many-files",
    errno.ENOBUFS: "too-many-files",
    errno.ENOMEM: "too-many-files",
}
# X509_V_ERR_*: the name does not fit, for a host name, an e-mail address and an IP address.
_WRONG_HOST = frozenset((62, 63, 64))
_EXPIRED = frozenset((9, 10))  # not yet valid, and no longer
_NO_NAME = frozenset((socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)))
_HTTPX = (
    (httpx.InvalidURL, "url-malformed"),
    (httpx.UnsupportedProtocol, "url-scheme"),
    (httpx.ConnectTimeout, "connect-timeout"),
    (httpx.TimeoutException, "read-timeout"),
    (httpx.ProtocolError, "bad-http"),
    (httpx.ProxyError, "proxy"),
)


def code_of(error: BaseException) -> str:
    """Return the code of an error, taken from the deepest cause that has one; a WebError knows its own.

    httpcore says `raise ... from None`, so the context is walked as well as the cause.
    """
    if isinstance(error, WebError):
        return error.code
    codes = [_own_code(cause) for cause in _causes(error)]
    return next(filter(None, reversed(codes)), "reset")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _own_code(error: BaseException) -> str:
    if isinstance(error, WebError):
        return error.code
    if isinstance(error, ssl.SSLError):
        return _tls_code(error)
    if isinstance(error, socket.gaierror):
        return "dns-nxdomain" if error.errno in _NO_NAME else "dns-failure"
    if isinstance(error, TimeoutError) and not error.errno:
        return "total-timeout"
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0, "reset" if isinstance(error, ConnectionError) else "")
    return next((code for kind, code in _HTTPX if isinstance(error, kind)), "")


def _tls_code(error: ssl.SSLError) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls-handshake"
    if error.verify_code in _EXPIRED:
        return "tls-expired"
    return "tls-host" if error.verify_code in _WRONG_HOST else "tls-unknown-issuer"
