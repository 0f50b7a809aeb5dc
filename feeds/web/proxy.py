"""The transport for those who may only go out through a proxy: httpx's own, behind what is left of the guard.

The proxy looks names up, so nobody here sees the address in the end; addresses written in URLs are checked.
"""

import ssl

import httpx

from feeds.web.addresses import host_of
from feeds.web.faults import WebError, code_of
from feeds.web.guard import Network, refusal
from feeds.web.limits import Limits
from feeds.web.transport import ADDRESS, FIELDS, UNVERIFIED


class ProxyTransport(httpx.AsyncBaseTransport):
    """Send requests through `proxy`, a URL such as http://user:password@proxy:3128."""

    def __init__(
        self,
        proxy: str,
        allowed: tuple[Network, ...],
        limits: Limits,
        verified: ssl.SSLContext,
        unverified: ssl.SSLContext,
    ) -> None:
        self._allowed = allowed
        self._timeout = httpx.Timeout(limits.first_byte, connect=limits.connect, pool=None).as_dict()
        self._inner = {True: _inner(proxy, limits, verified), False: _inner(proxy, limits, unverified)}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, unless its host is an address that may not be contacted."""
        # As browsers read it: 0x7f.1 and 2130706433 are 127.0.0.1.
        reason = refusal(host_of(str(request.url)).strip("[]"), self._allowed)
        if reason not in {"", "address-malformed"}:  # a name is malformed as an address
            raise WebError(reason)
        request.extensions = {**request.extensions, "timeout": self._timeout}
        try:
            response = await self._inner[UNVERIFIED not in request.extensions].handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            code = code_of(error)
            # Nothing but the proxy is connected to; only TLS reaches the host behind it.
            raise WebError(code if code.startswith("tls-") else "proxy") from error
        return httpx.Response(
            response.status_code,
            stream=response.stream,
            extensions={FIELDS: response.headers.raw, ADDRESS: ""},
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for inner in self._inner.values():
            await inner.aclose()


def _inner(proxy: str, limits: Limits, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=context,
        trust_env=False,
        proxy=proxy,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=limits.keep_alive),
    )
