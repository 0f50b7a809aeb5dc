"""Every way a build can end: the exit code, and words that say what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from feeds import __version__
from feeds.store import open_store

BAD = "---\ntitle: No date\nimages: [{url: 'javascript:x'}]\npublishedDateTime: soon\n---\n"
FAR, LONG_AGO = 2**40, 1  # seconds since 1970
FAULT = "records/bad.md:4:20: date: 'soon' is not usable: not a date"


def test_version(run):
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"feeds {__version__}\n", "")


def test_the_installed_program_is_the_module():
    program = Path(sys.executable).with_name("feeds")
    if not program.exists():
        pytest.skip("the package is not installed beside this Python")
    assert (
        subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        == f"feeds {__version__}\n"
    )


def test_an_empty_folder_is_no_fault_and_says_what_to_do(run, folder):
    done = run("build")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 records -> 0 items in ")
    assert (
        f"no records below {folder}: put files with front matter there, or name a folder: feeds build RECORDS_DIR"
        in done.stdout
    )
    assert "set base_url, or --base-url, before you publish" in done.stdout


def test_a_fault_costs_the_record_and_not_the_build(run, records):
    (records / "bad.md").write_text(BAD, encoding="utf-8")
    done = run("build")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1].startswith(FAULT)
    assert [lines[0], *lines[2:4]] == [
        "records/bad.md:3:16: image-url: an image is left out: javascript: is not http or https",
        "2 records -> 1 item in 3 feeds",
        "  1 record left out for a fault, 1 smaller fault passed over; what became of one: feeds explain FILE",
    ]


def test_two_faults_in_one_record_cost_one_record(run, records):
    (records / "bad.md").write_text("---\nexcerpt: x\n---\n", encoding="utf-8")
    told = run("build").stdout
    assert told.count("records/bad.md:") == 2
    assert "  1 record left out for a fault, 0 smaller faults passed over" in told


def test_strict_ends_with_3_and_publishes_the_rest(run, records):
    assert run("build", "--strict").returncode == 0
    (records / "bad.md").write_text(BAD, encoding="utf-8")
    done = run("build", "--strict")
    assert (done.returncode, done.stderr) == (3, "")
    assert FAULT in done.stdout
    assert "in 3 feeds" in done.stdout
    assert run("build", "--strict").returncode == 3, "a fault is told until it is mended"


def test_twenty_problems_are_enough(run, records):
    for number in range(25):
        (records / f"{number:02}.md").write_text("---\ntitle: x\n---\n", encoding="utf-8")
    told = run("build").stdout
    assert told.count(": date-missing: ") == 20
    assert "... and 5 more; see them all: feeds build --json" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "nowhere"], "records: there is no folder {folder}/nowhere; name one: feeds build RECORDS_DIR"),
        (["build", "records/good.md"], "there is no folder {folder}/records/good.md"),
        (["build", "--outt", "x"], "No such option '--outt'"),
        (["build", "--jobs", "x"], "Invalid value for '--jobs': 'x' is not a valid integer"),
        (["build", "--jobs", "-1"], "--jobs: must be at least 0, not -1"),
        (["build", "--base-url", "feeds.example.org"], "--base-url: must be an absolute http or https URL"),
        (["build", "--config", "no.yaml"], "no.yaml: cannot be read: No such file or directory; create it"),
        (["build", "--out", "."], "lies inside the out folder"),
        (["build", "--state", "out/state.db"], "the state must never be published"),
        (["build", "--state", "mysql://x/y"], "must be a path, or a URL that starts with sqlite:/// or postgresql+psycopg://"),
        (["biuld"], "No such command 'biuld'"),
        (["config", "check", "x"], "unexpected extra argument"),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_does_nothing(run, records, folder, words, said):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said.format(folder=folder) in done.stderr
    assert not (folder / "out").exists()
    assert not (folder / ".feeds").exists()


def test_no_command_at_all_shows_the_help(run):
    done = run()
    assert done.returncode == 2
    assert "Usage: feeds" in done.stdout + done.stderr


def test_a_wrong_configuration_ends_with_2_and_tells_all_faults(run, records, folder):
    (folder / "config").mkdir()
    (folder / "config" / "feeds.yaml").write_text("limit: 3\nbase_url: x\nsite: {titel: T}\n", encoding="utf-8")
    (folder / "config" / "topics.yaml").write_text("topics: [{name: A, slug: 'a/b'}]\n", encoding="utf-8")
    for words in (["build"], ["config", "check"], ["config", "show"]):
        done = run(*words, FEEDS_JOBZ="1")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines() == [
            "feeds: config/feeds.yaml:1:1: limit: unknown key; did you mean feeds.limit?",
            "config/feeds.yaml:2:11: base_url: must be an absolute http or https URL such as https://feeds.example.org/",
            "config/feeds.yaml:3:8: site.titel: unknown key; did you mean title?",
            "environment FEEDS_JOBZ: unknown setting; did you mean FEEDS_JOBS?",
            "config/topics.yaml:1:26: topics[0].slug: must be letters, digits, - and _ only, not 'a/b'",
            "what each setting may be: feeds config schema",
        ]
    assert not (folder / ".feeds").exists()


@pytest.mark.parametrize(("out", "state"), [("taken", ".feeds/state.db"), ("out", "taken/state.db"), ("out", "taken")])
def test_what_cannot_be_written_ends_with_1(run, records, folder, out, state):
    (folder / "taken").write_text("a file that is neither a folder nor a database", encoding="utf-8")
    done = run("build", "--out", out, "--state", state)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("feeds: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "number", "until", "code"),
    [
        ("elsewhere.example", 1, FAR, 4),
        ("elsewhere.example", 1, LONG_AGO, 0),
        (socket.gethostname(), None, FAR, 4),  # this very process, which is alive
        (socket.gethostname(), 2**31 - 2, FAR, 0),  # killed on this machine: no process can have that number
    ],
)
def test_one_build_at_a_time(run, records, folder, host, number, until, code):
    holder = f"{host}:{number or os.getpid()}"
    run("build")
    store = open_store(f"sqlite:///{folder}/.feeds/state.db")
    with store.transaction():
        store.leases.claim("build", holder, until, 0)
    store.close()
    done = run("build")
    assert done.returncode == code
    told = (
        f"feeds: another build is at work on this state ({holder}); try again when it is done, or wait for it: --wait\n"
        "who is at work: feeds status\n"
    )
    assert done.stderr == (told if code else "")


@pytest.mark.parametrize("words", [["config", "show"], ["config", "schema"], ["build"], ["--help"]])
def test_a_reader_that_has_gone_is_no_fault(records, folder, environment, words):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "feeds", *words]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
