"""The program as a process, in a folder of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from feeds.app import run_build
from feeds.config.load import load
from feeds.links.policy import Policy
from feeds.model.link import Observation
from feeds.pipeline.check import StoreResults, learn_links
from feeds.store import open_store

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


# --- links


@dataclass
class Web:
    """A server on the loopback interface: `pages` by path answer with a status, all others with 404.

    A page whose status is 0 does not answer before `released`.
    """

    port: int = 0
    pages: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hanging: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def web() -> Iterator[Web]:
    """Return such a server."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            web.asked.append(f"{self.command} {self.path}")
            status = web.pages.get(self.path, 404)
            if not status:
                web.hanging.set()
                web.released.wait(60)
            self.send_response(status or 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815  the name that the library looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield web
    finally:
        web.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def configure(folder: Path) -> Callable[..., None]:
    """Return a call that writes settings of links under which no check leaves this machine for an archive."""

    def write(**links: object) -> None:
        (folder / "config").mkdir(exist_ok=True)
        chosen = {"archive_url": "", "hosts": [{"host": "127.0.0.1", "rate": 50}], **links}
        settings = {"base_url": "https://feeds.example.org/", "links": chosen}
        (folder / "config" / "feeds.yaml").write_text(json.dumps(settings), encoding="utf-8")

    return write


@pytest.fixture
def linked(folder: Path, configure: Callable[..., None]) -> Callable[..., None]:
    """Return a call that builds the feeds of one record for each of these URLs."""

    def build(*urls: str, **links: object) -> None:
        configure(**{"allow_networks": ["127.0.0.0/8"], **links})
        (folder / "records").mkdir()
        for number, url in enumerate(urls):
            record = f"---\ntitle: Story {number}\ndate: 2023-10-0{number + 1}\nurl: {url}\n---\n"
            (folder / "records" / f"{number}.md").write_text(record, encoding="utf-8")
        run_build(load(None, {}, {}, folder), lambda *_: None)  # in this process: a new one takes half a second

    return build


@pytest.fixture
def saw(folder: Path) -> Callable[[Sequence[Observation], float], None]:
    """Return a call that keeps what a check of then (seconds since 1970) would have seen, without asking anybody."""

    def keep(observations: Sequence[Observation], at: float) -> None:
        store = open_store(f"sqlite:///{folder}/.feeds/state.db")
        learn_links(store, lambda _: "", int(at))
        StoreResults(store, Policy(), lambda: at).write(observations)
        store.close()

    return keep


@pytest.fixture
def documented() -> Callable[[str], dict[str, type | tuple[type, ...]]]:
    """Return a call for the keys of an object in the manual, with the types of their values."""
    types: dict[str, type | tuple[type, ...]] = {"number": (int, float), "text": str, "list": list, "object": dict}

    def keys(heading: str) -> dict[str, type | tuple[type, ...]]:
        manual = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
        section = manual.partition(f"### The {heading} print")[2].partition("\n## ")[0].partition("\n### ")[0]
        return {key: types[kind] for key, kind in re.findall(r"^\| `([^`]+)` \| (\w+) \|", section, re.MULTILINE)}

    return keys
