"""`feeds explain`: the whole story of one item."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from feeds.cli.options import common_options, load_settings

UNKNOWN = 1


@click.command(
    short_help="Tell the whole story of one item.",
    epilog="Examples: feeds explain https://example.org/story  ·  feeds explain records/story.md --feed topics/ai  ·  "
    "feeds explain example-org-feed#4711 --json",
)
@click.argument("what", metavar="WHAT")
@common_options
@click.option("--feed", metavar="KEY", default="", help="Tell of this feed only, such as all or topics/ai.")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object instead of text.")
def explain(what: str, config: Path | None, *, feed: str, as_json: bool | None, **places: str | None) -> int:
    """Tell the whole story of one item: who tells it, where each field comes from and how it was mended, and its feeds.

    WHAT is the item's id, a URL that it is or was known by, a record file, or SOURCE#GUID for an entry of a remote
    feed; an entry that a filter keeps out and a record that cannot be published are explained likewise. Of a feed it
    is not in, the first rule that keeps it out is told. Only reads. Exits with 1 when nothing is known by that name.
    """
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.explaining import Unknown, run_explain  # noqa: PLC0415  SQLAlchemy costs 150 ms
    from feeds.cli.explain_text import explain_text, unknown_text  # noqa: PLC0415

    found = run_explain(loaded, what, feed, time.time_ns())
    if isinstance(found, Unknown):
        click.echo(f"feeds: {unknown_text(found)}", err=True)
        return UNKNOWN
    if loaded.settings.json_output:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        click.echo(explain_text(found))
    return 0
