"""What is measured: which programs do what, to how many records.

Nothing here is timed. Everything is written below the folder given; records are made by scripts of their own, so that
the measuring process stays small.
"""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from measure import Contender, Scenario

HERE = Path(__file__).resolve().parent
ALL = "rss,atom,json"
COMMANDS = {
    "feeds": shlex.quote(str(Path(sys.executable).with_name("feeds"))) + " build --config {config}",
    "version": shlex.quote(str(Path(sys.executable).with_name("feeds"))) + " --version",
    "hugo": "hugo --quiet --source {site} --destination {out} --cacheDir {cache}",
    "find": r"find {records} -printf '%s %T@ %p\n'",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the records of one size, and what is made of them, lie."""

    folder: Path
    count: int

    @property
    def records(self) -> Path:
        """The folder of the records."""
        return self.folder / "records"

    @property
    def site(self) -> Path:
        """The folder of Hugo's site."""
        return self.folder / "site"


def tool(name: str, *arguments: str | Path) -> None:
    """Run another script of this folder in a process of its own."""
    subprocess.run([sys.executable, HERE / name, *map(str, arguments)], check=True)


def changing(place: Place, folder: Path, kind: str, changed: int) -> Callable[[int], None]:
    """Return what changes that many records in place, others on every turn."""

    def change(turn: int) -> None:
        many = str(min(changed, place.count))
        tool("records.py", "--count", str(place.count), "--out", folder, kind, many, "--seed", str(turn))

    return change


def removing(*folders: Path) -> Callable[[int], None]:
    """Return what removes the folders and all that is in them."""

    def remove(_turn: int) -> None:
        for folder in folders:
            if folder.exists():
                shutil.rmtree(folder)

    return remove


def configured(
    folder: Path, records: Path, *, related: bool, formats: str, pages: bool = False, archives: bool = False
) -> Path:
    """Write a configuration of its own for one way to build; output and state lie beside it.

    Without pages and archives it makes what Hugo makes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "records": [str(records)],
        "out": str(folder / "out"),
        "state": str(folder / "state" / "state.db"),
        "base_url": "https://feeds.example.org/",
        "related": related,
        "feeds": {"formats": formats.split(","), "archives": archives},
        "pages": {"enabled": pages},
    }
    path = folder / "feeds.yaml"
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return path


def filled(template: str, **places: Path) -> list[str]:
    """Return the command of a template such as `feeds build --config {config}`."""
    return [word.format(**places) for word in shlex.split(template)]


def builder(commands: dict[str, str], config: Path, prepare: Callable[[int], None] | None = None) -> Contender:
    """Return our own build; without `prepare` it starts from nothing every time."""
    out = config.parent / "out"
    cold = removing(out, config.parent / "state")
    return Contender("feeds", filled(commands["feeds"], config=config), prepare or cold, out)


def site_maker(commands: dict[str, str], place: Place, prepare: Callable[[int], None] | None = None) -> Contender:
    """Return Hugo over the same records; without `prepare` its output is removed before every run."""
    out = place.site / "public"
    command = filled(commands["hugo"], site=place.site, out=out, cache=place.folder / "cache")
    return Contender("hugo", command, prepare or removing(out), out)


def scenarios(place: Place, commands: dict[str, str], formats: str) -> Iterator[Scenario]:
    """Yield everything that is measured over the records of one size."""
    few = configured(place.folder / "plain", place.records, related=False, formats=formats)
    full = configured(place.folder / "full", place.records, related=True, formats=ALL)
    paged = configured(place.folder / "paged", place.records, related=True, formats=ALL, pages=True)
    whole = configured(place.folder / "whole", place.records, related=True, formats=ALL, pages=True, archives=True)
    finder = Contender("find", filled(commands["find"], records=place.records))
    edit = changing(place, place.records, "--edit", 10)
    edit_site = changing(place, place.site / "content" / "records", "--edit", 10)
    touch = changing(place, place.records, "--touch-secured", 1_000)

    def quiet(_turn: int) -> None:
        """Change nothing."""

    def scenario(title: str, *contenders: Contender) -> Scenario:
        return Scenario(title, place.count, list(contenders))

    yield scenario(f"cold, {formats}", builder(commands, few), site_maker(commands, place))
    yield scenario("cold, rss,atom,json and related stories", builder(commands, full))
    yield scenario("the same with web pages", builder(commands, paged))
    yield scenario("the same with web pages and archives", builder(commands, whole))
    yield scenario("no change", builder(commands, few, quiet), finder)
    yield scenario("no change, with web pages and archives", builder(commands, whole, quiet))
    edits = changing(place, place.records, "--edit", 10)
    yield scenario(f"{min(10, place.count)} titles edited, with both", builder(commands, whole, edits))
    yield scenario(
        f"{min(10, place.count)} titles edited", builder(commands, few, edit), site_maker(commands, place, edit_site)
    )
    yield scenario(f"secured and heat of {min(1_000, place.count):,} changed", builder(commands, few, touch))


def small_scenarios(work: Path, commands: dict[str, str]) -> Iterator[Scenario]:
    """Yield what is measured without synthetic records."""
    seeds = HERE.parent / "seeds"
    config = configured(work / "seeds", seeds, related=True, formats=ALL, pages=True, archives=True)
    yield Scenario("the seeds, no change", len(list(seeds.iterdir())), [builder(commands, config, lambda _turn: None)])
    yield Scenario("--version", 0, [Contender("feeds", filled(commands["version"]))])


def chosen(every: Iterator[Scenario], only: list[str], match: str) -> list[Scenario]:
    """Return the scenarios asked for, without the contenders nobody asked for."""
    kept = []
    for scenario in every:
        contenders = [contender for contender in scenario.contenders if contender.name in only]
        if contenders and match in scenario.title:
            kept.append(Scenario(scenario.title, scenario.records, contenders))
    return kept
