"""Whatever goes wrong, what is printed names a command that tells more, and that command exists."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from feeds.app import run_build
from feeds.cli.main import feeds
from feeds.config.load import load
from feeds.links.policy import Policy
from feeds.model.link import Observation, Seen
from feeds.pipeline.check import StoreResults, learn_links
from feeds.store import open_store

GOOD = "---\ntitle: A story\npublishedDateTime: 2023-10-01T09:30:00Z\noriginalUrl: {url}\n---\n"
BROKEN = "---\ntitle: No date\noriginalUrl: https://a.example/2\n---\n"
OPML = '<opml><body><outline type="rss" text="B" xmlUrl="ftp://b.example/feed"/></body></opml>'
DAY = 86_400
# A command as it is named where somebody shall call it; elsewhere `feeds` is the word for what is published.
MENTION = re.compile(
    r"(?:^|[:;(`>,] ?|\b(?:call|run|next|or|then) )feeds ([a-z]+)((?: [a-z]+)?)((?: --[a-z][a-z-]*)*)", re.MULTILINE
)


@dataclass(frozen=True)
class Scene:
    """A project where nothing is as it should be: `address` is one of this machine at which nobody listens."""

    folder: Path
    address: str

    def configure(self, **settings: object) -> None:
        links = {"allow_networks": ["127.0.0.0/8"], "archive_url": "", "hosts": [{"host": "127.0.0.1", "rate": 50}]}
        given = {"base_url": "https://feeds.example.org/", "links": links, **settings}
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config" / "feeds.yaml").write_text(json.dumps(given), encoding="utf-8")

    def record(self, name: str, text: str) -> None:
        (self.folder / "records").mkdir(exist_ok=True)
        (self.folder / "records" / name).write_text(text.format(url=f"{self.address}/story"), encoding="utf-8")

    def build(self) -> None:
        run_build(load(None, {}, {}, self.folder), lambda *_: None)  # in this process: a new one takes half a second

    def saw_dead(self) -> None:
        """Have the state remember that the page of the good record is dead, as three checks would have seen it."""
        store = open_store(f"sqlite:///{self.folder}/.feeds/state.db")
        for days in (4, 2, 0):
            at = time.time() - days * DAY
            learn_links(store, lambda _: "", int(at))
            seen = [Observation(f"{self.address}/story", Seen.MISSING, "http-404", 404)]
            StoreResults(store, Policy(), lambda at=at: at).write(seen)
        store.close()

    def run(self, *words: str) -> str:
        own = {name: value for name, value in os.environ.items() if not name.startswith("FEEDS_")}
        command = [sys.executable, "-m", "feeds", *words]
        done = subprocess.run(command, cwd=self.folder, env=own, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return f"{done.stderr}{done.stdout}" if done.stderr.strip() else done.stdout


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and nobody listens
        yield Scene(tmp_path, f"http://127.0.0.1:{held.getsockname()[1]}")


def bare(scene: Scene) -> None:
    scene.configure()


def record(scene: Scene) -> None:
    scene.configure()
    scene.record("good.md", GOOD)


def faulty_settings(scene: Scene) -> None:
    scene.configure(jobs="many")


def broken_record(scene: Scene) -> None:
    record(scene)
    scene.record("broken.md", BROKEN)


def no_records(scene: Scene) -> None:
    scene.configure()
    (scene.folder / "records").mkdir()


def source(scene: Scene, **more: object) -> None:
    record(scene)
    scene.configure(sources=[{"url": f"{scene.address}/feed", "id": "news", **more}])


def paused_source(scene: Scene) -> None:
    source(scene, paused=True)


def hub(scene: Scene) -> None:
    record(scene)
    scene.configure(push={"hubs": [f"{scene.address}/hub"]})


def everything(scene: Scene) -> None:
    broken_record(scene)
    scene.configure(push={"hubs": [f"{scene.address}/hub"]}, sources=[{"url": f"{scene.address}/feed", "id": "news"}])
    scene.run("build", "--poll")


def dead_link(scene: Scene) -> None:
    record(scene)
    scene.build()
    scene.saw_dead()


def built(scene: Scene) -> None:
    record(scene)
    scene.build()


def list_of_feeds(scene: Scene) -> None:
    scene.configure()
    (scene.folder / "list.opml").write_text(OPML, encoding="utf-8")


def another_projects_file(scene: Scene) -> None:
    (scene.folder / "config").mkdir()
    (scene.folder / "config" / "feeds.yaml").write_text("site: {title: Mine}\n", encoding="utf-8")


# What is prepared, what is called, and how what is printed of it begins.
CASES: dict[str, tuple[Callable[[Scene], None], list[str], str]] = {
    "a broken record": (broken_record, ["build"], "records/broken.md:2:1: date-missing"),
    "no records": (no_records, ["build"], "no records below"),
    "no folder of records": (bare, ["build", "nowhere"], "records: there is no folder"),
    "a fault in the settings": (faulty_settings, ["build"], "jobs: must be a whole number"),
    "a state that cannot be had": (built, ["status", "--state", "postgresql://127.0.0.1:1/x"], "state"),
    "an output that cannot be": (built, ["build", "--out", "/dev/null/out"], "feeds: "),
    "a link that nobody uses": (built, ["links", "pin", "https://a.example/none", "alive"], "no item uses"),
    "a dead source before a build": (source, ["build", "--poll"], "news: refused"),
    "a dead hub after a build": (hub, ["build"], "was not told of"),
    "a dead source": (source, ["poll"], "news: refused"),
    "only paused sources": (paused_source, ["poll", "--all"], "every source is paused"),
    "no sources to ask": (bare, ["poll"], "no sources are configured"),
    "an unknown source": (source, ["poll", "nobody"], "there is no source 'nobody'"),
    "no sources": (bare, ["sources", "list"], "no sources"),
    "a source that nobody knows": (source, ["sources", "remove", "x-y-z"], "x-y-z is no source"),
    "a list with a fault": (list_of_feeds, ["sources", "import", "list.opml"], "list.opml:1:1"),
    "a dead hub": (everything, ["push"], "was not told of"),
    "no hub": (built, ["push"], "no hub is named"),
    "a dead link": (dead_link, ["check"], "/story: dead: http-404"),
    "nothing to check": (bare, ["check"], "no links yet"),
    "nothing to plan": (bare, ["check", "--plan"], "nothing is due"),
    "no such links": (built, ["links", "--state", "dead"], "no such links"),
    "a state of links that is none": (built, ["links", "--state", "ded"], "'ded' is no state of links"),
    "a status before the first build": (bare, ["status"], "fault: nothing was published yet"),
    "a status of all that": (everything, ["status"], "warning: "),
    "a doctor on all that": (everything, ["doctor", "--offline"], "faults, "),
    "a file that init keeps": (another_projects_file, ["init"], "config/feeds.yaml is kept as it is"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_goes_wrong_names_a_command_that_tells_more(scene: Scene, name: str) -> None:
    prepare, words, begins = CASES[name]
    prepare(scene)
    printed = scene.run(*words)
    assert begins in printed
    block = printed[printed.index(begins) :]
    assert MENTION.search(block), block
    assert [fault for mention in MENTION.finditer(printed) for fault in unknown(mention)] == []


def test_every_single_warning_of_a_status_names_one(scene: Scene) -> None:
    everything(scene)
    warnings = [line for line in scene.run("status").splitlines() if line.startswith(("  fault: ", "  warning: "))]
    assert len(warnings) >= 3
    assert [line for line in warnings if not MENTION.search(line)] == []


def unknown(mention: re.Match[str]) -> list[str]:
    """Return what of a mentioned command does not exist: its name, its second word, its options."""
    name, second, options = mention[1], mention[2].strip(), mention[3].split()
    context = click.Context(feeds)
    command = feeds.get_command(context, name)
    if command is None:
        return [name]
    if isinstance(command, click.Group) and not command.invoke_without_command:
        inner = command.get_command(context, second)
        if inner is None:
            return [f"{name} {second}"]
        command = inner
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [f"{name} {option}" for option in options if option not in known | {"--help"}]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("see: feeds links --state dead", []),
        ("(feeds links tells more)", []),
        ("3 feeds wait for it: feeds push", []),
        ("the feeds say they live elsewhere", []),
        ("see: feeds nothing", ["nothing"]),
        ("see: feeds sources nothing", ["sources nothing"]),
        ("see: feeds sources", ["sources "]),
        ("see: feeds build --nothing", ["build --nothing"]),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str, faults: list[str]) -> None:
    assert [fault for mention in MENTION.finditer(line) for fault in unknown(mention)] == faults
