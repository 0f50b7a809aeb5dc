"""The program as a process, in a folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

GOOD = """---
title: A museum puts its archive online
publishedDateTime: 2026-11-20T09:30:00Z
originalUrl: https://museum.example/news/archive-online
provider: {name: City Museum, domain: museum.example}
topics: [Archives]
---
"""


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    """Return a call for this process's environment without what would steer the program or its output."""

    def without(**more: str) -> dict[str, str]:
        steering = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI")
        own = {key: value for key, value in os.environ.items() if not key.startswith("FEEDS_") and key not in steering}
        return {**own, **more}

    return without


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder."""
    place = tmp_path / "project"
    place.mkdir()
    return place


@pytest.fixture
def records(folder: Path) -> Path:
    """Return the records of that folder: one good one."""
    place = folder / "records"
    place.mkdir()
    (place / "good.md").write_text(GOOD, encoding="utf-8")
    return place


@pytest.fixture
def own(folder: Path) -> Path:
    """Return that folder with the records and the configuration of this repository."""
    for name in ("seeds", "config"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


@pytest.fixture
def run(folder: Path, environment: Callable[..., dict[str, str]]) -> Run:
    """Return a call of `python -m feeds` in that folder."""

    def call(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "feeds", *words]
        own = environment(**environ)
        nothing = subprocess.DEVNULL
        return subprocess.run(command, cwd=folder, env=own, stdin=nothing, capture_output=True, text=True, check=False)

    return call
