"""The options that most commands share, and the way from them to the configuration.

This module must never decide what a setting means; it passes on what was typed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from feeds.config.load import Loaded

Command = TypeVar("Command", bound=Callable[..., object])

_OPTIONS = {
    "config": click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The settings file.  [default: config/feeds.yaml, if it is there]",
    ),
    "out": click.option("--out", metavar="DIR", help="The folder the feeds are written to."),
    "base-url": click.option("--base-url", metavar="URL", help="The public address of that folder."),
    "state": click.option(
        "--state", metavar="URL", help="What is remembered between builds: a path or an SQLAlchemy URL."
    ),
}


def plain_options(*names: str) -> Callable[[Command], Command]:
    """Add only those of the common options, for a command that gives another one a wider meaning."""

    def add(command: Command) -> Command:
        for name, option in reversed(_OPTIONS.items()):
            command = option(command) if name in names else command
        return command

    return add


def common_options(command: Command) -> Command:
    """Add --config, --out, --base-url and --state; hand them to `load_settings` as they are."""
    return plain_options(*_OPTIONS)(command)


def load_settings(config: Path | None = None, **overrides: object) -> "Loaded":
    """Return the configuration for this process: flags over the environment over the file.

    `overrides` are settings by name, None for a flag that was not given: a plain click flag needs `default=None`.
    Raises ConfigError.
    """
    from feeds.config.load import load  # noqa: PLC0415  pydantic costs 80 ms, which `--help` must not pay

    given = {key: value for key, value in overrides.items() if value is not None}
    return load(config, given, os.environ, Path.cwd())
