"""The tree does not depend on the engine, nor on where and in whose environment the build runs."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from project import LISTS, START, Draft, Mention, Project, tree

SEEDS = Path(__file__).parents[2] / "seeds"
# Names whose order differs between locales, dates that no zone goes with, folders that are listed in any order.
ODD = (
    Draft("https://news.example/ä", "Zürich & Åre", topics=("Älter", "Zebra", "éclair", "AI")),
    Draft("https://news.example/straße", "STRASSE", provider=("Øresund", "øresund.example"), topics=("İstanbul",)),
    Draft("https://news.example/z", "日本", excerpt="顔認識", topics=("顔", "ai"), heat=-1),
)
ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
)


def fill(project: Project) -> None:
    for path in sorted(SEEDS.iterdir()):
        project.write(f"seeds/{path.name}", path.read_bytes())
    for number, draft in enumerate(ODD):
        project.write(f"{number}/ö.md", draft)
    bare = (
        "---",
        'title: "No zone"',
        "publishedDateTime: 2021-03-28 02:30",
        "url: https://news.example/bare",
        "---",
        "",
    )
    project.write("bare.md", "\n".join(bare))


@pytest.fixture
def expected(project: Project) -> dict[str, bytes]:
    fill(project)
    project.build(START)
    assert len(project.tree()) > 40
    return project.tree()


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment["LC_ALL"])
def test_environment_and_folder(
    project: Project, expected: dict[str, bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = tmp_path / environment["LC_ALL"]
    elsewhere.mkdir()
    places = ["--out", str(elsewhere / "out"), "--state", str(elsewhere / "state.db")]
    done = subprocess.run(
        [sys.executable, "-m", "feeds", "build", "--config", str(project.config), *places],
        cwd=elsewhere,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert tree(elsewhere / "out") == expected


def test_moved_to_another_folder(expected: dict[str, bytes], another: Callable[[str], Project]) -> None:
    moved = another("somewhere else/ä")
    fill(moved)
    moved.build(START + 5 * 86_400)
    assert moved.tree() == expected


def test_records_written_in_another_order(expected: dict[str, bytes], another: Callable[[str], Project]) -> None:
    late = another("late")
    late.build(START - 10)
    for number, draft in reversed(list(enumerate(ODD))):
        late.write(f"{number}/ö.md", draft)
    late.build(START - 5)
    fill(late)
    late.build(START)
    # The feed of everything is as old as its newest item, so the empty build before leaves no trace.
    assert late.tree() == expected


@pytest.mark.parametrize("jobs", [0, 2, 3])
def test_processes_and_one_process(another: Callable[[str], Project], jobs: int) -> None:
    project = another("many")
    for number in range(1_100):
        mention = Mention(f"https://other.example/{number % 70}", f"Mentioned {number % 7}", date=START - number)
        draft = Draft(f"https://news.example/{number}", f"Story {number}", date=START - number, related=(mention,))
        project.write(f"{number % 9}/{number}.md", replace(draft, topics=(f"Topic {number % 12}",)))
    one = project.fresh(START, "one", jobs=1)
    assert project.fresh(START, "several", jobs=jobs) == one
    assert len(one) == 3 * (1 + 12 + 2) + len(LISTS)
