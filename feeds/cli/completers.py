"""What the shell may put in where a command wants the key of a feed, a topic, a provider, a source, a file or a folder.

Nothing here raises or prints: whoever presses Tab has not asked for anything yet. Keys come from the published
feeds.json, and the settings are read (0.2 s) only where nothing less knows.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from feeds.cli.options import load_settings
from feeds.errors import FeedsError

# Set by the shell while it asks; click names it after the program.
VARIABLE = "_FEEDS_COMPLETE"
# `feeds.model.tree` has it, too; with all that comes along it would cost each Tab 10 ms.
CATALOGUE = "feeds.json"
_OUT = re.compile(r"""^["']?out["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s#][^#\n]*))""", re.MULTILINE)

Words = Iterator[tuple[str, str]]


class Choices(StringParamType):
    """Takes any word, and proposes those that there are; each comes with what it means."""

    def __init__(self, words: Callable[[click.Context], Words]) -> None:
        self._words = words

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Return the words that begin so."""
        try:
            return [CompletionItem(word, help=told) for word, told in self._words(ctx) if word.startswith(incomplete)]
        except (FeedsError, OSError, ValueError):
            return []


def completing(name: str, command: click.Command) -> click.Command:
    """Have a command and those below it propose words; `name` is how it is called, such as `sources remove`."""
    for param in command.params:
        kind = _KINDS.get((name, param.name)) or (_OPTIONS.get(param.name) if isinstance(param, click.Option) else None)
        if kind is not None:
            param.type = kind
    for below, inner in getattr(command, "commands", {}).items():
        completing(f"{name} {below}", inner)
    return command


def _feeds(ctx: click.Context) -> list[Mapping[str, str]]:
    """Return the feeds as they were published; a feeds.json of another kind has none."""
    guess = _out(ctx) / CATALOGUE
    file = (
        guess if guess.is_file() else load_settings(ctx.params.get("config"), out=ctx.params.get("out")).out / CATALOGUE
    )
    found = json.loads(file.read_bytes())
    feeds = found.get("feeds") if isinstance(found, dict) else None
    return [feed for feed in feeds if _is_feed(feed)] if isinstance(feeds, list) else []


def _is_feed(feed: object) -> bool:
    return isinstance(feed, dict) and all(isinstance(feed.get(name), str) for name in ("key", "kind", "title"))


def _out(ctx: click.Context) -> Path:
    """Return where the output most likely is, by a look at the settings that costs nothing."""
    typed = ctx.params.get("out") or os.environ.get("FEEDS_OUT")
    if typed:
        return Path(typed)
    file = Path(ctx.params.get("config") or Path("config", "feeds.yaml"))
    said = _OUT.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    project = file.parent.parent if file.parent.name == "config" else file.parent
    return project / (next(filter(None, said.groups()), "out").strip() if said else "out")


def _feed_keys(ctx: click.Context) -> Words:
    yield from ((feed["key"], feed["title"]) for feed in _feeds(ctx))


def _below(kind: str) -> Callable[[click.Context], Words]:
    def words(ctx: click.Context) -> Words:
        of_kind = (feed for feed in _feeds(ctx) if feed["kind"] == kind)
        yield from ((feed["key"].partition("/")[2], feed["title"]) for feed in of_kind)

    return words


def _source_ids(ctx: click.Context) -> Words:
    yield from ((each.name, each.settings.url) for each in load_settings(ctx.params.get("config")).listed)


FILE, FOLDER = click.Path(), click.Path(file_okay=False)
# By the name of an option, whatever command has it ...
_OPTIONS: Mapping[str | None, "click.ParamType[Any]"] = {
    "feed": Choices(_feed_keys),
    "config": click.Path(path_type=Path),
    "out": FOLDER,
}
# ... and by command and parameter.
_KINDS: Mapping[tuple[str, str | None], "click.ParamType[Any]"] = {
    ("build", "records"): FOLDER,
    ("explain", "what"): FILE,
    ("list items", "provider"): Choices(_below("provider")),
    ("list items", "topic"): Choices(_below("topic")),
    ("plan", "records"): FOLDER,
    ("poll", "sources"): Choices(_source_ids),
    ("sources remove", "words"): Choices(_source_ids),
}
