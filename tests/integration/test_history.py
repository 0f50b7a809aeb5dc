"""The real history of 49 records, version by version: only what a reader can see may write.

What a version changes is worked out here from its YAML alone, with nothing of the program.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from project import START, Project

HISTORY = Path(__file__).parents[3] / "shared" / "corpus" / "history"
SEEN = ("title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "type")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not HISTORY.is_dir(), reason="the corpus is not here")]


def shown(text: str) -> tuple[bool, Any]:
    """Return whether a record is published, and what a reader can then see of it."""
    fields = yaml.load(text.split("\n---", 1)[0], Loader=yaml.CSafeLoader)
    return fields.get("published", True) is True, _story(fields)


def _story(fields: dict[str, Any]) -> Any:
    provider = fields.get("provider") or {}
    images = [(image["url"], image.get("width"), image.get("height")) for image in fields.get("images") or ()]
    return (
        [fields.get(key) for key in SEEN],
        (provider.get("name"), provider.get("domain"), fields.get("topics"), images),
        [_story(story) for story in fields.get("related") or ()],
    )


def test_only_versions_that_a_reader_can_tell_apart_write(project: Project) -> None:
    versions = sorted(HISTORY.glob("*__*.md"))
    told: dict[str, tuple[bool, Any]] = {}
    wrote, expected, modified = [], [], 0
    project.build(START)
    for number, path in enumerate(versions, 1):
        name, text = path.name.split("__", 1)[1], path.read_text(encoding="utf-8")
        project.write(name, text, START + number * 3600 - 60)
        if project.build(START + number * 3600).written:
            wrote.append(path.name)
        before, now = told.get(name, (False, None)), shown(text)
        modified += name in told and before != now
        if (before[0] or now[0]) and before != now:
            expected.append(path.name)
        told[name] = now
    assert wrote == expected
    # What the corpus says of itself: 11 of 555 modifications change something; six of them are made to held records.
    assert (len(versions), len(told), modified, len(wrote)) == (604, 49, 11, 34 + 5)
    known = {key: item["date_published"] for key, item in project.items().items()}
    project.fresh(START + 605 * 3600, "anew")
    anew = Project(project.root / "anew", reuse=True).items()
    assert {key: item["date_published"] for key, item in anew.items()} == known
