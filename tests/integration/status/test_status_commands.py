"""`feeds status` and `feeds doctor` as they are called: what they print, and with which exit code."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from project import START, Draft, Project

from feeds.cli.doctor import doctor
from feeds.cli.status import status
from feeds.errors import ConfigError
from feeds.store import open_store
from feeds.store.pings import HubRow
from feeds.store.ticks import TickRow

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(project: Project) -> Call:
    """Return a call of a command on the project; FEEDS_ variables of whoever runs the tests do not count."""

    def run(command: Any, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, ["--config", str(project.config), *words], standalone_mode=False)
        if done.exception:
            raise done.exception
        return done.return_value or 0, done.output

    return run


@pytest.fixture
def built(project: Project) -> Project:
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.write("bad.md", "---\ntitle: \n---\n")
    project.write("later.md", Draft("https://news.example/later", "Later", date=int(time.time()) + 9 * 86_400))
    project.build(START)
    return project


def test_before_the_first_build(project: Project, call: Call) -> None:
    code, told = call(status)
    assert code == 1
    assert told.splitlines() == [
        "not ready",
        "  fault: nothing was published yet: feeds build",
        f"state    {project.state}: not there yet  (feeds doctor)",
        f"output   {project.out}: nothing is published there  (feeds build)",
    ]


def test_a_page_of_it(built: Project, call: Call) -> None:
    code, told = call(status, "--html")
    assert code == 0
    assert told.startswith("<!DOCTYPE html>")
    assert "2 problems in records, 0 dead pages, 0 silent sources" in told
    assert "<code>feeds explain records/bad.md</code>" in told
    assert '<li><span class="tag">warning</span> 2 faults keep records from being published' in told


def test_a_page_before_the_first_build(call: Call) -> None:
    code, told = call(status, "--html")
    assert code == 1
    assert "nothing was published yet: feeds build" in told
    assert "0 problems in records" in told


def test_what_stands_well(built: Project, call: Call) -> None:
    code, told = call(status)
    assert code == 0
    lines = told.splitlines()
    assert lines[:2] == ["ready", "  warning: 2 faults keep records from being published: feeds build --json"]
    assert "daemon   none is at work  (feeds run)" in lines
    assert re.search(r"^build    [0-9,]+ days ago went well \(13 written, 0 removed\)$", told, re.MULTILINE)
    assert f"sources  {built.records} (3)" in lines
    assert re.search(r"^items    1; the next one appears in [0-9,]+ days$", told, re.MULTILINE)
    assert "problems 2 cost their record, 0 do not (date-missing 1, title-missing 1)  (feeds build --json)" in lines
    assert re.search(r"^feeds    3, last published [0-9,]+ days ago  \(feeds status --feeds\)$", told, re.MULTILINE)
    assert "topics/ai" not in told


def test_every_feed_with_its_age(built: Project, call: Call) -> None:
    _, told = call(status, "--feeds")
    rows = told.rpartition("\n\n")[2].splitlines()
    assert [row.split()[:2] for row in rows] == [["all", "1"], ["providers/news.example", "1"], ["topics/ai", "1"]]
    assert all(row.count("days ago") == 1 for row in rows)


def test_tasks_and_hubs(built: Project, call: Call) -> None:
    store = open_store(built.loaded().state_url)
    with store.transaction():
        store.ticks.put(TickRow("build", 2**32, START, START, START, 0, "0 written"))
        store.ticks.put(TickRow("check", 0, START, START, 0, 1, "offline"))
        store.ticks.put(TickRow("poll", 0, START, START, START - 9, 2, "no answer"))
        store.ticks.put(TickRow("push", 0, START, START, START, 0, "interrupted"))
        store.ticks.put(TickRow("tidy"))
        store.pings.add(["https://hub.example/"], ["https://feeds.example.org/all.rss"], START)
        store.pings.keep(HubRow("https://hub.example/", 2**32, 3, START, "500 busy"))
    store.close()
    code, told = call(status)
    told = re.sub(r"[0-9,]+ days", "N days", told)
    assert code == 0
    waits = "1 feeds wait, failed 3 times (500 busy)"
    for line in (
        "build    N days ago went well (0 written), next in N days",
        "check    N days ago failed once (offline)",
        "poll     N days ago failed 2 times (no answer), last good N days ago",
        "push     N days ago interrupted",
        "tidy     never ran",
        f"hub      https://hub.example/: {waits}, last answered N days ago, asked again in N days  (feeds push)",
    ):
        assert line in told.splitlines()


def test_the_object(built: Project, call: Call) -> None:
    code, told = call(status, "--json")
    found = json.loads(told)
    assert (code, found["ready"], found["records"], found["items"]) == (0, True, 3, 1)
    assert found["problems"]["errors"] == 2
    assert found["feeds"]["count"] == 3
    assert "list" not in found["feeds"]
    _, told = call(status, "--json", "--feeds")
    assert [feed["key"] for feed in json.loads(told)["feeds"]["list"]] == ["all", "providers/news.example", "topics/ai"]


def test_a_broken_state_is_told(built: Project, call: Call) -> None:
    built.state.write_bytes(b"not a database" * 999)
    code, told = call(status)
    assert (code, "file is not a database" in told) == (1, True)
    assert f"state    {built.state}: cannot be read  (feeds doctor)" in told.splitlines()


def test_a_fault_in_the_settings_is_one_of_the_call_for_the_status(project: Project, call: Call) -> None:
    project.config.write_text("jobs: many\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        call(status)


def test_and_a_finding_for_the_doctor(project: Project, call: Call) -> None:
    project.config.write_text("jobs: many\n", encoding="utf-8")
    code, told = call(doctor, "--offline")
    assert code == 1
    assert re.match(r"fail settings +.*feeds.yaml:1:7: jobs: must be a whole number, not 'many'\n +-> ", told)
    assert told.endswith("1 faults, 0 warnings, 0 fine; how things stand: feeds status\n")


def test_the_doctor_as_text_and_as_json(built: Project, call: Call) -> None:
    code, told = call(doctor, "--offline")
    assert code == 0
    assert "ok   feeds.json     feeds.json lists the 3 feeds that the state knows\n" in told
    code, printed = call(doctor, "--offline", "--json")
    found = json.loads(printed)
    assert code == 0
    assert found["counts"]["fail"] == 0
    assert sum(found["counts"].values()) == len(found["findings"])
    assert all(each.keys() == {"name", "grade", "found", "cure"} for each in found["findings"])


@pytest.mark.parametrize("command", [status, doctor])
def test_help_has_an_example(call: Call, command: Any) -> None:
    _, told = call(command, "--help")
    assert f"Examples: feeds {command.name}" in told
