"""The daemon's servers: the feeds for readers, and /health and /metrics for the operator.

They stay open while the daemon works, stands by or takes new settings; only a new address makes new ones.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from feeds.app.health import Health
    from feeds.app.standing import Status
    from feeds.config.load import Loaded
    from feeds.serve import FeedServer

log = logging.getLogger("feeds.daemon")


class Desks:
    """Servers that run inside `async with`."""

    def __init__(
        self, loaded: "Loaded", *, serve: bool, threads: ThreadPoolExecutor, standing_by: Callable[[], bool]
    ) -> None:
        self._loaded, self._serve, self._standing_by = loaded, serve, standing_by
        self._threads = threads
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._server: FeedServer | None = None
        self.key = self.key_of(loaded)

    def key_of(self, loaded: "Loaded") -> object:
        """Return what the servers hang on: with another one they have to be made anew."""
        settings = loaded.settings
        return settings.serve, settings.push.hubs, settings.feeds.ttl, settings.base_url, loaded.out, loaded.state_url

    async def __aenter__(self) -> "Desks":
        ready: list[asyncio.Event] = []
        if self._serve:
            ready.append(self._open_feeds())
        if self._loaded.settings.serve.admin:
            ready.append(self._open_admin())
        await self._all_ready(ready)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)

    def look(self) -> None:
        """Take up what was just published."""
        if self._server is not None:
            self._start(self._server.follower.look())

    def _open_feeds(self) -> asyncio.Event:
        from feeds.serve import FeedServer  # noqa: PLC0415  only where feeds are served

        settings = self._loaded.settings
        self._server = FeedServer(
            self._loaded.out,
            cache_seconds=settings.feeds.ttl * 60,
            memory_bytes=settings.serve.memory_mb * 2**20,
            hubs=settings.push.hubs,
            base_url=settings.base_url,
        )
        self._start(self._server.follower.run(self._stop))
        return self._open(self._server.app, settings.serve.address, "serving the feeds at http://%s/")

    def _open_admin(self) -> asyncio.Event:
        from feeds.serve import admin_app  # noqa: PLC0415  see _open_feeds

        asked = self._loaded, self._standing_by
        app = admin_app(partial(_health, *asked), partial(_metrics, *asked), partial(_page, *asked))
        return self._open(app, self._loaded.settings.serve.admin, "health and metrics at http://%s/")

    def _open(self, app: object, address: str, told: str) -> asyncio.Event:
        from feeds.serve import serve  # noqa: PLC0415  see _open_feeds

        up = asyncio.Event()

        def ready(bound: str) -> None:
            log.info(told, bound)
            up.set()

        connections = self._loaded.settings.serve.connections
        self._start(serve(app, address, stop=self._stop, connections=connections, ready=ready))
        return up

    def _start(self, work: "Coroutine[object, object, None]") -> None:
        self._tasks = [task for task in self._tasks if not task.done() or task.exception()]
        self._tasks.append(asyncio.create_task(work))

    async def _all_ready(self, ready: list[asyncio.Event]) -> None:
        """Wait until all are open; raises what kept one from opening, such as an address in use."""
        waiting = [asyncio.create_task(event.wait()) for event in ready]
        for each in waiting:
            await asyncio.wait([each, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            each.cancel()
        for task in self._tasks:
            if task.done():
                self._stop.set()
                task.result()


def _judged(loaded: "Loaded", standing_by: Callable[[], bool]) -> "tuple[Status, Health]":
    from feeds.app.health import health  # noqa: PLC0415  only where somebody asks
    from feeds.app.status import read_status  # noqa: PLC0415

    status = read_status(loaded, int(time.time()))
    return status, health(status, loaded.settings, standby=standing_by())


def _health(loaded: "Loaded", standing_by: Callable[[], bool]) -> tuple[bool, dict[str, object]]:
    _, judged = _judged(loaded, standing_by)
    return judged.ready, {
        "ready": judged.ready,
        "standby": judged.standby,
        "why": list(judged.why),
        "warnings": list(judged.warnings),
    }


def _metrics(loaded: "Loaded", standing_by: Callable[[], bool]) -> bytes:
    from feeds.app.metrics import metrics_text  # noqa: PLC0415  see _judged

    return metrics_text(*_judged(loaded, standing_by))


def _page(loaded: "Loaded", standing_by: Callable[[], bool]) -> bytes:
    from feeds.app.health_page import health_page  # noqa: PLC0415  see _judged

    return health_page(loaded, *_judged(loaded, standing_by))
