"""`feeds push`: tell the WebSub hubs what changed."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from feeds.cli.options import common_options, load_settings


@click.command(
    short_help="Tell the WebSub hubs what changed.",
    epilog="Examples: feeds push  ·  feeds push --all  ·  feeds push --json",
)
@common_options
@click.option("--all", "everything", is_flag=True, help="Tell them of every published feed, changed or not.")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object instead of text.")
def push(config: Path | None, *, everything: bool, as_json: bool | None, **places: str | None) -> int:
    """Tell the hubs of `push.hubs` now what they have still to be told, also those that failed a moment ago.

    `feeds build` and `feeds run` do so by themselves. The exit code is 1 when a hub did not take it: what it was not
    told stays queued.
    """
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.push_report import hub_lines  # noqa: PLC0415  after the settings: a fault costs no imports
    from feeds.app.pushing import run_push  # noqa: PLC0415

    report = run_push(loaded, force=True, everything=everything)
    if loaded.settings.json_output:
        hubs = [asdict(hub) for hub in report.hubs]
        told = sum(report.told.values())
        totals = {"told": told, "waiting": report.waiting, "held": report.held, "next_due": report.next_due}
        click.echo(json.dumps({**totals, "hubs": hubs}, indent=2))
    else:
        for line in hub_lines(report, time.time()) or ["nothing to tell"]:
            click.echo(line)
        if report.held:
            click.echo("another process is telling the hubs at this moment; how they stand: feeds status")
        if not report.hubs:
            click.echo("no hub is named: push.hubs in the settings; see them: feeds config show")
    return 1 if report.failed else 0
