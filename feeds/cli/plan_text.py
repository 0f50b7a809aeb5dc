"""What the next build would do, for people: item by item, with the reason and the feeds."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from feeds.items.text import shorten
from feeds.model.tree import ARCHIVE, CATALOGUE
from feeds.sinks.encodings import plain

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.pipeline.foretold import Foretold

MOST = 40
FEEDS = 6
LINE = 200
_SIGNS = {
    "added": click.style("+", fg="green"),
    "removed": click.style("-", fg="red"),
    "changed": click.style("~", fg="yellow"),
}
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def plan_text(found: "Foretold", loaded: "Loaded", *, diffs: bool) -> str:
    """Return what `feeds plan` prints."""
    return "\n".join((*_diffs(found), *_told(found, loaded)) if diffs else tuple(_told(found, loaded)))


def _told(found: "Foretold", loaded: "Loaded") -> Iterator[str]:
    if found.busy:
        yield click.style(f"a build is at work meanwhile ({found.busy}): feeds status", fg="yellow")
    for problem in found.report.problems[:MOST]:
        yield str(problem)
    if found.report.problems:
        faults = "1 fault" if len(found.report.problems) == 1 else f"{len(found.report.problems):,} faults"
        yield f"{faults} in records; what became of one: feeds explain FILE"
    if not found.files:
        yield f"{found.feed or loaded.out}: everything is as the next build would have it"
        return
    yield from _items(found)
    yield from _files(found)
    yield f"nothing was written; to do it: feeds build  (into {loaded.out})"


def _items(found: "Foretold") -> Iterator[str]:
    items = found.items
    shown = items if found.feed else items[:MOST]
    for each in shown:
        yield f"{_SIGNS[each.change]} {each.title or each.id}"
        yield f"    {shorten(each.why, LINE)}"
        more = f" and {len(each.feeds) - FEEDS:,} more feeds" if len(each.feeds) > FEEDS else ""
        yield f"    in {', '.join(each.feeds[:FEEDS])}{more}"
    if len(items) > len(shown):
        rest = len(items) - len(shown)
        yield f"... and {rest:,} more; see them all: feeds plan --json, or one feed: feeds plan --feed KEY"


def _files(found: "Foretold") -> Iterator[str]:
    counts = Counter((each.kind, _sort(each.path)) for each in found.files)
    for kind in ("written", "deleted"):
        parts = [
            f"{number:,} {name}{'' if number == 1 else 's'}" for (of, name), number in counts.items() if of == kind
        ]
        if parts:
            yield f"{', '.join(parts)} would be {kind}"


def _sort(path: str) -> str:
    if plain(path) != path:
        return "compressed file"
    if path.startswith(ARCHIVE):
        return "archive file"
    ending = path.rpartition(".")[2]
    if ending == "html":
        return "web page"
    return "feed file" if ending in {"rss", "atom", "json"} and path != CATALOGUE else "other file"


def _diffs(found: "Foretold") -> Iterator[str]:
    for each in found.files:
        for line in each.diff.split("\n") if each.diff else ():
            colour = _COLOURS.get(line[:1])
            yield click.style(line, fg=colour) if colour and not line.startswith(("+++", "---")) else line
