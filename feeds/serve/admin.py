"""What whoever runs the program asks: is it well, and what did it do. Must never share an address with the feeds."""

import asyncio
import json
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feeds.errors import FeedsError

# Version 0.0.4 of the text format: what every scraper of Prometheus understands.
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FRESH = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
# What a page cannot say itself; it has the rest of its policy in its head.
_UNFRAMED = {"content-security-policy": "frame-ancestors 'none'", "referrer-policy": "no-referrer"}


def admin_app(
    health: Callable[[], tuple[bool, dict[str, object]]], metrics: Callable[[], bytes], page: Callable[[], bytes]
) -> Starlette:
    """Return an application with GET / (a page), GET /health (200 or 503, JSON) and GET /metrics (Prometheus).

    All calls run in a thread: they may ask the state.
    """

    async def show_health(_: Request) -> Response:
        well, told = await asyncio.to_thread(health)
        body = json.dumps(told, ensure_ascii=False, default=str) + "\n"
        return Response(body, 200 if well else 503, _FRESH, "application/json")

    async def show_metrics(_: Request) -> Response:
        return Response(await asyncio.to_thread(metrics), 200, {**_FRESH, "content-type": METRICS_TYPE})

    async def show_page(_: Request) -> Response:
        return Response(await asyncio.to_thread(page), 200, {**_FRESH, **_UNFRAMED}, "text/html; charset=utf-8")

    async def nothing(_: Request, __: Exception) -> Response:
        return PlainTextResponse("Only /, /health and /metrics are here.\n", 404, _FRESH)

    async def failed(_: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", 500, _FRESH)

    routes = [Route("/", show_page), Route("/health", show_health), Route("/metrics", show_metrics)]
    return Starlette(routes=routes, exception_handlers={404: nothing, FeedsError: failed})
