"""`feeds status`: how things stand, and what there is to do about it."""

import json
import time
from pathlib import Path

import click

from feeds.cli.options import common_options, load_settings

NOT_READY = 1


@click.command(
    short_help="Tell how things stand: feeds, tasks, problems, links.",
    epilog="Examples: feeds status  ·  feeds status --feeds  ·  feeds status --json  ·  feeds status --html > now.html",
)
@common_options
@click.option("--feeds", "every_feed", is_flag=True, help="List every feed with its age.")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object instead of text.")
@click.option("--html", "as_html", is_flag=True, help="Print a web page instead: every problem and dead page too.")
def status(config: Path | None, *, every_feed: bool, as_json: bool | None, as_html: bool, **places: str | None) -> int:
    """Tell how things stand: what is published and how old it is, what ran and runs next, what is wrong.

    Only reads, also beside a build at work. Exits with 1 when the feeds are not what readers should get, for the
    reasons that come first.
    """
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.health import health  # noqa: PLC0415  after the settings: a fault in them should cost no imports
    from feeds.app.status import read_status  # noqa: PLC0415
    from feeds.app.status_json import status_json  # noqa: PLC0415
    from feeds.cli.status_text import status_text  # noqa: PLC0415

    found = read_status(loaded, int(time.time()))
    judged = health(found, loaded.settings)
    if as_html:
        from feeds.app.health_page import health_page  # noqa: PLC0415  Jinja2

        click.echo(health_page(loaded, found, judged), nl=False)
    elif loaded.settings.json_output:
        click.echo(json.dumps(status_json(found, judged, feeds=every_feed), ensure_ascii=False))
    else:
        click.echo(status_text(found, judged, feeds=every_feed))
    return 0 if judged.ready else NOT_READY
