"""The manual of links and the code say the same: classes, verdicts, proofs, waits, limits, reasons."""

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from feeds.app.checking import ARCHIVE_AGAIN, ARCHIVE_MOST
from feeds.links.classify import MOST_HOPS, fault_class
from feeds.links.hosts import Pace
from feeds.links.policy import DAY, HOUR, Policy
from feeds.links.weather import Front
from feeds.model.link import Role, Seen, Verdict
from feeds.probe.archive import GAP_SECONDS
from feeds.probe.limits import Limits as CrawlLimits
from feeds.web.limits import Limits as WebLimits

PROJECT = Path(__file__).resolve().parents[2]
MANUAL = (PROJECT / "docs" / "links.md").read_text(encoding="utf-8")
POLICY = Policy()
FAMILY = re.compile(r"(address|url|dns|tls|robots|soft|excluded)-[a-z-]*[a-z]")
UNITS = ((DAY, "d"), (HOUR, "h"), (60, "min"), (1, "s"))


def table(section: str) -> list[list[str]]:
    """Return the cells of the rows of one section that begin with a word in backquotes, without the quotes."""
    body = re.split(r"\n#+ ", MANUAL.partition(f"## {section}\n")[2])[0]
    lines = re.findall(r"^\| `.*\|$", body, re.MULTILINE)
    return [[cell.strip().replace("`", "") for cell in line[1:-1].split("|")] for line in lines]


def span(seconds: float) -> str:
    """Return a time in the largest unit that divides it."""
    size, unit = next((size, unit) for size, unit in UNITS if seconds % size == 0)
    return f"{seconds / size:g} {unit}"


def ladder(waits: tuple[int, ...]) -> str:
    return f"{', '.join(map(span, waits))}, then every {span(waits[-1])}"


def test_every_class_is_told_in_order():
    assert [row[0] for row in table("What one check sees")] == [seen.value for seen in Seen]


def test_every_verdict_is_told_in_order():
    assert [row[0] for row in table("Verdicts")] == [verdict.value for verdict in Verdict]


def test_every_role_is_told_in_order():
    assert [row[0] for row in table("Which addresses")] == [role.value for role in Role]


def test_what_makes_a_link_dead_is_what_the_policy_says():
    told = {row[0]: (row[1], row[2]) for row in table("What makes a link dead")}
    assert told == {seen.value: (str(row.fails), span(row.seconds)) for seen, row in POLICY.deaths.items()}
    assert f"at least {span(POLICY.between_fails)} after" in MANUAL


def test_the_classes_that_count_are_those_with_a_proof():
    counting = [row[0] for row in table("What one check sees") if row[2] == "yes"]
    assert counting == [seen.value for seen in Seen if seen in POLICY.deaths]
    assert POLICY.deaths.keys() == POLICY.suspects.keys()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("the same site", (POLICY.move_sightings, POLICY.move_seconds)),
        ("another site", (POLICY.far_move_sightings, POLICY.far_move_seconds)),
    ],
)
def test_what_confirms_a_move_is_what_the_policy_says(kind, wanted):
    sightings, seconds = wanted
    assert f"to {kind}: seen {sightings} times over {span(seconds)}" in MANUAL


def test_the_waits_are_those_of_the_policy():
    told = {row[0]: row[1] for row in table("When it is asked again")}
    waits = {f"suspect, {seen.value}": ladder(steps) for seen, steps in POLICY.suspects.items()}
    rest = {"blocked": POLICY.blocked, "dead": POLICY.dead}
    good = f"{span(POLICY.good_while_young)} while young; then {', '.join(map(span, POLICY.good))}"
    window = f"; at most {span(POLICY.good_in_window)} while in a window"
    waits |= {"ok, moved": good + window} | {name: ladder(steps) for name, steps in rest.items()}
    assert {name: wait for name, wait in told.items() if name in waits} == waits
    assert told.keys() - waits.keys() == {"unknown", "excluded"}


def test_every_limit_told_has_the_value_it_has_in_the_code():
    values = {"Pace": Pace(), "Front": Front(), "web.Limits": WebLimits(), "probe.Limits": CrawlLimits()}
    assert all(is_dataclass(value) for value in values.values())
    told = {row[0]: row[1] for row in table("Limits")}
    known = {f"{name}.{f.name}": getattr(value, f.name) for name, value in values.items() for f in fields(value)}
    known |= {"MOST_HOPS": MOST_HOPS, "ARCHIVE_MOST": ARCHIVE_MOST, "GAP_SECONDS": GAP_SECONDS, "Pace.floor": "1/60"}
    assert told == {name: shown(known[name]) for name in told}
    assert len(told) > 20
    assert 1 / Pace().floor == 60
    assert f"after {', '.join(map(span, Pace().canaries))}." in MANUAL
    assert f"again after {ARCHIVE_AGAIN // DAY} days" in MANUAL


def shown(value: object) -> str:
    """Return a value as the manual writes it: 65,536 and 0.5."""
    return f"{value:g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def test_every_reason_is_told_and_every_one_told_exists():
    words = constants("web", "links", "probe", "app")
    families = {word for word in words if FAMILY.fullmatch(word)}
    told = [row[0] for row in table("Reasons")]
    assert families - set(told) == set()
    assert [reason for reason in told if reason not in words] == []
    assert len(told) == len(set(told))


def test_every_reason_is_told_with_its_class():
    rows = [row for row in table("Reasons") if row[1] and not row[0].startswith(("soft-", "excluded-"))]
    wrong = [row[:2] for row in rows if row[1] != fault_class(row[0]).value and row[0] not in SPECIAL]
    assert wrong == []
    assert {row[0]: row[1] for row in rows if row[0] in SPECIAL} == SPECIAL


# Reasons of answers, not of errors: `classify` gives them itself.
SPECIAL = {"challenge": "blocked", "login": "blocked", "insecure": "tls", "resurrected": "alive"}


def constants(*packages: str) -> set[str]:
    """Return every text in the source of these packages, and every word of it."""
    found: set[str] = set()
    for package in packages:
        for path in (PROJECT / "feeds" / package).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
                    found.add(node.value)
    return found
