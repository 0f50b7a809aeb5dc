"""One probe on its way from host to host: it holds at most one request's slot, and none while it waits."""

from collections.abc import Awaitable, Callable

from feeds.probe.lane import Flight
from feeds.probe.naming import host_of


class Trip:
    """The way of one probe from `url`. `flight` is its request under way, None while it waits for a host.

    `hop` ends a request and returns the next one, once the host of the URL may be asked.
    """

    def __init__(
        self, url: str, hop: Callable[[str, Flight | None], Awaitable[Flight]], flight: Flight | None = None
    ) -> None:
        self._url = url
        self._hop = hop
        self._fresh = flight is not None
        self.flight = flight

    @property
    def asked(self) -> bool:
        """Whether any request was sent: a URL may be refused before."""
        return not self._fresh

    async def gate(self, url: str) -> None:
        """Wait until the host of `url` may be asked; the first request has its slot already."""
        flight, fresh = self.flight, self._fresh
        self._fresh = False
        if fresh and flight and (url == self._url or flight.lane.host == host_of(url)):
            return
        self.flight = None
        self.flight = await self._hop(url, flight)
