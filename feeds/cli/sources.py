"""`feeds sources`: which remote feeds are read; list them, take lists in and out, add and remove."""

import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings, plain_options
from feeds.errors import UsageError

if TYPE_CHECKING:
    from feeds.app.polling import SourceState
    from feeds.app.source_adding import Feed, Several
    from feeds.app.sources import KnownSource


@click.group(
    short_help="Say which remote feeds are read.",
    epilog="Examples: feeds sources list  ·  feeds sources import subscriptions.opml",
)
def sources() -> None:
    """List, add and remove the remote feeds that are read, and exchange lists of them with other programs.

    Sources are written in feeds.yaml by people, and in the OPML file beside it (sources_file) by these commands.
    """


@sources.command(
    "list",
    short_help="List every source and how it is.",
    epilog="Examples: feeds sources list  ·  feeds sources list --json",
)
@common_options
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON array instead of text.")
def list_(config: Path | None, *, as_json: bool | None, **places: str | None) -> None:
    """List every source: where it is written, and how it was when it was last asked."""
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.polling import source_states  # noqa: PLC0415  httpx costs 120 ms
    from feeds.app.sources import known_sources  # noqa: PLC0415

    found = known_sources(loaded, source_states(loaded))
    if loaded.settings.json_output:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        click.echo(_told(each))
    click.echo(f"{len(found):,} source{'' if len(found) == 1 else 's'}" if found else _NONE)


_NONE = "no sources; feeds sources add URL adds one"


def _standing(source: "KnownSource", state: "SourceState | None") -> str:
    if source.paused:
        return "paused"
    if state is None:
        return "new"
    if state.due is None:
        return "retired"
    return "failing" if state.fails else "fine"


def _as_json(source: "KnownSource") -> dict[str, object]:
    state = source.state
    return {
        "id": source.id,
        "url": source.url,
        "title": source.title,
        "provider": source.provider,
        "topics": source.topics,
        "place": source.place,
        "standing": _standing(source, state),
        "polled": state.polled if state else 0,
        "due": (state.due or 0) if state else 0,
        "result": state.result if state else "",
        "fails": state.fails if state else 0,
        "entries": state.entries if state else 0,
        "moved_to": state.moved_to if state else "",
    }


def _told(source: "KnownSource") -> str:
    named = (source.provider or source.title, ", ".join(source.topics), source.place)
    stands = (_standing(source, source.state), *(_asked(source.state) if source.state else ()))
    return "\n  ".join((f"{source.id}  {source.url}", " · ".join(filter(None, named)), ", ".join(stands)))


def _asked(state: "SourceState") -> Iterator[str]:
    if state.polled:
        yield f"asked {_day(state.polled)}"
    if state.due:
        yield f"next {_day(state.due)}"
    if state.result:
        yield state.result
    if state.fails > 1:
        yield f"{state.fails:,} times in a row"
    if state.entries and state.result.partition(";")[0] != _entries(state.entries):
        yield f"{_entries(state.entries)} kept"
    if state.moved_to:
        yield f"moved to {state.moved_to}"


def _entries(count: int) -> str:
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


@sources.command(
    "import", short_help="Take in an OPML list.", epilog="Example: feeds sources import subscriptions.opml --dry-run"
)
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
    if found.faults:
        click.echo(f"mend what is named, then once more: feeds sources import {shlex.quote(str(path))}", err=True)
    for each in found.new if dry_run else ():
        click.echo(" · ".join(filter(None, (f"{each.name}  {each.settings.url}", ", ".join(each.settings.topics)))))
    counts = f"{len(found.new):,} new, {found.known:,} known, {len(found.faults):,} faulty"
    click.echo(f"{counts}; nothing was written" if dry_run else f"{counts} -> {loaded.sources_file.label}")


@sources.command(
    short_help="Write an OPML list of all sources.",
    epilog="Examples: feeds sources export > subscriptions.opml  ·  feeds sources export backup.opml",
)
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
    short_help="Add a feed, or that of a web page.",
    epilog="Examples: feeds sources add https://example.org/ --topic AI  ·  "
    "feeds sources add https://example.org/feed.xml --no-check",
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
    from feeds.app.source_adding import Several, add_source  # noqa: PLC0415  httpx costs 120 ms
    from feeds.app.sources import Wish  # noqa: PLC0415

    done = add_source(loaded, Wish(url, topics, provider, name), check=not no_check, first=first)
    if isinstance(done, Several):
        raise UsageError(_choice(url, done))
    if not done.is_new:
        click.echo(f"{done.source.name} is there already, at {done.source.place}; nothing was changed")
        return
    click.echo(f"added {done.source.name}  {done.source.settings.url}")
    for line in _described(done.feed) if done.feed else ():
        click.echo(f"  {line}")


def _choice(url: str, several: "Several") -> str:
    found = (f"\n  {each}{f'  {title}' if title else ''}" for each, title in several.feeds)
    return (
        f"{url} points to {len(several.feeds)} feeds; name one of them, or take the first with --first:{''.join(found)}"
    )


def _described(feed: "Feed") -> Iterator[str]:
    newest = f", the newest of {feed.newest:%Y-%m-%d %H:%M} UTC" if feed.newest else ""
    yield f"{feed.title or 'without a title'}: {_entries(feed.entries)}{newest}"
    yield from (f"· {fault}" for fault in feed.faults)
    if feed.faults:
        yield "how it is when it is asked: feeds sources list"


@sources.command(
    short_help="Remove sources.",
    epilog="Examples: feeds sources remove example-org-feed-xml  ·  feeds sources remove URL",
)
@click.argument("words", nargs=-1, required=True, metavar="ID|URL...")
@plain_options("config")
def remove(words: tuple[str, ...], config: Path | None) -> None:
    """Remove sources from the OPML file; those of feeds.yaml are deleted there, by hand."""
    loaded = load_settings(config)
    from feeds.app.sources import remove_sources  # noqa: PLC0415

    for each in remove_sources(loaded, words):
        click.echo(f"removed {each.name}  {each.settings.url}")
