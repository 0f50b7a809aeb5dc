"""Tell what a check found: a table for people, JSON, JUnit XML for CI, Markdown for issues, HTML for mail."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import click

from feeds.cli.check_watch import duration

if TYPE_CHECKING:
    from feeds.app.checking import CheckReport, KnownLink
    from feeds.links.plan import CrawlPlan

_ENDS = {
    "budget": ("the limit was reached", "feeds check --plan"),
    "offline": ("our own network is down", "feeds doctor looks at names and addresses"),
}
_ORDER = ("ok", "moved", "suspect", "dead", "blocked", "excluded", "unknown")


def plan_text(plan: "CrawlPlan", *, as_json: bool) -> str:
    """Return what a check would ask."""
    if as_json:
        told = {"urls": plan.urls, "hosts": plan.hosts, "seconds": round(plan.seconds, 1), "slowest": plan.slowest}
        return json.dumps(told)
    if not plan.urls:
        return "nothing is due; to check everything: feeds check --all (or run feeds build first)"
    least = f"at least {duration(plan.seconds)}, {duration(plan.seconds_at_start)} at the pace hosts begin with"
    return f"{plan.urls:,} links on {plan.hosts:,} hosts: {least}; {plan.slowest} takes longest"


def report_text(report: "CheckReport", dead: "Sequence[KnownLink]", report_format: str) -> str:
    """Return the report in one of the formats of `feeds check --format`."""
    match report_format:
        case "json":
            return _json(report, dead)
        case "junit":
            return _junit(report, dead)
        case "markdown":
            return _markdown(report, dead)
        case "html":
            return _html(report, dead)
        case _:
            return "\n".join(_table(report, dead))


def _counts(report: "CheckReport") -> str:
    known = (f"{report.verdicts[name]:,} {name}" for name in _ORDER if report.verdicts.get(name))
    return ", ".join(known) or "no links yet: run feeds build first"


def _table(report: "CheckReport", dead: "Sequence[KnownLink]") -> Iterator[str]:
    new = {change.url for change in report.newly_dead}
    for link in dead:
        mark = click.style("newly dead", fg="red") if link.url in new else click.style("dead", fg="yellow")
        yield f"{link.url}: {mark}: {link.reason}"
        yield from (f"    {title}" for title in link.items[:3])
    progress = report.progress
    yield f"{progress.checked:,} links checked in {duration(progress.seconds)}: {_counts(report)}"
    if progress.postponed or progress.discarded:
        lost = f"{progress.discarded:,} not judged because our own network failed"
        yield f"  {progress.postponed:,} put off by their hosts, {lost}; what is still due: feeds check --plan"
    if report.held:
        yield f"  {report.held:,} hosts left out: another check is at work on them; how far it is: feeds status"
    if progress.end.value in _ENDS:
        why, more = _ENDS[progress.end.value]
        yield f"  ended early: {why}; what is left stays due: {more}"
    if dead:
        yield "  since when they are dead, and when they are checked again: feeds links --state dead"
    if report.new_verdicts:
        yield f"  {report.new_verdicts:,} verdicts are new; the next feeds build acts on them (feeds links tells more)"


def _row(link: "KnownLink") -> dict[str, object]:
    return {
        "url": link.url,
        "host": link.host,
        "role": link.role,
        "verdict": link.verdict,
        "reason": link.reason,
        "since": link.since,
        "next_check": link.next_check,
        "moved_to": link.moved_to,
        "pin": link.pin,
        "items": list(link.items),
    }


def links_json(links: "Sequence[KnownLink]") -> str:
    """Return links as a JSON array."""
    return json.dumps([_row(link) for link in links], ensure_ascii=False)


def _json(report: "CheckReport", dead: "Sequence[KnownLink]") -> str:
    told = {
        "checked": report.progress.checked,
        "postponed": report.progress.postponed,
        "discarded": report.progress.discarded,
        "hosts_held": report.held,
        "end": report.progress.end.value,
        "seconds": round(report.progress.seconds, 3),
        "verdicts": report.verdicts,
        "newly_dead": [change.url for change in report.newly_dead],
        "changes": [
            {"url": c.url, "before": c.before.value, "after": c.after.value, "reason": c.reason} for c in report.changes
        ],
        "dead": [_row(link) for link in dead],
    }
    return json.dumps(told, ensure_ascii=False)


def _junit(report: "CheckReport", dead: "Sequence[KnownLink]") -> str:
    """Return JUnit XML: every dead link is a failed test case, everything else one that passed."""
    cases = [
        f'  <testcase classname="{escape(link.host)}" name="{escape(link.url)}">'
        f'<failure message="{escape(link.reason)}">{escape("; ".join(link.items))}</failure></testcase>'
        for link in dead
    ]
    total = max(report.progress.checked, len(dead))
    head = f'<testsuite name="links" tests="{total}" failures="{len(dead)}" time="{report.progress.seconds:.1f}">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"))


def _markdown(report: "CheckReport", dead: "Sequence[KnownLink]") -> str:
    rows = [f"| <{link.url}> | {link.reason} | {_cell('; '.join(link.items))} |" for link in dead]
    table = ["", "| dead link | reason | used by |", "|---|---|---|", *rows] if rows else []
    return "\n".join((f"{report.progress.checked:,} links checked: {_counts(report)}", *table))


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _html(report: "CheckReport", dead: "Sequence[KnownLink]") -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(link.url)}">{escape(link.url)}</a></td><td>{escape(link.reason)}</td>'
        f"<td>{escape('; '.join(link.items))}</td></tr>\n"
        for link in dead
    )
    body = f"<table><tr><th>dead link</th><th>reason</th><th>used by</th></tr>\n{rows}</table>" if rows else ""
    head = f"{report.progress.checked:,} links checked: {escape(_counts(report))}"
    return f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Links</title>\n<p>{head}</p>\n{body}</html>'
