"""Units, the cron line and the Containerfile: what can be held without installing them."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import click
import pytest

from feeds.cli.main import COMMANDS
from feeds.cli.main import feeds as program
from feeds.config.settings import Settings
from feeds.config.when import when
from feeds.starter.blanks import Blanks
from feeds.starter.files import DEPLOY, starter_files

REPOSITORY = Path(__file__).resolve().parents[3]
UNITS = ("feeds.service", "feeds-build.service", "feeds-build.timer")
# systemd's own words for it: below 2 is "OK"; what is left is that the network may be used and the feeds be read.
EXPOSURE = 1.5


def files(folder: Path) -> dict[str, str]:
    """Return the files of a project in `folder`; the program is one that is there."""
    blanks = Blanks(
        "https://feeds.example.org/", "News", str(folder), f"{folder}/out", f"{folder}/.feeds", "/bin/true", "feeds"
    )
    return {name: body.decode() for name, body in starter_files(blanks, fresh=True).items()}


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "Müsli 100%"
    made = files(folder)
    for name in UNITS:
        (tmp_path / name).write_text(made[f"deploy/{name}"], encoding="utf-8")
    return [tmp_path / name for name in UNITS]


def analyze(*words: str) -> "subprocess.CompletedProcess[str]":
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_systemd_finds_no_fault_in_the_units(units):
    told = analyze("verify", *map(str, units))
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS[:2])
def test_a_service_is_fenced_in(units, name):
    [unit] = [unit for unit in units if unit.name == name]
    told = analyze("security", "--offline=yes", "--no-pager", str(unit))
    found = re.search(r"Overall exposure level for .*: ([0-9.]+)", told.stdout)
    assert found, told.stderr
    assert float(found[1]) < EXPOSURE


def section(text: str, name: str) -> dict[str, str]:
    body = text.partition(f"\n[{name}]\n")[2].partition("\n[")[0]
    return dict(line.split("=", 1) for line in body.splitlines() if "=" in line and not line.startswith("#"))


def test_the_daemon_tells_systemd_of_itself(tmp_path):
    service = section(files(tmp_path)["deploy/feeds.service"], "Service")
    told = {key: service[key] for key in ("Type", "NotifyAccess", "ExecReload", "Restart", "RestartPreventExitStatus")}
    assert told == {
        "Type": "notify",
        "NotifyAccess": "main",
        "ExecReload": "/bin/kill -HUP $MAINPID",
        "Restart": "on-failure",
        "RestartPreventExitStatus": "2",
    }
    assert int(service["WatchdogSec"]) > 0


def test_both_services_have_the_same_fence(tmp_path):
    made = files(tmp_path)
    fences = [made[f"deploy/{name}"].partition("# What the program may touch")[2] for name in UNITS[:2]]
    assert fences[0].partition("\n\n[Install]")[0] == fences[1].rstrip("\n")


def test_a_build_from_the_timer_has_time_for_all_it_may_wait_for(tmp_path):
    service = section(files(tmp_path)["deploy/feeds-build.service"], "Service")
    assert service["Type"] == "oneshot"
    minutes = int(service["TimeoutStartSec"].removesuffix("min"))
    assert minutes * 60 > Settings().links.budget_seconds + 600 + Settings().push.wait_seconds


def calls() -> list[list[str]]:
    """Return every call of the program in the files for servers, as words."""
    made = files(Path("/srv/news"))
    found = [re.findall(r'^ExecStart="/bin/true" (.*)$', made[f"deploy/{name}"], re.MULTILINE) for name in UNITS[:2]]
    found.append(re.findall(r"'/bin/true' (.*?) >/dev/null", made["deploy/crontab"]))
    container = json.loads(made["deploy/Containerfile"].rpartition("\nCMD ")[2])
    return [*(shlex.split(line) for lines in found for line in lines), container[1:]]


def test_every_call_is_one_the_program_understands():
    asked = calls()
    assert [words[0] for words in asked] == ["run", "build", "build", "run"]
    context = click.Context(program)
    for name, *options in asked:
        assert name in COMMANDS
        command = program.get_command(context, name)
        assert command is not None
        command.make_context(name, options)


def test_the_cron_line_is_one_line_of_five_fields_and_a_command(tmp_path):
    [line] = [line for line in files(tmp_path)["deploy/crontab"].splitlines() if not line.startswith("#")]
    *fields, command = line.split(None, 5)
    assert when(" ".join(fields)) == "*/10 * * * *"
    assert shlex.split(command)[:3] == ["cd", str(tmp_path), "&&"]


# --- the Containerfile


def instructions() -> list[tuple[str, str]]:
    text = files(Path("/srv/news"))["deploy/Containerfile"].replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def told(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def test_the_container_runs_as_nobody_in_particular_and_stops_when_asked():
    assert instructions()[0][0] == "FROM"
    assert len(told("FROM")) == 2
    assert told("USER") == ["feeds"]
    assert told("STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(told("CMD")[0]) == ["feeds", "run", "--serve", "--log", "json"]
    assert json.loads(told("VOLUME")[0]) == ["/srv/feeds/records", "/srv/feeds/out", "/srv/feeds/.feeds"]
    assert [word for word, _ in instructions()].index("USER") < [word for word, _ in instructions()].index("CMD")


def test_the_container_asks_for_its_health_where_the_daemon_tells_it():
    [check] = told("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert f"http://{Settings().serve.admin}/health" in command[2]


def test_the_container_serves_to_the_outside():
    assert "FEEDS_SERVE__ADDRESS=0.0.0.0:8000" in told("ENV")[0].split()
    assert told("EXPOSE") == ["8000"]


def test_what_the_container_installs_is_what_the_repository_makes():
    locked = (REPOSITORY / "lock" / "core.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in locked
    assert re.search(r"^tzdata==", locked, re.MULTILINE)
    assert "deploy/core.txt deploy/feeds-*.whl ./" in told("COPY")
    assert tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"] == "feeds"


def test_the_wheel_holds_the_templates(tmp_path):
    """The build backend decides which files of the package go along."""
    wheel = pytest.importorskip("hatchling.builders.wheel")
    [path] = list(wheel.WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(path) as archive:
        held = set(archive.namelist())
    assert {f"feeds/starter/{template}" for template in DEPLOY.values()} <= held
    assert {"feeds/starter/gitignore", "feeds/starter/records/maps-to-come.md"} <= held
