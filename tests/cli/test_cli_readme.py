"""What the README and the help texts promise a newcomer happens, word for word."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from feeds.cli.main import feeds
from feeds.model.link import Observation, Seen

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str, beginning: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block for block in found if block.startswith(beginning)]


def shown(beginning: str) -> str:
    """Return the output in the README as a pattern: folders and seconds differ from machine to machine."""
    [block] = blocks("text", beginning)
    pattern = re.escape(block).replace("\\ ", " ").replace("\\.", ".")
    return re.sub(r"/home/you/\w+/", "/.*/", re.sub(r"in \d.\d s", r"in \\d+.\\d s", pattern))


def test_the_first_command_prints_what_the_readme_shows(run, own):
    done = run("build")
    assert re.fullmatch(shown("5 records -> "), done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 written, 44 unchanged" in run("build").stdout


def test_the_first_record_prints_what_the_readme_shows(run, folder):
    [record] = blocks("yaml", "---\n")
    (folder / "records").mkdir()
    (folder / "records" / "first.md").write_text(record, encoding="utf-8")
    assert re.fullmatch(shown("1 record -> "), run("build").stdout)
    paths = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.*")}
    assert {"all.rss", "all.atom", "all.json", "feeds.json"} <= paths
    assert {"topics/archives.rss", "providers/museum.example.rss"} <= paths


def examples(command: click.Command) -> Iterator[str]:
    yield from (command.epilog or "").partition(": ")[2].split("  ·  ")
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from examples(found)


EXAMPLES = sorted(set(examples(feeds)))
ASKING = ("feeds check", "feeds links")
ENDLESS = ("feeds run", "feeds serve")
# They look at the outside: whether that is there is not for a test to say.
OUTSIDE = ("feeds doctor", "feeds doctor --json", "feeds sources add https://example.org/ --topic AI")
LIST = '<opml><body><outline xmlUrl="https://example.org/feed.xml"/></body></opml>'


@pytest.mark.parametrize("line", [line for line in EXAMPLES if not line.startswith((*ASKING, *ENDLESS))])
def test_every_example_in_a_help_text_works(run, own, line):
    if line.startswith(("feeds status", "feeds explain", "feeds list", "feeds plan")):
        run("build")
    if line.startswith("feeds explain"):
        line = re.sub(r"explain \S+", f"explain {next((own / 'seeds').iterdir())}", line)
    if line.startswith("feeds sources"):
        (own / "subscriptions.opml").write_text(LIST, encoding="utf-8")
    if line.startswith("feeds sources remove"):
        run("sources", "import", "subscriptions.opml")
        line = line.replace(" URL", " https://example.org/feed.xml")
    if line not in OUTSIDE:
        works(run, line)


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line.startswith(ENDLESS)])
def test_every_example_that_goes_on_begins_and_ends_when_asked(own, line):
    environ = {
        **os.environ,
        "FEEDS_SERVE__ADMIN": "",
        "FEEDS_SCHEDULE__CHECK": "1d",
        "FEEDS_SERVE__ADDRESS": "127.0.0.1:0",
    }
    words = [re.sub(r":\d+$", ":0", word) for word in shlex.split(line)[1:]]
    command = [sys.executable, "-m", "feeds", *words]
    with subprocess.Popen(command, cwd=own, env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line.startswith(ASKING)])
def test_every_example_about_links_works(run, linked, saw, line):
    # No check may leave this machine: the only link is not due before a year that no clock shows.
    linked("https://example.org/story", proxy="http://127.0.0.1:9")
    saw([Observation("https://example.org/story", Seen.ALIVE, "http-200", 200)], 2**35)
    works(run, line.replace(" URL ", " https://example.org/story "))


def works(run, line):
    words = shlex.split(re.sub(r"source <\((.*)\)", r"\1", line.partition(" > ")[0]))
    assert words[0] == "feeds"
    done = run(*words[1:])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_lists_its_targets():
    told = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.findall(r"^make (\w+) ", told, re.MULTILINE) == targets[1].split()
