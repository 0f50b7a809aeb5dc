"""The page for the operator: what is wrong with records, pages and sources, and which command tells more."""

from collections.abc import Sequence
from shlex import quote
from typing import Any

from feeds.model import Artifact, FeedSpec, Problem, Site
from feeds.model.look import Look
from feeds.render.pages.facts import HealthFacts
from feeds.render.pages.frame import frame_of
from feeds.render.pages.press import printed
from feeds.render.pages.wording import moment_at, number, web_address

PATH = "health.html"


def render_health(facts: HealthFacts, site: Site, look: Look) -> Artifact:
    """Return the page on what needs care."""
    counts = [
        number(len(facts.problems), "problem in records", "problems in records"),
        number(len(facts.dead), "dead page", "dead pages"),
        number(len(facts.silent), "silent source", "silent sources"),
    ]
    variables = {
        **frame_of(PATH, FeedSpec("all", "all", ""), site, look),
        "formats": [],  # this page is not for readers
        "summary": ", ".join(counts),
        "problems": [_problem(each) for each in facts.problems],
        "dead": [_dead(*each) for each in facts.dead],
        "silent": [_silent(*each) for each in facts.silent],
    }
    return Artifact(PATH, printed(look, "health.html", variables).encode())


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "place": f"{problem.file}:{problem.line}:{problem.column}",
        "severity": problem.severity.value,
        "code": problem.code,
        "detail": problem.detail,
        "command": f"feeds explain {quote(problem.file)}",
    }


def _dead(url: str, reason: str, since: int, titles: Sequence[str]) -> dict[str, Any]:
    return {
        "url": url,
        "link": web_address(url),
        "reason": reason,
        "since": moment_at(since),
        "titles": titles,
        "command": f"feeds explain {quote(url)}",
    }


def _silent(name: str, url: str, detail: str, good: int) -> dict[str, Any]:
    command = f"feeds poll {quote(name)}"
    return {"id": name, "url": url, "detail": detail, "good": moment_at(good), "command": command}
