"""Run programs as whole processes, in turns, and keep what each run cost.

It must never share a process with what it measures, and it decides nothing about the figures.
"""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FEED_ENDINGS = (".rss", ".atom", ".xml", ".json")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run cost: seconds, the peak of its largest process in MiB, and how many feed files lay there after."""

    user: float
    system: float
    wall: float
    memory: float
    files: int

    @property
    def cpu(self) -> float:
        """The seconds of processor time in user and system mode."""
        return self.user + self.system


@dataclass(frozen=True, slots=True)
class Contender:
    """A program in one scenario; `prepare` is not measured and gets a number that never comes back."""

    name: str
    command: list[str]
    prepare: Callable[[int], None] = lambda _turn: None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is done, to how many records, and who takes turns at it."""

    title: str
    records: int
    contenders: list[Contender]


@dataclass(frozen=True, slots=True)
class Result:
    """The runs of one contender in one scenario."""

    scenario: str
    records: int
    contender: str
    runs: list[Usage]

    def middle(self, figure: str) -> float:
        """Return the median of one figure of the runs."""
        return float(median(getattr(run, figure) for run in self.runs))


def measure(command: list[str], out: Path | None, log: Path) -> Usage:
    """Run one command to its end; exit with its last words where it fails.

    `wait4` counts the processes the command waited for as well. A child starts with the peak memory of the process that
    forked it, so nothing under some 15 MiB can be told, and this process must stay small: records are made in another.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDS_")}
    with log.open("wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd=log.parent, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{shlex.join(command)}: exit {process.returncode}\n{log.read_text(errors='replace')[-2000:]}")
    files = sum(path.suffix in FEED_ENDINGS for path in out.rglob("*")) if out else 0
    return Usage(used.ru_utime, used.ru_stime, wall, used.ru_maxrss / 1024, files)


def compete(scenario: Scenario, runs: int, log: Path, turns: Iterator[int]) -> list[Result]:
    """Let the contenders take turns; the first run of each warms caches and state and is not counted."""
    kept: dict[str, list[Usage]] = {contender.name: [] for contender in scenario.contenders}
    for turn in range(runs + 1):
        for contender in scenario.contenders:
            contender.prepare(next(turns))
            usage = measure(contender.command, contender.out, log)
            if turn:
                kept[contender.name].append(usage)
    return [Result(scenario.title, scenario.records, name, usages) for name, usages in kept.items()]
