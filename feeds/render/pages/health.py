"""The page for the operator: what is wrong with records, pages and sources, and which command tells more."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from shlex import quote
from typing import Any

from feeds.model import Artifact, FeedSpec, Problem, Site
from feeds.model.look import Look
from feeds.render.pages.facts import HealthFacts, Standing
from feeds.render.pages.frame import frame_of
from feeds.render.pages.press import printed
from feeds.render.pages.wording import moment, moment_at, number, web_address

PATH = "health.html"
# What stands alone asks nobody for anything, its own host included.
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def render_health(facts: HealthFacts, site: Site, look: Look) -> Artifact:
    """Return the page on what needs care, as it stands among the others."""
    return Artifact(PATH, printed(look, PATH, _variables(facts, site, look)).encode())


def render_own_health(facts: HealthFacts, standing: Standing, site: Site, look: Look) -> bytes:
    """Return the same page for the operator's own eyes: it needs no other file, and tells how things stand too."""
    style = _style(look)
    alone = {
        "root": site.base_url,
        "policy": _POLICY.format(b64encode(sha256(style.encode()).digest()).decode()),
        "style": style,
        "styles": [],
        "scripts": [],
        "icon": "",
        "standing": _standing(standing),
    }
    return printed(look, PATH, _variables(facts, site, look) | alone).encode()


def _variables(facts: HealthFacts, site: Site, look: Look) -> dict[str, Any]:
    problems, dead, silent = (
        len(each) + more for each, more in zip((facts.problems, facts.dead, facts.silent), facts.more, strict=True)
    )
    counts = [
        number(problems, "problem in records", "problems in records"),
        number(dead, "dead page", "dead pages"),
        number(silent, "silent source", "silent sources"),
    ]
    return {
        **frame_of(PATH, FeedSpec("all", "all", ""), site, look),
        "formats": [],  # this page is not for readers
        "standing": None,
        "summary": ", ".join(counts),
        "problems": [_problem(each) for each in facts.problems],
        "dead": [_dead(*each) for each in facts.dead],
        "silent": [_silent(*each) for each in facts.silent],
        "more": [f"{count:,}" if count else "" for count in facts.more],
    }


def _style(look: Look) -> str:
    """Return all styles as one text; a backslash, which CSS reads over, keeps it from ending its element early."""
    sheets = sorted((name != "feeds.css", name, body) for name, body in look.assets if name.endswith(".css"))
    return "\n".join(body.decode("utf-8", "replace") for _, _, body in sheets).replace("</", "<\\/")


def _standing(standing: Standing) -> dict[str, Any]:
    when = datetime.fromtimestamp(standing.now, UTC)
    return {
        "ready": standing.ready,
        "why": standing.why,
        "warnings": standing.warnings,
        "lines": standing.lines,
        "now": {"iso": moment(when).iso, "text": f"{moment(when).text}, {when:%H:%M}"},
    }


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
