"""`feeds list`: which feeds, topics, providers and items there are."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from feeds.cli.options import common_options, load_settings
from feeds.errors import UsageError

if TYPE_CHECKING:
    from feeds.app.listed_items import ItemWish
    from feeds.app.listing import Listing
    from feeds.config.load import Loaded

Command = TypeVar("Command", bound=Callable[..., object])

KINDS = ("all", "topic", "provider", "custom")
_AS_JSON = click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object instead of text.")


@click.group(
    "list",
    invoke_without_command=True,
    short_help="List feeds, topics, providers and items.",
    epilog="Examples: feeds list feeds  ·  feeds list topics --unlisted  ·  feeds list items --feed topics/ai",
)
@click.pass_context
def list_(context: click.Context) -> None:
    """List which feeds, topics, providers and items there are. Only reads, also beside a build at work."""
    if not context.invoked_subcommand:
        click.echo(context.get_help())


@list_.command(
    short_help="List the published feeds.",
    epilog="Examples: feeds list feeds  ·  feeds list feeds museum --kind topic  ·  feeds list feeds --stale 30 --json",
)
@click.argument("word", metavar="[WORD]", default="")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Only feeds of this kind.")
@click.option("--empty", is_flag=True, help="Only feeds without items.")
@click.option("--stale", type=click.IntRange(min=0), metavar="DAYS", help="Only feeds unchanged for so many days.")
@common_options
@_AS_JSON
def feeds(
    word: str, config: Path | None, *, kind: str | None, empty: bool, stale: int | None, as_json: bool | None,
    **places: str | None,
) -> None:  # fmt: skip
    """List the published feeds, or those with WORD in their key or title: items, newest change, formats."""
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.listing import FeedWish, list_feeds  # noqa: PLC0415  SQLAlchemy costs 150 ms
    from feeds.cli.list_text import feed_lines  # noqa: PLC0415

    found = list_feeds(loaded, FeedWish(word, kind or "", empty, stale), now := int(time.time()))
    _print(loaded, "feeds", found, lambda: feed_lines(found, now))


def _named(plural: str, file: str) -> Callable[[Command], Command]:
    """Add what the lists of topics and providers have in common."""
    options = (
        click.argument("word", metavar="[WORD]", default=""),
        click.option("--unlisted", is_flag=True, help=f"Only {plural} that items have and {file} does not list."),
        click.option("--unused", is_flag=True, help=f"Only {plural} that {file} lists and no item has."),
        click.option("--similar", is_flag=True, help="Pairs of names that may be one: for aliases."),
        common_options,
        _AS_JSON,
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@list_.command(
    short_help="List the topics.",
    epilog="Examples: feeds list topics  ·  feeds list topics --unlisted  ·  feeds list topics --similar",
)
@_named("topics", "topics.yaml")
def topics(config: Path | None, *, as_json: bool | None, **wishes: Any) -> None:
    """List the topics that items have or topics.yaml lists, or those with WORD in a name: items, slug, aliases."""
    _list_names("topic", config, as_json, wishes)


@list_.command(
    short_help="List the providers.",
    epilog="Examples: feeds list providers  ·  feeds list providers --unlisted  ·  feeds list providers reuters --json",
)
@_named("providers", "providers.yaml")
def providers(config: Path | None, *, as_json: bool | None, **wishes: Any) -> None:
    """List the providers that items have or providers.yaml lists, or those with WORD in a name: items, domain."""
    _list_names("provider", config, as_json, wishes)


def _list_names(kind: str, config: Path | None, as_json: bool | None, wishes: dict[str, Any]) -> None:  # noqa: FBT001
    names = {name: wishes.pop(name) for name in ("word", "unlisted", "unused")}
    pairs = wishes.pop("similar")
    if pairs and (names["unlisted"] or names["unused"]):
        raise UsageError("--similar looks at all names: it goes with neither --unlisted nor --unused")
    loaded = load_settings(config, json=as_json, **wishes)
    from feeds.app.listing import NameWish, list_names, similar  # noqa: PLC0415  SQLAlchemy costs 150 ms
    from feeds.cli.list_text import name_lines, pair_lines  # noqa: PLC0415

    wish, now = NameWish(kind, **names), int(time.time())
    if pairs:
        alike = similar(loaded, wish, now)
        _print(loaded, "similar", alike, lambda: pair_lines(alike, kind))
    else:
        found = list_names(loaded, wish, now)
        _print(loaded, f"{kind}s", found, lambda: name_lines(found, kind, now))


def _print(loaded: "Loaded", name: str, found: "Listing[Any]", text: Callable[[], str]) -> None:
    if not loaded.settings.json_output:
        click.echo(text())
        return
    told = {name: [asdict(row) for row in found.rows], "of": found.of, "why": found.why, "note": found.note}
    click.echo(json.dumps(told, ensure_ascii=False))


@list_.command(
    short_help="List items, the newest first.",
    epilog="Examples: feeds list items --topic AI --since 2026-11-01  ·  feeds list items --held  ·  "
    "feeds list items --query 'topic:ai and quality >= 60'",
)
@click.argument("word", metavar="[WORD]", default="")
@click.option("--feed", metavar="KEY", default="", help="Only items of this feed, such as topics/ai.")
@click.option("--topic", metavar="T", default="", help="Only items with this topic.")
@click.option("--provider", metavar="P", default="", help="Only items of this provider: a domain or a name.")
@click.option("--kind", metavar="K", default="", help="Only items of this kind, such as article or video.")
@click.option("--query", metavar="Q", default="", help="Only items that match, in the language of custom feeds.")
@click.option("--since", metavar="DATE", default="", help="Only items published on that day or later.")
@click.option("--until", metavar="DATE", default="", help="Only items published on that day or before.")
@click.option("--held", is_flag=True, help="Records that are held back instead, with their files.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="How many; 0 for all.")
@common_options
@_AS_JSON
def items(config: Path | None, *, as_json: bool | None, **wishes: Any) -> None:
    """List the items that are shown, the newest first, or those with WORD in their title.

    Items dated in the future are told to be coming.
    """
    places = {name: wishes.pop(name) for name in ("out", "base_url", "state")}
    if wishes["held"] and (wishes["feed"] or wishes["query"]):
        raise UsageError("--held lists records that are in no feed: it goes with neither --feed nor --query")
    loaded = load_settings(config, json=as_json, **places)
    from feeds.app.listed_items import ItemWish  # noqa: PLC0415  SQLAlchemy costs 150 ms

    _show(loaded, ItemWish(**wishes))


def _show(loaded: "Loaded", wish: "ItemWish") -> None:
    from feeds.app.listed_items import list_items  # noqa: PLC0415
    from feeds.cli.list_text import ItemsAsJson, ItemsAsText  # noqa: PLC0415

    printer = ItemsAsJson() if loaded.settings.json_output else ItemsAsText()
    printer.end(list_items(loaded, wish, int(time.time()), printer.show), wish)
