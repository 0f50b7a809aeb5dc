"""The command line: finds the command, and turns every outcome into an exit code.

0: fine. 1: the state or the output cannot be used. 2: the call or the configuration is wrong. 3: `--strict`, and some
record has a problem. 4: another build is at work. `feeds check` has its own 2 and 3: newly dead, and too many dead;
`feeds status` and `feeds doctor` exit with 1 where something is wrong.
"""

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from feeds import __version__
from feeds.errors import FeedsError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# name -> (module, attribute): a command's module is imported only when the command is used.
COMMANDS = {
    "build": ("feeds.cli.build", "build"),
    "check": ("feeds.cli.check", "check"),
    "completion": ("feeds.cli.completion", "completion"),
    "config": ("feeds.cli.config", "config"),
    "doctor": ("feeds.cli.doctor", "doctor"),
    "explain": ("feeds.cli.explain", "explain"),
    "init": ("feeds.cli.init", "init"),
    "links": ("feeds.cli.links", "links"),
    "list": ("feeds.cli.list", "list_"),
    "plan": ("feeds.cli.plan", "plan"),
    "poll": ("feeds.cli.poll", "poll"),
    "push": ("feeds.cli.push", "push"),
    "run": ("feeds.cli.run", "run"),
    "serve": ("feeds.cli.serve", "serve"),
    "sources": ("feeds.cli.sources", "sources"),
    "status": ("feeds.cli.status", "status"),
}
COMPLETE = "_FEEDS_COMPLETE"  # set by a shell while it asks what could come next; click names it so
INTERRUPTED = 130  # 128 + SIGINT, what shells expect


class _Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click passes it
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return _completing(cmd_name, command) if COMPLETE in os.environ else command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Return the names that begin so; click would import every command, to learn which of them are hidden."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  while a shell asks

        names = [CompletionItem(name) for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


def _completing(name: str, command: click.Command) -> click.Command:
    from feeds.cli.completers import completing  # noqa: PLC0415  while a shell asks

    return completing(name, command)


@click.group(cls=_Commands, epilog="Example: feeds build seeds --out out --base-url https://feeds.example.org/")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def feeds(ctx: click.Context) -> None:
    """Publish RSS, Atom and JSON feeds from curated records: one of everything, one per topic, one per provider."""
    if os.environ.get("NO_COLOR"):  # no-color.org; click drops colours by itself only where there is no terminal
        ctx.color = False


def main() -> None:
    """Run the command line and end the process."""
    # A build makes few cycles and much that lives on: collecting every 700 objects costs a quarter of its time.
    gc.set_threshold(200_000, 50, 1000)
    sys.exit(_run())


def _run() -> int:
    try:
        return int(feeds.main(standalone_mode=False, prog_name="feeds") or 0)
    except FeedsError as error:
        from feeds.cli.hints import more  # noqa: PLC0415  only where something fails

        click.echo("\n".join(filter(None, (f"feeds: {error}", more(error)))), err=True)
        return error.exit_code
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("feeds: interrupted; what was done is kept, and the next build goes on from there", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not complain about it once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
