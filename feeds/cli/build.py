"""`feeds build`: records in, feeds out."""

import gc
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings
from feeds.cli.progress import Bar
from feeds.cli.summary import as_json, as_text

if TYPE_CHECKING:
    from feeds.config.load import Loaded

STRICT_EXIT = 3
WAIT_SECONDS = 600.0


@click.command(
    short_help="Bring the feeds in line with the records.",
    epilog="Examples: feeds build  ·  feeds build seeds --out public  ·  feeds build --strict --json",
)
@click.argument("records", nargs=-1, metavar="[RECORDS_DIR]...")
@common_options
@click.option("--jobs", type=int, metavar="N", help="How many processes read records; 0 decides by itself.")
@click.option(
    "--include-unpublished",
    is_flag=True,
    default=None,
    help="Publish records that are held back, too. For previews: readers cannot be made to forget.",
)
@click.option("--poll", "poll_first", is_flag=True, help="Ask the remote feeds that are due first.")
@click.option("--check", "check_first", is_flag=True, help="Check the links that are due first, within a budget.")
@click.option("--wait", is_flag=True, help="Wait while another build is at work, up to ten minutes.")
@click.option("--strict", is_flag=True, default=None, help="Exit with 3 when any record has a problem.")
@click.option("--json", "as_json_", is_flag=True, default=None, help="Print one JSON object instead of text.")
def build(
    records: tuple[str, ...],
    config: Path | None,
    jobs: int | None,
    *,
    check_first: bool,
    poll_first: bool,
    wait: bool,
    include_unpublished: bool | None,
    strict: bool | None,
    as_json_: bool | None,
    **places: str | None,
) -> int:
    """Bring the feeds in line with the records below RECORDS_DIR (or the folders the settings name).

    Only files whose bytes change are written. A record with a fault costs itself: it is named with file, line and
    column, and the others are published.
    """
    started = time.monotonic()
    loaded = load_settings(
        config,
        records=records or None,
        jobs=jobs,
        include_unpublished=include_unpublished,
        strict=strict,
        json=as_json_,
        **places,
    )
    from feeds.app import run_build  # noqa: PLC0415  after the settings: a fault in them should cost no imports

    _ask_first(loaded, poll=poll_first, check=check_first)
    gc.freeze()  # what the imports made lives as long as the process; looking through it again costs 50 ms each time
    with Bar() as bar:
        report = run_build(loaded, bar.step, wait=WAIT_SECONDS if wait else 0)
    seconds = time.monotonic() - started
    settings = loaded.settings
    click.echo(as_json(report, seconds) if settings.json_output else as_text(report, loaded, seconds))
    _push(loaded)
    return STRICT_EXIT if settings.strict and report.problems else 0


def _ask_first(loaded: "Loaded", *, poll: bool, check: bool) -> None:
    if poll:
        _poll(loaded)
    if check:
        _check(loaded)


def _check(loaded: "Loaded") -> None:
    from feeds.app.checking import CheckWish, run_check  # noqa: PLC0415  httpx costs 120 ms
    from feeds.cli.check_watch import Watcher  # noqa: PLC0415

    with Watcher() as watcher:
        run_check(loaded, CheckWish(seconds=float(loaded.settings.links.budget_seconds), archives=False), watcher.show)


def _poll(loaded: "Loaded") -> None:
    from feeds.app.polling import run_poll  # noqa: PLC0415  httpx costs 120 ms

    with Bar() as bar:
        report = run_poll(loaded, watch=partial(bar.step, "polling"))
    for result in report.failed:
        click.echo(f"{result.source.id}: {result.fault}; what came from it before stays", err=True)
    if report.failed:
        click.echo("how each source stands: feeds sources list", err=True)


def _push(loaded: "Loaded") -> None:
    if loaded.settings.push.hubs:
        from feeds.app.pushing import push_after_build  # noqa: PLC0415  only where there are hubs

        for line in push_after_build(loaded):
            click.echo(line, err=True)
