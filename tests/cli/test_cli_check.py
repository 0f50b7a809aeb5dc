"""`feeds check` as a process: plans, reports and exit codes. Nobody but this machine is ever asked."""

import json
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

import pytest

from feeds.model.link import Observation, Seen
from feeds.store import open_store

pytestmark = pytest.mark.slow

DAY = 86_400


def missing(url: str) -> list[Observation]:
    return [Observation(url, Seen.MISSING, "http-404", 404)]


@pytest.fixture
def dead(web, linked, saw):
    """Return the URL of a page that died today; it is due in 30 days."""
    url = web.url("/gone")
    linked(url)
    for days in (4, 2, 0):
        saw(missing(url), time.time() - days * DAY)
    return url


@pytest.fixture
def dying(web, linked, saw):
    """Return the URL of a page that needs one more failure to be dead, beside one that is fine."""
    web.pages["/fine"] = 200
    linked(web.url("/gone"), web.url("/fine"))
    for days in (4, 2):
        saw(missing(web.url("/gone")), time.time() - days * DAY)
    return web.url("/gone")


def test_a_plan_asks_nobody(run, web, linked):
    linked(web.url("/a"), web.url("/b"), web.url("/c"))
    done = run("check", "--plan")
    told = "3 links on 1 hosts: at least 2 s, 2 s at the pace hosts begin with; 127.0.0.1 takes longest\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    assert web.asked == []


def test_a_plan_in_json_has_the_documented_keys(run, web, linked, documented):
    linked(web.url("/a"))
    told = json.loads(run("check", "--plan", "--format", "json").stdout)
    assert told == {"urls": 1, "hosts": 1, "seconds": 0.0, "slowest": "127.0.0.1"}
    keys = documented("object that `feeds check --plan --format json`")
    assert told.keys() == keys.keys()
    assert [key for key, kind in keys.items() if not isinstance(told[key], kind)] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check"], "0 links checked in 0 s: no links yet: run feeds build first\n"),
        (["check", "--all", "--max-dead", "0"], "0 links checked in 0 s: no links yet: run feeds build first\n"),
        (
            ["check", "--plan"],
            "nothing is due; to check everything: feeds check --all (or run feeds build first)\n",
        ),
        (["links"], "no such links; feeds check finds out about more\n"),
        (["links", "--json"], "[]\n"),
    ],
)
def test_with_an_empty_state_there_is_nothing_to_ask(run, folder, words, said):
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "pdf"], "'pdf' is not one of 'table', 'json', 'junit', 'markdown', 'html'"),
        (["--limit", "0"], "Invalid value for '--limit': 0 is not in the range x>=1"),
        (["--max-dead", "-1"], "Invalid value for '--max-dead': -1 is not in the range x>=0"),
        (["--max-dead", "many"], "Invalid value for '--max-dead': 'many' is not a valid integer"),
        (["--allow-network", "127.0.0.1/33"], "feeds: --allow-network: '127.0.0.1/33' does not appear to be"),
        (["http://127.0.0.1/"], "unexpected extra argument"),
    ],
)
def test_a_wrong_call_ends_with_2_and_asks_nobody(run, web, linked, words, said):
    linked(web.url("/a"))
    done = run("check", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert web.asked == []


@pytest.mark.parametrize(("most", "code"), [("0", 3), ("1", 0)])
def test_more_dead_than_allowed_ends_with_3(run, web, dead, most, code):
    done = run("check", "--max-dead", most)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.splitlines()[:2] == [f"{dead}: dead: http-404", "    Story 0"]
    assert web.asked == []


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--max-dead", "1"], 2), (["--max-dead", "0"], 3)])
def test_a_link_that_dies_ends_with_2_unless_too_many_are_dead(run, dying, words, code):
    done = run("check", "--all", *words)
    assert (done.returncode, done.stderr) == (code, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == [f"{dying}: newly dead: http-404", "    Story 0"]
    assert lines[2].startswith("2 links checked in ")
    assert lines[2].endswith(" s: 1 ok, 1 dead")
    assert lines[3:] == [
        "  since when they are dead, and when they are checked again: feeds links --state dead",
        "  2 verdicts are new; the next feeds build acts on them (feeds links tells more)",
    ]


def test_a_link_dies_only_once(run, dying):
    codes = [run("check", "--all").returncode for _ in range(2)]
    assert codes == [2, 0]


def test_json_has_the_documented_keys_and_no_others(run, dying, documented):
    done = run("check", "--all", "--format", "json")
    assert (done.returncode, done.stdout.count("\n")) == (2, 1)
    told = json.loads(done.stdout)
    changes = {f"changes[].{key}": value for key, value in told["changes"][0].items()}
    keys = documented("object that `feeds check --format json`")
    assert (told | changes).keys() == keys.keys()
    assert [key for key, kind in keys.items() if not isinstance((told | changes)[key], kind)] == []
    assert told["dead"][0].keys() == documented("objects that `feeds links --json`").keys()
    assert (told["checked"], told["end"], told["verdicts"]) == (2, "done", {"dead": 1, "ok": 1})
    assert told["newly_dead"] == [dying] == [link["url"] for link in told["dead"]]


def test_the_setting_json_chooses_the_report(run, dead):
    told = json.loads(run("check", FEEDS_JSON="true").stdout)
    assert (told["checked"], [link["url"] for link in told["dead"]], told["newly_dead"]) == (0, [dead], [])


def test_junit_has_a_failure_for_every_dead_link(run, dead):
    suite = ElementTree.fromstring(run("check", "--format", "junit").stdout)
    assert (suite.get("failures"), suite.get("tests")) == ("1", "1")
    [case] = suite.iter("testcase")
    assert (case.get("name"), case.get("classname")) == (dead, "127.0.0.1")
    assert [failure.get("message") for failure in case] == ["http-404"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "markdown",
            "| dead link | reason | used by |\n|---|---|---|\n| <{url}> | http-404 | Story 0 |\n",
        ),
        ("html", '<tr><td><a href="{url}">{url}</a></td><td>http-404</td><td>Story 0</td></tr>'),
    ],
)
def test_a_report_names_every_dead_link(run, dead, kind, said):
    assert said.format(url=dead) in run("check", "--format", kind).stdout


@pytest.mark.parametrize(
    ("words", "verdict", "asked"),
    [
        ([], "1 excluded", []),
        (["--allow-network", "10.0.0.0/8", "--allow-network", "127.0.0.0/8"], "1 ok", ["HEAD /a"]),
    ],
)
def test_a_private_address_is_asked_only_where_it_is_allowed(run, web, linked, words, verdict, asked):
    web.pages["/a"] = 200
    linked(web.url("/a"), allow_networks=[])
    done = run("check", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].endswith(f" s: {verdict}")
    assert web.asked == asked


@pytest.mark.parametrize(("words", "checked"), [([], 0), (["--due"], 0), (["--all"], 1)])
def test_what_is_not_due_is_not_asked_and_all_is_everything(run, web, linked, saw, words, checked):
    web.pages["/a"] = 200
    linked(web.url("/a"))
    saw([Observation(web.url("/a"), Seen.ALIVE, "http-200", 200)], time.time() - DAY)
    told = json.loads(run("check", *words, "--format", "json").stdout)
    assert (told["checked"], len(web.asked)) == (checked, checked)


@pytest.mark.parametrize(
    ("words", "asked", "end"),
    [
        (["--limit", "1"], 1, "budget"),
        (["--limit", "9"], 3, "done"),
        (["--host", "127.0.0.1"], 3, "done"),
        (["--host", "0.0.1"], 3, "done"),
        (["--host", "museum.example"], 0, "done"),
    ],
)
def test_a_check_may_be_told_what_and_how_much(run, web, linked, words, asked, end):
    web.pages |= {"/a": 200, "/b": 200, "/c": 200}
    linked(web.url("/a"), web.url("/b"), web.url("/c"))
    told = json.loads(run("check", *words, "--format", "json").stdout)
    assert (told["checked"], told["end"], len(web.asked)) == (asked, end, asked)


def test_a_build_checks_first_what_is_due(run, web, linked):
    web.pages["/a"] = 200
    linked(web.url("/a"))
    done = run("build", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 record -> 1 item in ")
    assert web.asked == ["HEAD /a"]
    assert json.loads(run("links", "--json").stdout)[0]["verdict"] == "ok"


def test_what_a_check_finds_dead_shapes_the_next_build(run, folder, dying):
    # The story is from 2023, and nothing can stand in for its page: it is marked.
    assert "page is gone" not in (folder / "out" / "all.json").read_text(encoding="utf-8")
    assert run("check", "--all").returncode == 2
    assert run("build").returncode == 0
    assert "(The publisher's page is gone.)" in (folder / "out" / "all.json").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_an_interrupted_check_keeps_what_it_found(web, linked, folder, environment):
    web.pages |= {"/a": 200, "/b": 0}
    linked(web.url("/b"), web.url("/a"))  # the newer story is asked first
    command = [sys.executable, "-m", "feeds", "check"]
    process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        assert web.hanging.wait(60)
        wait_for(lambda: verdict(folder, web.url("/a")) == "ok")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err.lstrip().startswith(b"feeds: interrupted; what was done is kept")
    assert verdict(folder, web.url("/a")) == "ok"


def verdict(folder, url):
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    try:
        return {row.url: row.verdict for row in store.links.get([url]).values()}.get(url)
    finally:
        store.close()


def wait_for(done):
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)
