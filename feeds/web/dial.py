"""Open connections to addresses that were checked, and to no others.

The addresses of a name are looked up, checked and connected to in one go: no second lookup could bring another answer
(DNS rebinding). It must be the only place where a connection is opened, so that every hop of a redirect passes it.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from functools import partial
from ipaddress import ip_address

from feeds.web.dns import Resolver
from feeds.web.faults import WebError, code_of
from feeds.web.guard import Network, refusal
from feeds.web.limits import Limits
from feeds.web.wire import Wire

_ATTEMPTS = 4
_GOOD_BYE = 1.0
_NEXT_AFTER = 3.0  # seconds for an address while there is another to try: half of all broken IPv6 is a black hole


class Dialler:
    """Connect to hosts; `allowed` networks are open although they are not public."""

    def __init__(self, resolver: Resolver, allowed: tuple[Network, ...], limits: Limits) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self._limits = limits

    async def dial(self, host: str, port: int, tls: ssl.SSLContext | None) -> Wire:
        """Return a connection to a host, an IPv6 address without brackets.

        Raises WebError: address-*, dns-*, connect-timeout and the like; ssl.SSLError; OSError.
        """
        addresses = await self._addresses(host)
        try:
            async with asyncio.timeout(self._limits.connect):
                return await self._first(addresses[:_ATTEMPTS], host, port, tls)
        except TimeoutError as error:
            raise WebError("connect-timeout") from error

    async def _addresses(self, host: str) -> Sequence[str]:
        found = (host,) if _is_literal(host) else await self._resolver.addresses(host)
        # One bad address condemns the name: it is how rebinding looks from outside.
        for address in found:
            if reason := refusal(address, self._allowed):
                raise WebError(reason)
        return found

    async def _first(self, addresses: Sequence[str], host: str, port: int, tls: ssl.SSLContext | None) -> Wire:
        fault: Exception | None = None
        for address in addresses[:-1]:
            try:
                async with asyncio.timeout(_NEXT_AFTER):
                    return await self._connected(address, host, port, tls)
            except ssl.SSLError:
                raise
            except OSError as error:
                fault = error
        try:
            return await self._connected(addresses[-1], host, port, tls)
        except OSError as error:
            # No IPv6 here is no fault of the host, but then its IPv4 address has the word.
            if fault is not None and code_of(error) == "no-route" and code_of(fault) != "total-timeout":
                raise fault from error
            raise

    async def _connected(self, address: str, host: str, port: int, tls: ssl.SSLContext | None) -> Wire:
        loop = asyncio.get_running_loop()
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.settimeout(0)
            await loop.sock_connect(connection, (address, port))
        except BaseException:
            connection.close()
            raise
        factory = partial(Wire, self._limits.headers)
        if tls is None:
            return (await loop.create_connection(factory, sock=connection))[1]
        # Without a limit of our own a peer that never says good-bye keeps the socket for 30 s.
        name = host.rstrip(".")
        return (
            await loop.create_connection(
                factory, sock=connection, ssl=tls, server_hostname=name, ssl_shutdown_timeout=_GOOD_BYE
            )
        )[1]


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
