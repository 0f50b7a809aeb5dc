"""`feeds config`: check the configuration, show it, and give its JSON Schema.

This module must never decide: it prints what `feeds.config` answers.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.options import common_options, load_settings

if TYPE_CHECKING:
    from feeds.config.load import Loaded


@click.group(epilog="Example: feeds config check")
def config() -> None:
    """Check, show and describe the settings."""


@config.command(
    short_help="Say everything that is wrong with the configuration.",
    epilog="Example: feeds config check --config config/feeds.yaml",
)
@common_options
def check(config: Path | None, out: str | None, base_url: str | None, state: str | None) -> None:
    """Say whether the configuration is fine, or everything that is wrong with it."""
    click.echo(_verdict(load_settings(config, out=out, base_url=base_url, state=state)))


def _verdict(loaded: "Loaded") -> str:
    counts = (
        (sum(origin != "default" for origin in loaded.origins.values()), "setting"),
        (len(set(loaded.taxonomy.topics.values())), "topic"),
        (len(set(loaded.taxonomy.providers.values())), "provider"),
    )
    told = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)
    return f"{loaded.file or 'the default configuration'} is fine: {told}"


@config.command(epilog="Example: feeds config show --base-url https://feeds.example.org/")
@common_options
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON object: key to value and origin.")
def show(
    config: Path | None, out: str | None, base_url: str | None, state: str | None, *, as_json: bool | None
) -> None:
    """Print every setting, its value and where the value came from."""
    from feeds.config.show import effective  # noqa: PLC0415  pydantic costs 80 ms, which `--help` must not pay

    loaded = load_settings(config, out=out, base_url=base_url, state=state, json=as_json)
    rows = effective(loaded)
    if loaded.settings.json_output:
        told = {key: {"value": value, "origin": origin} for key, value, origin in rows}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for key, value, origin in rows:
        click.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}  # {origin}")


@config.command(epilog="Example: feeds config schema > feeds.schema.json")
def schema() -> None:
    """Print the JSON Schema of feeds.yaml, for editors."""
    from feeds.config.schema import json_schema  # noqa: PLC0415  pydantic costs 80 ms, which `--help` must not pay

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
