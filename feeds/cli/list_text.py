"""Lists for people: a line for each, a last one that says how many, and what to ask next.

This module must never judge; what is told was found in `feeds.app.listing` and `feeds.app.listed_items`.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from feeds.app.health import span
from feeds.items.text import shorten

if TYPE_CHECKING:
    from feeds.app.listed_items import ItemListed, ItemWish, Tally
    from feeds.app.listing import FeedListed, Listing, Named, Pair

TITLE = 100
# Beyond that a column is as wide as one name wants it, and every line is wrapped.
KEY = 48


def feed_lines(found: "Listing[FeedListed]", now: int) -> str:
    """Return what `feeds list feeds` prints."""
    if not found.rows:
        return found.why
    width = _width([feed.key for feed in found.rows])
    lines = [
        f"{feed.key:{width}}  {feed.items:>6,}  {_ago(feed.updated, now):>15}  {','.join(feed.formats)}  {feed.title}"
        for feed in found.rows
    ]
    return "\n".join((*lines, _count(len(found.rows), found.of, "feed")))


def name_lines(found: "Listing[Named]", kind: str, now: int) -> str:
    """Return what `feeds list topics` and `feeds list providers` print."""
    if not found.rows:
        return "\n".join(filter(None, (found.why, found.note)))
    width = _width([each.name for each in found.rows])
    lines = [
        f"{each.name:{width}}  {each.items:>6,}  {_ago(each.newest, now):>15}  {_described(each)}".rstrip()
        for each in found.rows
    ]
    unlisted = sum(not each.configured for each in found.rows)
    hint = f"{unlisted:,} of them not in config/{kind}s.yaml (feeds list {kind}s --unlisted)" if unlisted else ""
    last = ", ".join(filter(None, (_count(len(found.rows), found.of, kind), hint)))
    return "\n".join(filter(None, (*lines, last, found.note)))


def _described(each: "Named") -> str:
    said = [each.ref]
    said += [f"also {', '.join(each.aliases)}"] if each.aliases else []
    said += [f"part of {each.parent}"] if each.parent else []
    said += [] if each.configured else [click.style("not listed", fg="yellow")]
    said += [] if each.items else [click.style("no items", fg="yellow")]
    return "  ".join(said)


def pair_lines(found: "Listing[Pair]", kind: str) -> str:
    """Return what `--similar` prints."""
    if not found.rows:
        return found.why
    lines = [f"{_counted(pair.one)} ~ {_counted(pair.other)}: {pair.why}" for pair in found.rows]
    cure = f"where two are one, make one an alias of the other in config/{kind}s.yaml: feeds config check"
    return "\n".join((*lines, f"{_count(len(lines), len(lines), 'pair')}; {cure}"))


def _counted(each: "Named") -> str:
    ref = f" {each.ref}" if "." in each.ref else ""
    return f"{each.name}{ref} ({each.items:,}{', listed' if each.configured else ''})"


class ItemsAsText:
    """Prints items while they are read."""

    def show(self, item: "ItemListed") -> None:
        """Print one item."""
        for line in _item_lines(item):
            click.echo(line)

    def end(self, tally: "Tally", wish: "ItemWish") -> None:
        """Print how many there were, and how to see more."""
        if not tally.shown:
            click.echo(tally.why)
            return
        what = "record" if wish.held else "item"
        more = f"; {tally.more:,} more: --limit {10 * wish.limit}, or --limit 0 for all" if tally.more else ""
        click.echo(f"{_count(tally.shown, tally.shown, what)}{more}")


def _item_lines(item: "ItemListed") -> Iterator[str]:
    when = _moment(item.published) if item.published else "no date"
    state = "" if item.state == "published" else click.style(f"  {item.state}", fg="yellow")
    yield f"{when:16}  {click.style(shorten(item.title, TITLE) or '(no title)', bold=True)}{state}"
    told = (item.file or item.id, item.kind, item.provider or item.domain, ", ".join(item.topics))
    yield f"{'':16}  {'  '.join(filter(None, told))}"


class ItemsAsJson:
    """Prints one JSON object, an item a line, while they are read: nothing is kept."""

    def __init__(self) -> None:
        self._before = '{"items": [\n'

    def show(self, item: "ItemListed") -> None:
        """Print one item."""
        sys.stdout.write(self._before + json.dumps(asdict(item), ensure_ascii=False))
        self._before = ",\n"

    def end(self, tally: "Tally", wish: "ItemWish") -> None:  # noqa: ARG002  as people are told
        """Print how many there were."""
        opened = "" if tally.shown else self._before
        sys.stdout.write(f"{opened}], {json.dumps(asdict(tally), ensure_ascii=False)[1:]}\n")


def _width(names: Sequence[str]) -> int:
    return min(max(map(len, names)), KEY)


def _count(number: int, of: int, what: str) -> str:
    plural = "" if of == 1 else "s"
    return f"{number:,} of {of:,} {what}{plural}" if number != of else f"{number:,} {what}{plural}"


def _ago(moment: int, now: int) -> str:
    if not moment:
        return "never"
    return f"{span(now - moment)} ago" if moment <= now else f"in {span(moment - now)}"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
