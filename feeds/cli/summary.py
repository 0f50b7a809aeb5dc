"""Tell what a build did: in words a person likes to read, or as one JSON object."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.model import Problem
    from feeds.pipeline import BuildReport

SHOWN = 20


def as_json(report: "BuildReport", seconds: float) -> str:
    """Return the report as one JSON object; see docs/commands.md for its keys."""
    problems = [
        {
            "file": found.file,
            "line": found.line,
            "column": found.column,
            "code": found.code,
            "detail": found.detail,
            "severity": found.severity.value,
        }
        for found in report.problems
    ]
    told = {
        "records": report.records,
        "items": report.items,
        "held_back": report.held_back,
        "problems": problems,
        "feeds": report.feeds,
        "written": len(report.written),
        "deleted": len(report.deleted),
        "unchanged": report.unchanged,
        "seconds": round(seconds, 3),
        "read": report.read,
        "rendered": report.rendered,
        "files": {"written": report.written, "deleted": report.deleted},
    }
    return json.dumps(told, ensure_ascii=False)


def as_text(report: "BuildReport", loaded: "Loaded", seconds: float) -> str:
    """Return the report for people."""
    return "\n".join((*_problems(report.problems), *_facts(report, loaded, seconds)))


def _problems(problems: "Sequence[Problem]") -> Iterator[str]:
    for found in problems[:SHOWN]:
        colour = "red" if found.severity == "error" else "yellow"
        yield f"{found.file}:{found.line}:{found.column}: {click.style(found.code, fg=colour)}: {found.detail}"
    if len(problems) > SHOWN:
        yield f"... and {len(problems) - SHOWN} more; see them all: feeds build --json"


def _facts(report: "BuildReport", loaded: "Loaded", seconds: float) -> Iterator[str]:
    yield f"{_count(report.records, 'record')} -> {_count(report.items, 'item')} in {_count(report.feeds, 'feed')}"
    if report.held_back:
        say = "it says so itself" if report.held_back == 1 else "they say so themselves"
        hint = f"{say} ('published: false'); to see them: feeds build --include-unpublished"
        yield f"  {_count(report.held_back, 'record')} held back: {hint}"
    if report.problems:
        faulty = len({found.file for found in report.problems if found.severity == "error"})
        smaller = sum(found.severity == "warning" for found in report.problems)
        counts = f"{_count(faulty, 'record')} left out for a fault, {_count(smaller, 'smaller fault')} passed over"
        yield f"  {counts}; what became of one: feeds explain FILE"
    if not report.records:
        roots = ", ".join(map(str, loaded.record_roots))
        cure = "put files with front matter there, or name a folder: feeds build RECORDS_DIR"
        yield f"  no records below {roots}: {cure}"
    if loaded.origins["base_url"] == "default":
        url = loaded.settings.base_url
        yield f"  the feeds say they live at {url}; set base_url, or --base-url, before you publish"
    if report.front_kept:
        cure = "to have ours, remove it; to have no pages, set pages.enabled to false (feeds config show pages.enabled)"
        yield f"  {loaded.out / 'index.html'} is not ours and stays: {cure}"
    yield from (f"  removed {path}: it is no longer configured" for path in report.deleted)
    did = [f"{len(report.written)} written", f"{report.unchanged} unchanged", f"{len(report.deleted)} removed"]
    yield f"{loaded.out}: {', '.join(did)} in {seconds:.1f} s"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
