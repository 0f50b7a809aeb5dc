"""Have asynchronous work end when another thread asks for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from feeds.errors import Interrupted

T = TypeVar("T")

LOOK_SECONDS = 0.1


async def unless_stopped(work: Coroutine[Any, Any, T], stopped: Callable[[], bool]) -> T:
    """Return what `work` returns; cancel it once `stopped` says so, wait for its end, and raise Interrupted."""
    task = asyncio.create_task(work)
    while not task.done() and not stopped():
        await asyncio.wait([task], timeout=LOOK_SECONDS)
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
        if task.cancelled():
            raise Interrupted("stopped; what was found is kept")
    return task.result()
