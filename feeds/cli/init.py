"""`feeds init`: a project to begin with."""

import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from feeds.app.starter import Started

NEXT = ("feeds build", "feeds run --serve")


@click.command(
    short_help="Write a project to begin with: settings, samples, server files.",
    epilog="Examples: feeds init news  ·  feeds init --base-url https://feeds.example.org/ --title News",
)
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base-url", metavar="URL", help="The public address the feeds will have.")
@click.option("--title", metavar="TEXT", help="The beginning of every feed's title.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def init(folder: Path, base_url: str | None, title: str | None, *, as_json: bool) -> int:
    """Write into DIR (or the current folder) what a project begins with.

    That is settings, two sample records, and below deploy/ what servers need. A file that is there already is never
    changed. In a project that is at work no samples are written.
    """
    from feeds.app.starter import run_init  # noqa: PLC0415  templates and settings, which `--help` must not pay for

    # Not resolved: a project that is reached by a link stays there when the link is moved.
    started = run_init(Path.cwd() / folder, base_url, title, os.environ)
    click.echo(_as_json(started) if as_json else "\n".join(_as_text(started, folder)))
    return 0


def _as_json(started: "Started") -> str:
    told = {
        "project": str(started.project),
        "written": started.written,
        "unchanged": started.unchanged,
        "kept": started.kept,
        "next": NEXT,
    }
    return json.dumps(told, ensure_ascii=False)


def _as_text(started: "Started", folder: Path) -> Iterator[str]:
    if started.written:
        yield f"{started.project}: {len(started.written)} written"
        yield from (f"  {name}" for name in started.written)
    else:
        yield f"{started.project}: nothing to do, every file is there"
    for name in started.kept:
        yield f"  {click.style(name, fg='yellow')} is kept as it is; for ours, move it away and call feeds init again"
    if started.written and started.base_url.startswith("http://localhost"):
        yield "before you publish: put base_url into config/feeds.yaml, remove deploy/ and call `feeds init` again"
    there = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    yield f"next: {there}{NEXT[0]}"
    yield f"then: {NEXT[1]}"
