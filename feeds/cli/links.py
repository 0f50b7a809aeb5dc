"""`feeds links`: list what is known of links, and say what a person knows better."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings, plain_options
from feeds.errors import UsageError
from feeds.model.link import Verdict

if TYPE_CHECKING:
    from feeds.app.checking import KnownLink

VERDICTS = tuple(verdict.value for verdict in Verdict)


@click.group(
    invoke_without_command=True,
    short_help="List what is known of links; pin what a person knows.",
    epilog="Examples: feeds links --state dead  ·  feeds links --host example.org --json  ·  feeds links pin URL alive",
)
@plain_options("config", "out", "base-url")
@click.option(
    "--state",
    multiple=True,
    metavar="STATE|URL",
    help=f"Only links in this state ({', '.join(VERDICTS)}); anything else is where the state is kept, as elsewhere.",
)
@click.option("--host", metavar="H", default="", help="Only the links of this host and its subdomains.")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON array instead of text.")
@click.pass_context
def links(
    context: click.Context,
    /,
    config: Path | None,
    state: tuple[str, ...],
    host: str,
    as_json: bool | None,  # noqa: FBT001  a click flag
    **places: str | None,
) -> None:
    """List what is known of links: state, reason, since when, the next check, and the items that use them."""
    if context.invoked_subcommand:
        return
    kept_at = next((each for each in state if each not in VERDICTS), None)
    if kept_at and kept_at.isalpha():
        states = ", ".join(VERDICTS)
        raise UsageError(f"--state: '{kept_at}' is no state of links ({states}) and no path or URL: feeds links --help")
    loaded = load_settings(config, state=kept_at, json=as_json, **places)
    from feeds.app.checking import known_links  # noqa: PLC0415  httpx costs 120 ms
    from feeds.cli.check_report import links_json  # noqa: PLC0415

    found = known_links(loaded, [each for each in state if each in VERDICTS], host)
    if loaded.settings.json_output:
        click.echo(links_json(found))
        return
    for link in found:
        click.echo(_told(link))
    click.echo(f"{len(found):,} links" if found else "no such links; feeds check finds out about more")


def _told(link: "KnownLink") -> str:
    said = [link.reason] if link.reason else []
    said += [f"since {_day(link.since)}"] if link.since else []
    said += [f"next check {_day(link.next_check)}"] if 0 < link.next_check < 2**36 else []
    said += [f"moved to {link.moved_to}"] if link.moved_to else []
    said += [f"pinned {link.pin}"] if link.pin else []
    return "\n".join(
        (f"{link.verdict:9}{link.url}", f"         {', '.join(said)}", *(f"         · {t}" for t in link.items))
    )


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


@links.command(epilog="Example: feeds links pin https://example.org/story alive")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.argument("word", type=click.Choice(("alive", "dead", "clear")))
@common_options
def pin(urls: tuple[str, ...], word: str, config: Path | None, **places: str | None) -> None:
    """Say that links are alive or dead, whatever checks see; `clear` takes it back and has them checked afresh."""
    from feeds.app.checking import pin_links  # noqa: PLC0415  httpx costs 120 ms

    known = pin_links(load_settings(config, **places), urls, "" if word == "clear" else word)
    unknown = sorted(set(urls) - set(known))
    if unknown:
        raise UsageError(f"no item uses {', '.join(unknown)}; feeds links lists the URLs that are known")
    click.echo(f"{len(known)} pinned {word}; the next feeds build acts on it")
