"""`feeds plan`: what the next build would do."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from feeds.cli.options import common_options, load_settings
from feeds.cli.progress import Bar
from feeds.errors import Interrupted

CHANGES = 1


@click.command(
    short_help="Tell what the next build would change, and why.",
    epilog="Examples: feeds plan  ·  feeds plan --feed topics/ai --diff  ·  feeds plan --json --exit-code",
)
@click.argument("records", nargs=-1, metavar="[RECORDS_DIR]...")
@common_options
@click.option("--jobs", type=int, metavar="N", help="How many processes read records; 0 decides by itself.")
@click.option(
    "--include-unpublished", is_flag=True, default=None, help="As if records that are held back were published, too."
)
@click.option("--feed", metavar="KEY", default="", help="Tell of this feed only, such as all or topics/ai.")
@click.option("--diff", "diffs", is_flag=True, help="Show the lines of each file that would change.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when anything would change.")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object instead of text.")
def plan(
    records: tuple[str, ...],
    config: Path | None,
    jobs: int | None,
    *,
    include_unpublished: bool | None,
    feed: str,
    diffs: bool,
    exit_code: bool,
    as_json: bool | None,
    **places: str | None,
) -> int:
    """Tell what the next build would add, remove or change, in which feeds, and why.

    Takes the same steps as `feeds build`, and keeps nothing of them: no file, no state. What it tells is what a build
    would do at this moment, with these records, settings and links.
    """
    loaded = load_settings(
        config, records=records or None, jobs=jobs, include_unpublished=include_unpublished, json=as_json, **places
    )
    from feeds.app.planning import run_plan  # noqa: PLC0415  after the settings: a fault in them should cost no imports
    from feeds.cli.plan_text import plan_text  # noqa: PLC0415

    try:
        with Bar() as bar:
            found = run_plan(loaded, bar.step, feed=feed, diffs=diffs)
    except KeyboardInterrupt as error:
        raise Interrupted("interrupted; nothing was written: feeds plan") from error
    if loaded.settings.json_output:
        told = {key: value for key, value in asdict(found).items() if key not in {"report", "feed"}}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(plan_text(found, loaded, diffs=diffs))
    return CHANGES if exit_code and found.files else 0
