"""`feeds init`: what it writes works, and what is there stays."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from feeds.app import run_build
from feeds.app.starter import run_init
from feeds.cli.init import init
from feeds.cli.summary import as_text
from feeds.config.load import load
from feeds.errors import ConfigError, UsageError
from feeds.starter.files import DEPLOY, PROJECT, SAMPLES

URL = "https://feeds.example.org/"
# 2026-11-21T00:00:00Z: after the dates of the samples
NOW = 1_795_219_200
ALL = tuple(sorted({**PROJECT, **DEPLOY, **SAMPLES}))


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_project_builds_without_a_word_of_complaint(tmp_path):
    folder = tmp_path / "news"
    started = run_init(folder, URL, 'Museum "news"', {})
    assert (started.written, started.unchanged, started.kept) == (ALL, (), ())
    loaded = load(None, {}, {}, folder)
    assert loaded.settings.base_url == URL
    assert loaded.settings.site.title == 'Museum "news"'
    report = run_build(loaded, lambda *_: None, NOW * 1_000_000_000)
    assert (report.records, report.items, report.held_back, report.problems) == (2, 1, 1, ())
    assert "set base_url" not in as_text(report, loaded, 0)
    assert json.loads((folder / "out" / "topics" / "archives.json").read_bytes())["description"]
    assert (folder / "out" / "all.rss.gz").exists()


def test_config_check_is_clean(tmp_path):
    from feeds.cli.main import feeds

    run_init(tmp_path, URL, None, {})
    run = CliRunner().invoke(feeds, ["config", "check", "--config", str(tmp_path / "config" / "feeds.yaml")])
    assert run.exit_code == 0, run.output
    assert "is fine" in run.output


def test_a_second_call_has_nothing_to_do(tmp_path):
    run_init(tmp_path, URL, "News", {})
    before = everything(tmp_path)
    again = run_init(tmp_path, None, None, {})
    assert (again.written, again.kept) == ((), ())
    assert everything(tmp_path) == before
    told = CliRunner().invoke(init, [str(tmp_path)])
    assert told.exit_code == 0
    assert "nothing to do" in told.output


def test_what_is_there_is_kept_and_named(tmp_path):
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "nginx.conf").write_text("mine\n", encoding="utf-8")
    (tmp_path / "deploy" / "Caddyfile").symlink_to(tmp_path / "nowhere")
    (tmp_path / "README.md").mkdir()
    told = CliRunner().invoke(init, [str(tmp_path), "--base-url", URL])
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.output.splitlines() if "is kept" in line] == [
        "README.md",
        "deploy/Caddyfile",
        "deploy/nginx.conf",
    ]
    assert (tmp_path / "deploy" / "nginx.conf").read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "deploy" / "feeds.service").exists()


def test_a_project_at_work_gets_server_files_for_its_own_settings_and_no_samples(project):
    project.configure(base_url="https://example.org/feeds/", out="public", state="/var/lib/feeds/state.db")
    before = everything(project.root)
    started = run_init(project.root, None, None, {})
    assert started.kept == ("config/feeds.yaml",)
    assert set(started.written) == {*PROJECT, *DEPLOY} - {"config/feeds.yaml", "README.md"}
    assert not list(project.records.iterdir())
    after = everything(project.root)
    assert {name: after[name] for name in before} == before
    assert f'alias "{project.root}/public/";' in after["deploy/nginx.conf"].decode()
    assert f'ReadWritePaths="{project.root}/public" "/var/lib/feeds"\n' in after["deploy/feeds.service"].decode()


@pytest.mark.parametrize("name", ["records/mine.md", ".feeds/state.db", "out/all.rss"])
def test_samples_are_for_empty_projects(tmp_path, name):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("", encoding="utf-8")
    assert not set(run_init(tmp_path, URL, None, {}).written) & {*SAMPLES, "README.md"}


def test_a_state_elsewhere_leaves_the_project_its_own_folder(tmp_path):
    run_init(tmp_path, URL, None, {"FEEDS_STATE": "postgresql+psycopg://feeds@db.example/feeds"})
    assert f'"{tmp_path}/.feeds"' in (tmp_path / "deploy" / "feeds.service").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("ftp://example.org/", None), ConfigError),
        ((URL, " "), ConfigError),
        (("https://example.org/a%20b/", None), UsageError),
    ],
)
def test_a_wrong_argument_writes_nothing(tmp_path, arguments, error):
    with pytest.raises(error):
        run_init(tmp_path / "news", *arguments, {})
    assert not (tmp_path / "news").exists()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot write .*: Not a directory"):
        run_init(tmp_path / "file" / "news", URL, None, {})


def test_what_was_done_is_told_in_words_and_as_json(tmp_path):
    words = CliRunner().invoke(init, [str(tmp_path / "a b"), "--base-url", URL]).output.splitlines()
    assert words[0] == f"{tmp_path}/a b: 16 written"
    assert words[-2:] == [f"next: cd '{tmp_path}/a b' && feeds build", "then: feeds run --serve"]
    told = json.loads(CliRunner().invoke(init, [str(tmp_path / "a b"), "--json"]).output)
    assert told == {
        "project": f"{tmp_path}/a b",
        "written": [],
        "unchanged": sorted({*PROJECT, *DEPLOY} - {"README.md"}),
        "kept": [],
        "next": ["feeds build", "feeds run --serve"],
    }


def test_without_an_address_the_next_step_is_told(tmp_path):
    cure = "before you publish: put base_url into config/feeds.yaml, remove deploy/ and call `feeds init` again"
    assert cure in CliRunner().invoke(init, [str(tmp_path)]).output
    run_init(tmp_path / "placed", URL, None, {})
    assert cure not in CliRunner().invoke(init, [str(tmp_path / "placed")]).output


def test_following_that_advice_brings_the_address_everywhere(tmp_path):
    run_init(tmp_path, None, None, {})
    settings = tmp_path / "config" / "feeds.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("http://localhost:8000/", URL), encoding="utf-8")
    shutil.rmtree(tmp_path / "deploy")
    assert set(run_init(tmp_path, None, None, {}).written) == set(DEPLOY)
    assert "server_name feeds.example.org;" in (tmp_path / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_git_leaves_out_what_is_made(tmp_path):
    run_init(tmp_path, URL, None, {})
    for name in ("out/all.rss", ".feeds/state.db", ".venv/bin/feeds"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    assert sorted(listed.stdout.splitlines()) == list(ALL)
