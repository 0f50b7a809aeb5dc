"""What is filled into the files of a new project, and what is refused."""

import re
import shlex
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from feeds.errors import UsageError
from feeds.starter.blanks import Blanks, escape_for, marks_of
from feeds.starter.files import DEPLOY, PROJECT, SAMPLES, starter_files

BLANKS = Blanks(
    "https://feeds.example.org/", "News", "/srv/news", "/srv/news/out", "/srv/news/.feeds", "/opt/feeds/bin/feeds", "jo"
)


@pytest.mark.parametrize(
    ("base_url", "host", "port", "path", "site"),
    [
        ("https://feeds.example.org/", "feeds.example.org", "80", "/", "https://feeds.example.org"),
        ("https://example.org:8443/a/b-c/", "example.org", "80", "/a/b-c/", "https://example.org:8443"),
        ("http://localhost:8000/", "localhost", "8000", "/", "http://localhost:8000"),
        ("http://192.0.2.7/", "192.0.2.7", "80", "/", "http://192.0.2.7"),
        ("http://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", "80", "/", "http://xn--mnchen-3ya.example"),
    ],
)
def test_an_address_comes_apart(base_url, host, port, path, site):
    marks = marks_of(replace(BLANKS, base_url=base_url))
    assert (marks["HOST"], marks["PORT"], marks["PATH"], marks["SITE"]) == (host, port, path, site)


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "http://[::1]:8000/"},
        {"base_url": "https://example.org/a%20b/"},
        {"base_url": "https://example.org/a;b/"},
        {"base_url": "https://example.org//a/"},
        {"base_url": "https://example.org/.hidden/"},
        {"project": "/srv/a$b"},
        {"out": '/srv/a"b'},
        {"out": "/srv/{a}"},
        {"state": "/srv/a'b"},
        {"program": "/srv/a\\b"},
        {"project": "/srv/a\nUser=root"},
        {"project": "/srv/[ab]*"},
        {"user": "jo bo"},
        {"user": ""},
    ],
    ids=str,
)
def test_what_a_server_would_misread_is_refused(change):
    with pytest.raises(UsageError, match="cannot be written into server configurations"):
        marks_of(replace(BLANKS, **change))


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("deploy/feeds.service", "/srv/100%", "/srv/100%%"),
        ("deploy/feeds-build.timer", "50%", "50%%"),
        ("deploy/crontab", "/srv/100%", r"/srv/100\%"),
        ("config/feeds.yaml", 'A "B" \\ ü', r"A \"B\" \\ ü"),
        ("README.md", "<b>_A_ & [B](c)", r"\<b\>\_A\_ \& \[B\](c)"),
        ("deploy/nginx.conf", "/srv/100% ü b", "/srv/100% ü b"),
        ("deploy/Caddyfile", "/srv/100% ü b", "/srv/100% ü b"),
    ],
)
def test_a_value_is_written_as_its_place_wants_it(name, value, written):
    assert escape_for(name)(value) == written


def test_awkward_but_allowed_values_arrive():
    title = "  News:\n#1 - 'A' \"B\" @HOST@ "
    folder = "/srv/Müsli 100%"
    made = starter_files(replace(BLANKS, title=title, project=folder, out=f"{folder}/out"), fresh=True)
    text = {name: body.decode() for name, body in made.items()}
    assert yaml.safe_load(text["config/feeds.yaml"])["site"]["title"] == "News: #1 - 'A' \"B\" @HOST@"
    assert f'alias "{folder}/out/";' in text["deploy/nginx.conf"]
    assert f'root * "{folder}/out"' in text["deploy/Caddyfile"]
    assert "\nWorkingDirectory=/srv/Müsli 100%%\n" in text["deploy/feeds.service"]
    [line] = [line for line in text["deploy/crontab"].splitlines() if not line.startswith("#")]
    command = line.split(None, 5)[5].replace(r"\%", "%")
    assert shlex.split(command)[:3] == ["cd", folder, "&&"]


def test_every_mark_is_filled_and_every_value_used():
    templates = {**PROJECT, **DEPLOY, **SAMPLES}
    marked = {
        mark
        for template in templates.values()
        for mark in re.findall(r"@([A-Z_]+)@", files("feeds.starter").joinpath(template).read_text(encoding="utf-8"))
    }
    assert marked == marks_of(BLANKS).keys()
    made = starter_files(BLANKS, fresh=True)
    assert made.keys() == templates.keys()
    assert [name for name, body in made.items() if re.search(rb"@[A-Z_]+@", body)] == []


def test_every_template_in_the_package_is_written():
    root = Path(str(files("feeds.starter")))
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    code = {name for name in there if name.endswith((".py", ".pyc"))}
    assert there - code == {*PROJECT.values(), *DEPLOY.values(), *SAMPLES.values()}


def test_a_project_at_work_gets_no_samples():
    made = starter_files(BLANKS, fresh=False)
    assert made.keys() == {*PROJECT, *DEPLOY} - {"README.md"}


def test_the_same_values_give_the_same_bytes():
    assert starter_files(BLANKS, fresh=True) == starter_files(BLANKS, fresh=True)
