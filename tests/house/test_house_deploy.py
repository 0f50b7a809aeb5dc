"""The manual of deployment shows what `feeds init` writes, and its other configurations are accepted."""

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from feeds.starter.blanks import Blanks
from feeds.starter.files import DEPLOY, starter_files

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"
# The address and the folders that the manual tells at its beginning.
EXAMPLE = Blanks(
    "https://feeds.example.org/",
    "Museum news",
    "/srv/news",
    "/srv/news/out",
    "/srv/news/.feeds",
    "/opt/feeds/bin/feeds",
    "feeds",
)
KINDS = {
    "deploy/.htaccess": "apache",
    "deploy/Caddyfile": "caddy",
    "deploy/Containerfile": "dockerfile",
    "deploy/_headers": "text",
    "deploy/crontab": "text",
    "deploy/feeds-build.service": "ini",
    "deploy/feeds-build.timer": "ini",
    "deploy/feeds.service": "ini",
    "deploy/nginx.conf": "nginx",
}


def shown() -> list[tuple[str, str]]:
    """Return every block of code in the manual, with its kind."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def written() -> dict[str, str]:
    made = starter_files(EXAMPLE, fresh=True)
    return {name: made[name].decode() for name in DEPLOY}


@pytest.mark.parametrize("name", sorted(DEPLOY))
def test_every_file_for_servers_is_shown_as_it_is_written(name):
    assert (KINDS[name], written()[name]) in shown()
    assert f"`{name}`" in MANUAL.read_text(encoding="utf-8")


def others(kind: str) -> list[str]:
    """Return what is shown of that kind beside the files."""
    return [block for each, block in shown() if each == kind and block not in written().values()]


def test_nothing_else_is_shown_but_what_a_reverse_proxy_needs():
    assert {kind: len(others(kind)) for kind in KINDS.values()} == {
        "apache": 0,
        "caddy": 1,
        "dockerfile": 0,
        "ini": 0,
        "nginx": 1,
        "text": 0,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_nginx_accepts_the_reverse_proxy(tmp_path):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    [server] = others("nginx")
    temporary = "\n".join(
        f"{each}_temp_path {tmp_path};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = tmp_path / "conf"
    conf.write_text(
        f"pid {tmp_path}/pid; events {{ }}\nhttp {{\naccess_log off;\n{temporary}\n"
        f"{server.replace('listen [::]:80;', '').replace('listen 80;', f'listen 127.0.0.1:{free_port()};')}\n}}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-t", "-q", "-p", str(tmp_path), "-e", str(tmp_path / "log"), "-c", str(conf)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("number", [0, 1])
def test_caddy_accepts_what_is_shown(tmp_path, number):
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    conf = tmp_path / "Caddyfile"
    conf.write_text([block for kind, block in shown() if kind == "caddy"][number], encoding="utf-8")
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(conf)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
