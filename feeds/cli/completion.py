"""`feeds completion`: the script by which a shell completes our commands, printed or put where the shell looks."""

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from feeds.cli.completers import VARIABLE
from feeds.errors import FeedsError, UsageError

SHELLS = ("bash", "zsh", "fish")
MARK = "# Written by `feeds completion`"


@click.command(
    short_help="Have the shell complete commands, options and feeds.",
    epilog="Examples: feeds completion bash --install  ·  source <(feeds completion zsh)",
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Write it where the shell looks for it, and say where that is.")
def completion(shell: str, *, install: bool) -> None:
    """Print the script by which a shell completes `feeds` and what comes after it, or install it for yourself.

    Then Tab knows the commands, their options, the keys of published feeds and the ids of sources.
    """
    script = completion_script(shell)
    if not install:
        click.echo(script, nl=False)
        return
    path = place(shell)
    _write(path, script)
    click.echo(f"written: {path}\n{_then(shell, path)}\nto undo it: rm {path}")


def completion_script(shell: str) -> str:
    """Return the script for a shell, and how to install it as a comment in it."""
    kind = get_completion_class(shell)
    assert kind is not None
    # Not its own `source`: for bash that asks the bash which is first in PATH for its version.
    body = ShellComplete.source(kind(click.Command("feeds"), {}, "feeds", VARIABLE)).strip("\n")
    body = body.replace(*_LOADED)
    first, _, rest = body.partition("\n")
    head = f"{MARK} {shell}; for every new shell: feeds completion {shell} --install\n{_BY_HAND[shell]}"
    # What zsh autoloads begins with #compdef.
    return f"{first}\n{head}\n{rest}\n" if first.startswith("#compdef") else f"{head}\n{body}\n"


# click asks whether zsh is loading the file, which is so for the first Tab only: the second one proposed nothing.
_LOADED = ("$zsh_eval_context[-1] == loadautofunc", "$funcstack[1] == _feeds")
_BY_HAND = {
    "bash": "# or, for this shell only: source <(feeds completion bash)",
    "zsh": "# or, for this shell only, after compinit: source <(feeds completion zsh)",
    "fish": "# or, for this shell only: feeds completion fish | source",
}


def place(shell: str) -> Path:
    """Return the file in which a shell looks for what a user adds."""
    home = Path.home()
    if shell == "bash":
        data = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
        own = os.environ.get("BASH_COMPLETION_USER_DIR") or Path(data, "bash-completion")
        return Path(own, "completions", "feeds")
    if shell == "zsh":
        return Path(os.environ.get("ZDOTDIR") or home, ".zfunc", "_feeds")
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "fish", "completions", "feeds.fish")


def _then(shell: str, path: Path) -> str:
    if shell == "bash":
        return "a new bash completes feeds, where the package bash-completion is installed"
    if shell == "zsh":
        return (
            f"zsh needs these lines in {path.parent.parent / '.zshrc'}, before any other compinit:\n"
            f"  fpath+=({path.parent})\n"
            "  autoload -Uz compinit && compinit"
        )
    return "a new fish completes feeds"


def _write(path: Path, script: str) -> None:
    """Put the script in its place; nothing but what an earlier call wrote is replaced."""
    try:
        if path.is_symlink() or (path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace")):
            raise UsageError(
                f"{path} is there already, and not by `feeds completion`: move it away, or say where else: "
                "feeds completion SHELL > FILE"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_name(f".{path.name}.{os.getpid()}")
        staged.write_text(script, encoding="utf-8")
        staged.replace(path)
    except OSError as error:
        raise FeedsError(f"{path} cannot be written: {error.strerror or error}") from error
