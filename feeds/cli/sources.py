"""`feeds sources`: which remote feeds are read; list them, take lists in and out, add and remove."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings, plain_options
from feeds.errors import UsageError

if TYPE_CHECKING:
    from feeds.app.source_search import Feed
    from feeds.app.sources import KnownSource

# What is due after this is never due.
_NEVER = 2**36


@click.group(
    short_help="Say which remote feeds are read.",
    epilog="Examples: feeds sources list  ·  feeds sources import subscriptions.opml",
)
def sources() -> None:
    """List, add and remove the remote feeds that are read, and exchange lists of them with other programs.

    Sources are written in feeds.yaml by people, and in the OPML file beside it (sources_file) by these commands.
    """


@sources.command("list", epilog="Examples: feeds sources list  ·  feeds sources list --json")
@common_options
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON array instead of text.")
def list_(config: Path | None, *, as_json: bool | None, **places: str | None) -> None:
    """List every source: where it is written, and how it was when it was last asked."""
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.polling import source_states  # noqa: PLC0415  what `--help` must not pay for
    from feeds.app.sources import known_sources  # noqa: PLC0415

    found = known_sources(loaded, source_states(loaded))
    if loaded.settings.json_output:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        click.echo(_told(each))
    click.echo(f"{len(found):,} source{'' if len(found) == 1 else 's'}" if found else _NONE)


_NONE = "no sources; feeds sources add URL adds one"


def _standing(source: "KnownSource") -> str:
    if source.paused:
        return "paused"
    if source.state.due >= _NEVER:
        return "retired"
    if not source.state.polled:
        return "new"
    return "failing" if source.state.fails else "fine"


def _as_json(source: "KnownSource") -> dict[str, object]:
    state = source.state
    return {
        "id": source.id,
        "url": source.url,
        "title": source.title,
        "provider": source.provider,
        "topics": source.topics,
        "place": source.place,
        "standing": _standing(source),
        "polled": state.polled,
        "due": state.due,
        "result": state.result,
        "fails": state.fails,
        "entries": state.entries,
        "moved_to": state.moved_to,
    }


def _told(source: "KnownSource") -> str:
    state = source.state
    named = [source.provider or source.title, ", ".join(source.topics), source.place]
    asked = [f"asked {_day(state.polled)}"] if state.polled else []
    asked += [f"next {_day(state.due)}"] if 0 < state.due < _NEVER and not source.paused else []
    asked += [state.result] if state.result else []
    asked += [f"{state.fails:,} times in a row"] if state.fails > 1 else []
    asked += [f"{state.entries:,} entries"] if state.polled else []
    asked += [f"moved to {state.moved_to}"] if state.moved_to else []
    rows = (f"{source.id}  {source.url}", " · ".join(filter(None, named)), ", ".join((_standing(source), *asked)))
    return "\n  ".join(rows)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


@sources.command("import", epilog="Example: feeds sources import subscriptions.opml --dry-run")
@click.argument("path", metavar="FILE.opml", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@plain_options("config")
def import_(path: Path, config: Path | None, *, dry_run: bool) -> None:
    """Take in the feeds of an OPML list, as reader programs export it; its folders become topics.

    What is known already stays as it is. What cannot be used is told with its line, and the rest is taken.
    """
    loaded = load_settings(config)
    from feeds.app.sources import import_sources  # noqa: PLC0415

    found = import_sources(loaded, path, dry_run=dry_run)
    for fault in found.faults:
        click.echo(fault, err=True)
    for each in found.new if dry_run else ():
        click.echo(" · ".join((f"{each.name}  {each.settings.url}", *each.settings.topics)))
    counts = f"{len(found.new):,} new, {found.known:,} known, {len(found.faults):,} faulty"
    click.echo(f"{counts}; nothing was written" if dry_run else f"{counts} -> {loaded.sources_file.label}")


@sources.command(epilog="Examples: feeds sources export > subscriptions.opml  ·  feeds sources export backup.opml")
@click.argument("path", metavar="[FILE]", default="-", type=click.Path(path_type=Path, allow_dash=True))
@plain_options("config")
def export(path: Path, config: Path | None) -> None:
    """Write all sources as an OPML list for other programs, to FILE or standard output; topics are its folders.

    Credentials, filters and intervals are no part of it.
    """
    loaded = load_settings(config)
    from feeds.app.sources import export_sources, export_to  # noqa: PLC0415

    if str(path) == "-":
        click.echo(export_sources(loaded), nl=False)
        return
    export_to(loaded, path)
    click.echo(f"{len(loaded.sources):,} sources -> {path}")


@sources.command(
    epilog="Examples: feeds sources add https://example.org/ --topic AI  ·  "
    "feeds sources add https://example.org/feed.xml --no-check"
)
@click.argument("url", metavar="URL")
@click.option("--topic", "topics", multiple=True, metavar="T", help="A topic of all its entries; can be repeated.")
@click.option("--provider", metavar="NAME", default="", help="Who publishes it; what the feed says if not given.")
@click.option("--id", "name", metavar="ID", default="", help="What it is called; made of its address if not given.")
@click.option("--first", is_flag=True, help="Take the first feed of a page that points to several.")
@click.option("--no-check", is_flag=True, help="Ask nobody: the address must be that of the feed itself.")
@plain_options("config")
def add(
    url: str,
    topics: tuple[str, ...],
    provider: str,
    name: str,
    config: Path | None,
    *,
    first: bool,
    no_check: bool,
) -> None:
    """Add the feed at URL, or the one that the web page there points to."""
    loaded = load_settings(config)
    from feeds.app.sources import Wish, find_source, keep_sources, new_source  # noqa: PLC0415

    wish = Wish(url, topics, provider, name)
    new_source(loaded, wish)  # a wish that cannot be granted is refused before anybody is asked
    feed = None if no_check or find_source(loaded, url) else _found(loaded, url, first=first)
