"""`feeds doctor`: what is wrong with this installation, and the cure of each fault."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings

if TYPE_CHECKING:
    from feeds.app.doctor import Finding

FAULTS = 1
WIDTH = 15
_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(
    short_help="Look for faults of the installation, and name the cure of each.",
    epilog="Examples: feeds doctor  ·  feeds doctor --offline  ·  feeds doctor --json",
)
@common_options
@click.option("--offline", is_flag=True, help="Ask no names and no addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def doctor(config: Path | None, *, offline: bool, as_json: bool, **places: str | None) -> int:
    """Look at settings, state, output, permissions, clock, names and public address; name the fix of each fault.

    Changes nothing. Exits with 1 when there is a fault that keeps feeds from being built or read.
    """
    from feeds.app.doctor import examine  # noqa: PLC0415  `--help` must not pay for what is examined

    told = _findings(
        examine(partial(load_settings, config, **places), int(time.time()), offline=offline), quiet=as_json
    )
    counts = {grade: sum(finding.grade == grade for finding in told) for grade in _COLOURS}
    if as_json:
        click.echo(json.dumps({"counts": counts, "findings": [asdict(each) for each in told]}, ensure_ascii=False))
    else:
        more = "; how things stand: feeds status" if counts["fail"] or counts["warn"] else ""
        click.echo(f"{counts['fail']} faults, {counts['warn']} warnings, {counts['ok']} fine{more}")
    return FAULTS if counts["fail"] else 0


def _findings(findings: "Iterable[Finding]", *, quiet: bool) -> "list[Finding]":
    """Return what was found, telling each as it comes: some take seconds."""
    told = []
    for finding in findings:
        told.append(finding)
        if not quiet:
            click.echo("\n".join(_lines(finding)))
    return told


def _lines(finding: "Finding") -> Iterator[str]:
    grade = click.style(f"{finding.grade.value:5}", fg=_COLOURS[finding.grade.value])
    yield f"{grade}{finding.name:{WIDTH}}{finding.found}"
    if finding.cure:
        yield f"{'':{WIDTH + 5}}-> {finding.cure}"
