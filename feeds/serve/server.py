"""Run an application at an address until told to stop. Must never handle a signal or set up logging: callers do."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from feeds.errors import AddressError
from feeds.serve.bounded import BoundedProtocol, Bounds

# uvicorn looks every 0.1 s whether it should end; with this the whole is gone within three.
LAST_SECONDS = 2
BACKLOG = 2048

_CURES = {
    errno.EADDRINUSE: "another program is there already; stop it, or choose another port (0 takes a free one)",
    errno.EACCES: "ports below 1024 are for the administrator; choose a higher one",
    errno.EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 and [::] mean all it has",
}


class _Server(uvicorn.Server):
    """uvicorn's server that leaves signals alone and says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def serve(
    app: Any,
    address: str,
    *,
    stop: asyncio.Event,
    connections: int,
    ready: Callable[[str], None] = lambda _: None,
    bounds: Bounds | None = None,
) -> None:
    """Serve an ASGI application at `host:port` until `stop` is set; then finish what is under way, within 3 s.

    Calls `ready` with the `host:port` it listens at. At most `connections` are answered at once. Several may run in one
    loop. Raises AddressError where the address cannot be had.
    """
    listener = listening(address)
    _allow(connections)
    bound = f"{address.rpartition(':')[0]}:{listener.getsockname()[1]}"
    server = _Server(_config(app, connections, bounds or Bounds()), lambda: ready(bound))
    stopping = asyncio.create_task(_tell(server, stop))
    try:
        await server.serve([listener])
    finally:
        stopping.cancel()
        listener.close()
        for connection in list(server.server_state.connections):  # readers that never take their last bytes
            if connection.transport is not None:
                connection.transport.abort()


async def _tell(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _config(app: Any, connections: int, bounds: Bounds) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # it tells of its own beginning and end
    protocol: Any = partial(BoundedProtocol, most=connections, bounds=bounds)
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=bounds.idle_seconds,
        timeout_graceful_shutdown=LAST_SECONDS,
    )


def listening(address: str) -> socket.socket:
    """Return a socket bound to `host:port`. Raises AddressError."""
    host, _, port = address.rpartition(":")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return _bound(socket.socket(family, kind, protocol), place)
    except OSError as error:
        cure = _CURES.get(error.errno or 0, f"{error.strerror or error}")
        raise AddressError(f"cannot serve at {address}: {cure}") from error


def _bound(listener: socket.socket, place: Any) -> socket.socket:
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.settimeout(0)
        listener.bind(place)
        listener.listen(BACKLOG)  # only now another program's socket at this port is noticed
    except OSError:
        listener.close()
        raise
    return listener


def _allow(connections: int) -> None:
    """Raise the bound of open files of this process as far as connections need, and it may be raised."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 512
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
