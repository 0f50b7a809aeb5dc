"""Look names up without letting a name that hangs delay the others.

The resolver of asyncio shares six threads on a small machine, and 12 hanging names froze 600 good hosts for 10 s;
httpx has no cache of names at all. This one has threads of its own, a cache, and asks once for all who wait.
"""

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feeds.web.faults import WebError, code_of
from feeds.web.flights import Flights
from feeds.web.threads import DaemonThreads

Lookup = Callable[[str], Sequence[str]]

_THREADS = 64
_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long an answer is kept, in seconds: getaddrinfo tells no TTL. `patience` is how long a name may take."""

    found: float = 300.0
    absent: float = 600.0
    failed: float = 60.0
    patience: float = 10.0


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    addresses: tuple[str, ...] = ()
    code: str = ""


def system_lookup(host: str) -> tuple[str, ...]:
    """Return the addresses the system knows for a name, best first; raises socket.gaierror. May take very long."""
    # No AI_ADDRCONFIG: it calls a name with IPv6 addresses only absent where we have no IPv6.
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """Turn names into addresses; `lookup` runs in a thread and raises socket.gaierror."""

    def __init__(self, lookup: Lookup = system_lookup, lifetimes: Lifetimes | None = None) -> None:
        self.lifetimes = lifetimes or Lifetimes()
        self._lookup = lookup
        self._threads = DaemonThreads(_THREADS)
        self._flights: Flights[str, _Known] = Flights()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a name, best first, at least one.

        Raises WebError: dns-nxdomain, dns-failure, or dns-busy where all threads hang on other names.
        """
        known = self._known.get(host)
        if known is None or known.until < time.monotonic():
            known = await self._flights.join(host, lambda: self._look_up(host))
        if known.code:
            raise WebError(known.code)
        return known.addresses

    async def close(self) -> None:
        """Stop waiting for what is under way; threads that hang are left behind."""
        await self._flights.close()
        self._threads.close()

    async def _look_up(self, host: str) -> _Known:
        addresses, code = await self._asked(host)
        lifetime = {"": self.lifetimes.found, "dns-nxdomain": self.lifetimes.absent}.get(code, self.lifetimes.failed)
        known = _Known(time.monotonic() + lifetime, addresses, code)
        if code != "dns-busy":  # nobody was asked
            self._remember(host, known)
        return known

    async def _asked(self, host: str) -> tuple[tuple[str, ...], str]:
        job = self._threads.submit(lambda: tuple(self._lookup(host)))
        try:
            async with asyncio.timeout(self.lifetimes.patience):
                found = await job.result
        except TimeoutError:
            return (), "dns-failure" if job.started else "dns-busy"
        except (OSError, UnicodeError) as error:
            return (), _code(error)
        return found, "" if found else "dns-nxdomain"

    def _remember(self, host: str, known: _Known) -> None:
        self._known[host] = known
        self._known.move_to_end(host)
        while len(self._known) > _NAMES:
            self._known.popitem(last=False)


def _code(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "dns-nxdomain"  # a label over 63 characters makes the IDNA codec raise: there is no such name
    return code_of(error) if isinstance(error, socket.gaierror) else "dns-failure"
