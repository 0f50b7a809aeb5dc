"""The manual for operators and the code say the same."""

import re
from pathlib import Path

from feeds.app.doctor import CHECKS
from feeds.app.health import Health
from feeds.app.standing import Status
from feeds.app.status_json import status_json

MANUAL = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
TYPES = {"number": int, "true or false": bool, "list": list, "object": dict}


def section(heading: str) -> str:
    return re.split(r"\n#+ ", MANUAL.partition(heading)[2])[0]


def test_every_check_of_the_doctor_is_in_the_manual_in_its_order() -> None:
    told = re.findall(r"^\| `([^`]+)` \|", section("## feeds doctor"), re.MULTILINE)
    assert told == [check.name for check in CHECKS]


def test_every_key_of_the_status_is_in_the_manual_with_its_type() -> None:
    told = re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", section("### The object that"), re.MULTILINE)
    found = status_json(Status(0, "", "", out_there=False), Health(ready=False))
    assert {key: TYPES[kind] for key, kind in told} == {key: type(value) for key, value in found.items()}


def test_only_the_last_two_checks_ask_beyond_this_machine() -> None:
    assert [check.name for check in CHECKS if check.online] == ["names", "served"]
