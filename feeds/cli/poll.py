"""`feeds poll`: ask remote feeds for news."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings

if TYPE_CHECKING:
    from feeds.app.polling import PollReport

SHOWN = 20


@click.command(
    short_help="Ask remote feeds for news.",
    epilog="Examples: feeds poll  ·  feeds poll --all  ·  feeds poll --all --json",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@common_options
@click.option("--due/--all", "due", default=True, help="Ask what is due, or every source.  [default: --due]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def poll(
    sources: tuple[str, ...],
    config: Path | None,
    *,
    due: bool,
    as_json: bool,
    **places: str | None,
) -> int:
    """Ask the remote feeds that are due, or the SOURCEs named by id or address, and keep what they say.

    The next `feeds build` publishes it; `feeds build --poll` and `feeds run` do both. A source that fails is asked
    again later, and later still: it costs no other one anything. Exits with 1 when every source that was asked failed.
    """
    loaded = load_settings(config, **places)
    from feeds.app.polling import run_poll  # noqa: PLC0415  httpx costs 120 ms
    from feeds.cli.progress import Bar  # noqa: PLC0415

    with Bar() as bar:
        report = run_poll(loaded, sources, everything=not due, watch=partial(bar.step, "polling"))
    active = sum(not source.paused for source in loaded.sources)
    click.echo(_as_json(report) if as_json else "\n".join(_lines(report, len(loaded.sources), active)))
    return 1 if report.results and len(report.failed) == len(report.results) else 0


def _lines(report: "PollReport", configured: int, active: int) -> list[str]:
    if not configured:
        return ["no sources are configured; add one: feeds sources add URL"]
    if not report.results and not active:
        return ["every source is paused; see them: feeds sources list; ask one all the same: feeds poll SOURCE"]
    if not report.results:
        return ["nothing is due; ask all the same: feeds poll --all"]
    failed = [f"{result.source.id}: {click.style(result.fault, fg='red')}" for result in report.failed]
    lines = [f"{name}: is paused, and asked because it was named" for name in report.paused]
    lines += failed[:SHOWN]
    if failed:
        more = f"... and {len(failed) - SHOWN:,} more; " if len(failed) > SHOWN else ""
        lines.append(f"{more}how each source stands: feeds sources list")
    new, changed = sum(result.new for result in report.results), sum(result.changed for result in report.results)
    dropped = sum(result.dropped for result in report.results)
    lines.append(
        f"{len(report.results):,} of {configured:,} sources asked: {new:,} new entries, {changed:,} changed, "
        f"{dropped:,} dropped; {len(failed):,} sources failed"
    )
    if report.postponed:
        lines.append(f"{report.postponed:,} wait because their host is busy; who waits until when: feeds sources list")
    if new or changed or dropped:
        lines.append("publish them: feeds build")
    return lines


def _as_json(report: "PollReport") -> str:
    results = [{**asdict(result), "source": result.source.id} for result in report.results]
    told = {"sources": results, "postponed": report.postponed, "paused": report.paused, "news": report.news}
    return json.dumps(told, ensure_ascii=False)
