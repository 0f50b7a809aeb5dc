"""`feeds run`: the daemon."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.logs import KINDS, configure
from feeds.cli.options import common_options, load_settings

if TYPE_CHECKING:
    from feeds.config.load import Loaded


@click.command(
    short_help="Keep the feeds current until told to stop.",
    epilog="Examples: feeds run  ·  feeds run --serve  ·  feeds run --log json",
)
@common_options
@click.option("--serve", is_flag=True, help="Also serve the feeds to readers.")
@click.option("--address", metavar="HOST:PORT", help="Where to serve them.")
@click.option("--log", type=click.Choice(KINDS), default="auto", help="Lines for people or JSON.  [default: auto]")
def run(config: Path | None, *, serve: bool, address: str | None, log: str, **places: str | None) -> int:
    """Keep the feeds current until told to stop.

    Changed records are published within seconds, links are checked when they are due, hubs are told of what changed.
    SIGHUP, or a change to the settings, has them read again; SIGTERM and Ctrl-C end it, losing nothing. A second daemon
    on the same state stands by and takes over when the first is gone.
    """

    def load() -> "Loaded":
        return load_settings(config, **{"serve.address": address}, **places)

    load()  # a fault in the settings should cost no imports
    import asyncio  # noqa: PLC0415  30 ms that `--help` must not pay

    from feeds.app.daemon import Daemon  # noqa: PLC0415

    configure(log)

    async def work() -> None:
        await Daemon(load, serve=serve).run()

    asyncio.run(work())
    return 0
