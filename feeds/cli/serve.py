"""`feeds serve`: hand out what is published."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import load_settings, plain_options

if TYPE_CHECKING:
    from feeds.config.load import Loaded

MIB = 1_048_576


@click.command(
    short_help="Serve the published feeds over HTTP.",
    epilog="Examples: feeds serve  ·  feeds serve --out public --address 0.0.0.0:8000",
)
@plain_options("config", "out")
@click.option("--address", metavar="HOST:PORT", help="Where to listen; port 0 takes a free one.")
@click.option(
    "--log",
    type=click.Choice(("auto", "text", "json")),
    default="auto",
    show_default=True,
    help="How to log: text for people, json for machines; auto is text on a terminal.",
)
def serve(config: Path | None, out: str | None, address: str | None, log: str) -> int:
    """Serve the out folder over HTTP, and each new build as soon as it is complete.

    Needs no records and no state. Ends on Ctrl-C and on SIGTERM, after the requests that are under way.
    """
    loaded = load_settings(config, out=out, **{"serve.address": address})
    import asyncio  # noqa: PLC0415  40 ms

    from feeds.cli.logs import configure  # noqa: PLC0415

    configure(log)
    asyncio.run(_serve(loaded))
    return 0


async def _serve(loaded: "Loaded") -> None:
    import asyncio  # noqa: PLC0415
    import signal  # noqa: PLC0415

    from feeds.serve import FeedServer, serve  # noqa: PLC0415  uvicorn costs 150 ms

    settings = loaded.settings
    server = FeedServer(
        loaded.out,
        cache_seconds=settings.feeds.ttl * 60,
        memory_bytes=settings.serve.memory_mb * MIB,
        hubs=settings.push.hubs,
        base_url=settings.base_url,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.follower.look()
    following = asyncio.create_task(server.follower.run(stop))
    try:
        await serve(
            server.app,
            settings.serve.address,
            stop=stop,
            connections=settings.serve.connections,
            ready=lambda bound: _say(bound, loaded),
        )
    finally:
        stop.set()
        await following


def _say(bound: str, loaded: "Loaded") -> None:
    click.echo(f"serving {loaded.out} at http://{bound}/ (Ctrl-C ends)")
    if not (loaded.out / "feeds.json").exists():
        click.echo("nothing is published there yet: `feeds build` does that; until then all is 404", err=True)
