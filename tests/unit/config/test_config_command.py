import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from feeds.cli.config import config
from feeds.errors import ConfigError


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the one thing that cannot be handed to a command
    (tmp_path / "config").mkdir()
    (tmp_path / "records").mkdir()
    return lambda *words, **environ: CliRunner().invoke(config, words, env=environ)


def test_check_says_what_is_there(run, tmp_path):
    (tmp_path / "config" / "feeds.yaml").write_text("base_url: https://example.org/\nsite: {title: T}\n")
    (tmp_path / "config" / "topics.yaml").write_text("topics: [{name: A, slug: a, aliases: [b]}]\n")
    done = run("check")
    assert (done.exit_code, done.output) == (0, "config/feeds.yaml is fine: 2 settings, 1 topic, 0 providers\n")


def test_check_without_a_file(run):
    assert run("check").output == "the default configuration is fine: 0 settings, 0 topics, 0 providers\n"


def test_check_raises_every_fault(run, tmp_path):
    (tmp_path / "mine.yaml").write_text("jobs: x\n")
    done = run("check", "--config", "mine.yaml", "--base-url", "ftp://x", "--out", "a", "--state", "a/s.db")
    assert isinstance(done.exception, ConfigError)
    assert done.exception.faults == (
        "mine.yaml:1:7: jobs: must be a whole number, not 'x'",
        "--base-url: must be an absolute http or https URL such as https://feeds.example.org/",
        "--state: a/s.db lies inside the out folder a; the state must never be published: move one of the two",
    )


def test_show_tells_value_and_origin(run):
    shown = run("show", "--base-url", "https://example.org", FEEDS_STATE="postgresql://me:pw@host/db").output
    lines = shown.splitlines()
    assert 'base_url = "https://example.org/"  # --base-url' in lines
    assert 'state = "postgresql://me:***@host/db"  # environment FEEDS_STATE' in lines
    assert "feeds.max_age_days = null  # default" in lines


@pytest.mark.parametrize(("words", "environ"), [(["--json"], {}), ([], {"FEEDS_JSON": "yes"})])
def test_show_as_json(run, words, environ):
    told = json.loads(run("show", *words, **environ).output)
    assert told["json"]["value"] is True
    assert told["out"] == {"value": "out", "origin": "default"}


def test_schema_is_json(run):
    assert json.loads(run("schema").output)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("words", [[], ["check"], ["show"], ["schema"]])
def test_help_has_an_example(run, words):
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert f"Example: feeds config {' '.join(words)}" in done.output


def test_every_option_has_a_description():
    options = [
        option for command in config.commands.values() for option in command.params if isinstance(option, click.Option)
    ]
    assert options
    assert [option.name for option in options if not option.help] == []


def test_help_loads_neither_pydantic_nor_yaml():
    code = "import sys, feeds.cli.config; print([name for name in ('pydantic', 'yaml') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
