"""The transport for those who may only go out through a proxy: httpx's own, behind what is left of the guard.

The proxy looks names up, so nobody here sees the address in the end; addresses written in URLs are checked.
"""

import ssl

import httpx

from feeds.web.addresses import host_of
from feeds.web.faults import WebError
from feeds.web.guard import Network, refusal
from feeds.web.limits import Limits


class ProxyTransport(httpx.AsyncBaseTransport):
    """Send requests through `proxy`, a URL such as http://user:password@proxy:3128."""

    def __init__(self, proxy: str, allowed: tuple[Network, ...], limits: Limits, context: ssl.SSLContext) -> None:
        self._allowed = allowed
        self._timeout = httpx.Timeout(limits.first_byte, connect=limits.connect, pool=None).as_dict()
        self._inner = httpx.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            proxy=proxy,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=limits.keep_alive),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, unless its host is an address that may not be contacted."""
        # As browsers read it: 0x7f.1 and 2130706433 are 127.0.0.1.
        reason = refusal(host_of(str(request.url)).strip("[]"), self._allowed)
        if reason not in {"", "address-malformed"}:  # a name is malformed as an address
            raise WebError(reason)
        request.extensions = {**request.extensions, "timeout": self._timeout}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()
