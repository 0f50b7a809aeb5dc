"""Measure `feeds build` beside Hugo and `find` over synthetic records: CPU seconds, peak memory, wall time.

The programs take turns (A B A B), so that a busy machine is unkind to all alike; the table holds medians. Everything
lies in one temporary folder that is removed at the end.

    python bench/run.py                         10,000 records, five runs of everything
    python bench/run.py --large --runs 3        100,000 records as well
    python bench/run.py --only feeds --match "no change"
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict
from itertools import count as counting
from pathlib import Path

from measure import Result, compete
from scenarios import COMMANDS, Place, chosen, scenarios, small_scenarios, tool


def row(result: Result, rivals: dict[tuple[str, int], float]) -> str:
    """Return one line of the table; the ratio is to Hugo's median in the same scenario."""
    cpu = result.middle("cpu")
    spread = f"{min(run.cpu for run in result.runs):.3f} to {max(run.cpu for run in result.runs):.3f}"
    rival = rivals.get((result.scenario, result.records))
    ratio = f"{cpu / rival:.2f}" if rival and result.contender != "hugo" else ""
    figures = f"{cpu:.3f} | {spread} | {result.middle('memory'):.0f} | {result.middle('wall'):.2f}"
    files = f"{result.runs[-1].files or ''}"
    return f"| {result.records:,} | {result.scenario} | {result.contender} | {figures} | {files} | {ratio} |"


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    rivals = {(one.scenario, one.records): one.middle("cpu") for one in results if one.contender == "hugo"}
    head = "| records | scenario | program | CPU s | lowest to highest | peak MiB | wall s | feed files | of Hugo |"
    return "\n".join([head, "|---:|---|---|---:|---|---:|---:|---:|---:|", *(row(one, rivals) for one in results)])


def written(results: list[Result], folder: Path, runs: int) -> None:
    """Write the results as `results.md` and `results.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.platform(), "processors": os.cpu_count()}
    whole = {"machine": machine, "runs": runs, "results": [asdict(result) for result in results]}
    (folder / "results.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(table(results) + "\n", encoding="utf-8")


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure `feeds build` beside Hugo and find.")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each program (default: 5)")
    parser.add_argument("--count", type=int, default=10_000, help="how many records (default: 10,000)")
    parser.add_argument("--large", action="store_true", help="100,000 records as well: 1.5 GB of disk, 5 GB of memory")
    parser.add_argument("--only", default="feeds,hugo,find", help="which programs (default: feeds,hugo,find)")
    parser.add_argument("--match", default="", help="only scenarios whose title holds this")
    parser.add_argument("--formats", default="rss,atom", help="what both sides make when cold (default: rss,atom)")
    parser.add_argument("--results", type=Path, help="write results.md and results.json to this folder")
    parser.add_argument("--work", type=Path, help="where the temporary folder is made")
    for name, command in COMMANDS.items():
        parser.add_argument(f"--{name}-command", default=command, help=f"default: {command}".replace("%", "%%"))
    return parser.parse_args()


def bench(args: argparse.Namespace, work: Path) -> list[Result]:
    """Make the records of each size, run what was asked for over them, and remove them before the next size."""
    commands = {name: getattr(args, f"{name}_command") for name in COMMANDS}
    only, turns, results = args.only.split(","), counting(1), []
    for scenario in chosen(small_scenarios(work, commands), only, args.match):
        results += compete(scenario, args.runs, work / "errors", turns)
    for size in (args.count, 100_000) if args.large else (args.count,):
        place = Place(work / str(size), size)
        tool("records.py", "--count", str(size), "--out", place.records)
        if "hugo" in only:
            tool("hugo.py", "--records", place.records, "--site", place.site, "--formats", args.formats)
        for scenario in chosen(scenarios(place, commands, args.formats), only, args.match):
            results += compete(scenario, args.runs, work / "errors", turns)
            print(table(results[-len(scenario.contenders) :]), file=sys.stderr)
        if (place.site / "public").exists():
            tool("hugo.py", "--records", place.records, "--check", place.site / "public", "--formats", args.formats)
        shutil.rmtree(place.folder)
    return results


def main() -> None:
    args = asked()
    with tempfile.TemporaryDirectory(prefix="feeds-bench-", dir=args.work) as work:
        results = bench(args, Path(work))
    print(table(results))
    if args.results:
        written(results, args.results, args.runs)


if __name__ == "__main__":
    main()
