"""The configurations of nginx, Caddy and Apache, at work over a published tree."""

import gzip
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from project import START, Draft, Project

from feeds.app.starter import blanks_of
from feeds.starter.files import starter_files

REPOSITORY = Path(__file__).resolve().parents[3]
CHECK = REPOSITORY.parent / "shared" / "checks" / "http_check.py"
# net/http, under Caddy, takes Last-Modified out of a 304 that has an ETag, as RFC 9110 section 15.4.5 lets it.
BARE_304 = "does not repeat last-modified"
FEEDS = [
    f"{key}.{ending}"
    for key in ("all", "topics/ai", "providers/news.example", "top", "archive/all/1", "archive/topics/ai/2")
    for ending in ("rss", "atom", "json")
]

Start = Callable[[str, Path, int], list[str]]


def nginx(text: str, place: Path, port: int) -> list[str]:
    lines = [line for line in text.splitlines() if "listen [::]" not in line]
    server = "\n".join(lines).replace(f"listen {port};", f"listen 127.0.0.1:{port};")
    temporary = "\n".join(f"{each}_temp_path {place};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""  # by default nobody, who may not look into our folder
    wrapper = f"{user} daemon off; worker_processes 1; pid {place}/pid; error_log {place}/log; events {{ }}"
    conf = place / "conf"
    conf.write_text(f"{wrapper}\nhttp {{\naccess_log off;\n{temporary}\n{server}\n}}\n", encoding="utf-8")
    return ["nginx", "-p", str(place), "-e", str(place / "log"), "-c", str(conf)]


def caddy(text: str, place: Path, port: int) -> list[str]:
    conf = place / "Caddyfile"
    site = text.replace(f"http://127.0.0.1:{port} {{", f"http://127.0.0.1:{port} {{\n\tbind 127.0.0.1")
    conf.write_text(f"{{\n\tadmin off\n\tstorage file_system {place}\n}}\n{site}", encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(conf)]


def apache(text: str, place: Path, port: int) -> list[str]:
    program = Path(str(shutil.which("apache2"))).resolve()
    modules = program.parents[1] / "lib" / "apache2" / "modules"
    out = next(line for line in text.splitlines() if line.startswith("# out ")).removeprefix("# out ")
    (Path(out) / ".htaccess").write_text(text, encoding="utf-8")
    needed = ("mpm_event", "authz_core", "mime", "filter", "deflate", "headers", "rewrite", "dir")
    loaded = "\n".join(f"LoadModule {each}_module {modules}/mod_{each}.so" for each in needed)
    (place / "types").write_text("text/html html\n", encoding="utf-8")
    conf = place / "conf"
    conf.write_text(
        f"ServerRoot {place}\nServerName localhost\nListen 127.0.0.1:{port}\n"
        f"PidFile {place}/pid\nErrorLog {place}/log\n"
        f"{loaded}\nTypesConfig {place}/types\nAddType application/x-gzip .gz\n"
        "AddOutputFilterByType DEFLATE text/html application/rss+xml application/json\n"
        f'User nobody\nGroup nogroup\nDocumentRoot "{out}"\n'
        f'<Directory "{out}">\nAllowOverride FileInfo Options Indexes\nRequire all granted\n</Directory>\n',
        encoding="utf-8",
    )
    return [str(program), "-d", str(place), "-f", str(conf), "-D", "FOREGROUND"]


@dataclass(frozen=True)
class Site:
    """A server at work: `server` by name, the feeds at `path` of `port`."""

    server: str
    port: int
    path: str
    project: Project

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def ask(self, name: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, self.path + name, skip_accept_encoding=True)
        for key, value in headers.items():
            connection.putheader(key.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body


SERVERS: dict[str, tuple[str, Start]] = {
    "nginx": ("deploy/nginx.conf", nginx),
    "caddy": ("deploy/Caddyfile", caddy),
    "apache2": ("deploy/.htaccess", apache),
}


@pytest.fixture(scope="module", params=["nginx /", "nginx /my/feeds/", "caddy /", "caddy /my/feeds/", "apache2 /"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    server, path = request.param.split()
    if not shutil.which(server):
        pytest.skip(f"{server} is not installed")
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        Path(folder).chmod(0o755)  # Apache leaves root for nobody
        port = taken.getsockname()[1]
        taken.close()
        project = published(Path(folder) / "Müsli 100%", f"http://127.0.0.1:{port}{path}")
        with running(server, project, Path(folder), port):
            yield Site(server, port, path, project)


def published(root: Path, base_url: str) -> Project:
    feeds = {"encodings": ["gzip", "br"], "archives": True, "limit": 4}
    custom = [{"name": "top", "query": "topic:ai"}]
    project = Project(root, {"base_url": base_url, "feeds": feeds, "pages": {"enabled": True}, "custom_feeds": custom})
    for number in range(12):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}"))
    project.build(START)
    (project.out / ".hidden").write_text("secret", encoding="utf-8")
    (project.out / ".stage").mkdir()
    (project.out / ".stage" / "all.rss").write_text("half", encoding="utf-8")
    return project


@contextmanager
def running(server: str, project: Project, folder: Path, port: int) -> Iterator[None]:
    name, start = SERVERS[server]
    blanks = blanks_of(project.loaded(), Path("/opt/feeds/bin/feeds"), "feeds")
    text = starter_files(blanks, fresh=False)[name].decode() + f"# out {project.out}\n"
    place = folder / "server"
    place.mkdir()
    with (place / "output").open("wb") as output:
        process = subprocess.Popen(start(text, place, port), stdout=output, stderr=output)
    try:
        await_port(process, port, place)
        yield
    finally:
        process.terminate()
        process.wait(30)


def await_port(process: "subprocess.Popen[bytes]", port: int, place: Path) -> None:
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail((place / "output").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("all.rss", "application/rss+xml"),
        ("all.atom", "application/atom+xml"),
        ("all.json", "application/feed+json"),
        ("topics/ai.json", "application/feed+json"),
        ("providers/news.example.rss", "application/rss+xml"),
        ("archive/topics/ai/2.rss", "application/rss+xml"),
        ("archive/topics/ai/2.atom", "application/atom+xml"),
        ("archive/topics/ai/2.json", "application/feed+json"),
        ("top.json", "application/feed+json"),
        ("feeds.json", "application/json"),
        ("feeds.opml", "text/x-opml"),
        ("", "text/html"),
        ("topics/ai.html", "text/html"),
        ("assets/feeds.css", "text/css"),
        ("assets/feeds.js", "text/javascript"),
        ("assets/icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_is_sent_with_its_type_and_what_readers_need(site, name, kind):
    status, headers, body = site.ask(name)
    assert status == 200
    assert body == (site.project.out / (name or "index.html")).read_bytes()
    media, _, charset = headers["content-type"].partition(";")
    assert media == kind
    assert charset.strip().lower() in {"", "charset=utf-8"}
    assert "content-encoding" not in headers
    assert headers["cache-control"] == "public, max-age=900"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["last-modified"]
    assert site.ask(name, "HEAD")[0] == 200


@pytest.mark.parametrize("name", [*FEEDS, "feeds.json", "feeds.opml", "index.html", "assets/feeds.css"])
def test_a_compressed_file_is_the_one_beside_it_with_a_validator_of_its_own(site, name):
    plain = site.ask(name)[1]
    status, headers, body = site.ask(name, Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["content-type"] == plain["content-type"] or site.server == "apache2"
    assert headers["content-type"].partition(";")[0] == plain["content-type"].partition(";")[0]
    assert headers["vary"] == "Accept-Encoding"
    assert body == (site.project.out / f"{name}.gz").read_bytes()
    assert gzip.decompress(body) == (site.project.out / name).read_bytes()
    assert headers["etag"] != plain["etag"]


def test_caddy_prefers_brotli(site):
    if site.server != "caddy":
        pytest.skip("nginx needs a module for it, Apache more rules")
    status, headers, body = site.ask("all.rss", Accept_Encoding="gzip, br")
    assert (status, headers["content-encoding"]) == (200, "br")
    assert body == (site.project.out / "all.rss.br").read_bytes()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize(("field", "validator"), [("If_None_Match", "etag"), ("If_Modified_Since", "last-modified")])
def test_what_has_not_changed_is_answered_with_304(site, coding, field, validator):
    headers = site.ask("all.rss", Accept_Encoding=coding)[1]
    status, again, body = site.ask("all.rss", Accept_Encoding=coding, **{field: headers[validator]})
    assert (status, body) == (304, b"")
    assert again["etag"] == headers["etag"]
    assert again["cache-control"] == headers["cache-control"]
    assert again["vary"] == headers["vary"]
    if site.server != "caddy":
        assert again["last-modified"] == headers["last-modified"]


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden", ".stage/all.rss", "%2ehidden", "x/../.hidden", ".stage/../.stage/all.rss"),
        *("all.rss.gz", "all.rss.br", "topics/ai.json.gz", "nope.rss", "topics/nope.json", ".htaccess"),
    ],
)
def test_what_is_not_for_readers_is_not_found(site, name):
    status, headers, body = site.ask(name)
    assert status == 404
    assert "cache-control" not in headers
    assert b"secret" not in body
    assert b"half" not in body


@pytest.mark.parametrize("name", ["../.feeds/state.db", "%2e%2e/config/feeds.yaml", "..%2fconfig/feeds.yaml"])
def test_nothing_outside_the_folder_is_sent(site, name):
    status, _, body = site.ask(name)
    assert status in {400, 403, 404}
    assert b"base_url" not in body
    assert b"SQLite" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(site, method):
    assert site.ask("all.rss", method)[0] == 405


@pytest.mark.parametrize("name", ["topics/", "archive/", "archive/all/", "assets/"])
def test_folders_are_not_listed(site, name):
    status, _, body = site.ask(name)
    assert status in {403, 404}
    assert b"href" not in body


def test_without_a_front_page_the_list_of_feeds_is_there(site):
    """As with `pages.enabled: false`."""
    page = site.project.out / "index.html"
    page.rename(page.with_name(".index"))
    try:
        status, headers, body = site.ask("")
    finally:
        page.with_name(".index").rename(page)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "application/json")
    assert body == (site.project.out / "feeds.json").read_bytes()


def test_the_check_of_what_a_feeds_server_answers_finds_no_fault(site):
    if not CHECK.exists():
        pytest.skip("the check is not here")
    catalogue = json.loads((site.project.out / "feeds.json").read_bytes())
    assert catalogue["feeds"]
    command = [sys.executable, str(CHECK), "--base", site.base, *FEEDS, "feeds.json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    *findings, total = told.stdout.splitlines()
    assert told.returncode == 0, told.stdout
    if site.server == "caddy":
        findings = [line for line in findings if BARE_304 not in line]
    else:
        assert total == f"paths={len(FEEDS) + 1} errors=0 warnings=0"
    assert findings == []


def test_an_edit_is_seen(site):
    before = {coding: site.ask("all.rss", Accept_Encoding=coding)[1]["etag"] for coding in ("identity", "gzip")}
    site.project.write("new.md", Draft("https://news.example/new", f"A late story for {site.base}"))
    site.project.build(START + 60)
    for coding, etag in before.items():
        status, headers, body = site.ask("all.rss", Accept_Encoding=coding, If_None_Match=etag)
        assert (status, headers["etag"] != etag) == (200, True)
        assert b"A late story" in (gzip.decompress(body) if coding == "gzip" else body)
