"""Measure `feeds serve` beside nginx: CPU per request, and 10,000 polite subscribers while builds go on.

Both serve one folder, with compressed forms beside the files. Nothing leaves this machine, and all ends by itself.

    python bench/serve.py                                     three turns of wrk, then a minute of subscribers
    python bench/serve.py --turns 1 --seconds 2 --readers 0   wrk only, and shortly
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from records import change, retitle, write_all

HERE = Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
NGINX = """
worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; gzip_static on; gzip_vary on;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  types {{ application/rss+xml rss; application/atom+xml atom; application/feed+json json; }}
  server {{ listen 127.0.0.1:{port}; root {out}; add_header Cache-Control "public, max-age=3600"; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What requests cost the server: CPU in microseconds, and how many it answered a second."""

    cpu: float
    rate: float


class Site:
    """A project of records in a folder of its own."""

    def __init__(self, work: Path, count: int) -> None:
        self.work, self.count, self.edits = work, count, 0
        self.records, self.out = work / "records", work / "out"
        (work / "config").mkdir()
        settings = {
            "base_url": "https://feeds.example.org/",
            "records": ["records"],
            "feeds": {"encodings": ["gzip", "br"]},
        }
        (work / "config" / "feeds.yaml").write_text(json.dumps(settings), encoding="utf-8")
        write_all(str(self.records), count)

    def build(self) -> None:
        """Publish what the records say now."""
        subprocess.run([sys.executable, "-m", "feeds", "build"], cwd=self.work, check=True, capture_output=True)

    def edit(self) -> None:
        """Change the titles of some records."""
        self.edits += 1
        change(str(self.records), self.count, 50, self.edits, retitle)


@contextmanager
def feeds(site: Site) -> Iterator[tuple[int, int]]:
    """Run `feeds serve`; yields its process and its port."""
    command = [sys.executable, "-m", "feeds", "serve", "--address", "127.0.0.1:0"]
    with subprocess.Popen(
        command, cwd=site.work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout
            found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert found
            yield process.pid, int(found[1])
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def nginx(site: Site) -> Iterator[tuple[int, int]]:
    """Run nginx over the same folder; yields its one worker and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = site.work / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(user + NGINX.format(work=site.work, out=site.out, port=port), encoding="utf-8")
    with subprocess.Popen(["nginx", "-c", config, "-p", site.work], stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(0.5)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
            yield int(children.split()[0]), port
        finally:
            process.send_signal(signal.SIGTERM)


def cpu(process: int) -> float:
    """Return the seconds of processor time a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(process: int) -> float:
    """Return the peak of a process in MiB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def fields_of(port: int, path: str, *more: str) -> dict[str, str]:
    """Return the fields that a path is answered with."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        lines = (f"HEAD {path} HTTP/1.1", "Host: x", "Connection: close", *more, "", "")
        sock.sendall("\r\n".join(lines).encode())
        head = b"".join(iter(lambda: sock.recv(65_536), b"")).decode("latin-1")
    pairs = (line.partition(": ") for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, _, value in pairs}


def wrk(process: int, port: int, path: str, seconds: int, *fields: str) -> Cost:
    """Return what one kind of request costs, asked over 16 kept connections."""
    given = [word for field in fields for word in ("-H", field)]
    before = cpu(process)
    done = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}", *given, f"http://127.0.0.1:{port}{path}"],
        check=True,
        capture_output=True,
        text=True,
    )
    used = cpu(process) - before
    found = re.search(r"(\d+) requests in", done.stdout)
    assert found
    return Cost(1e6 * used / int(found[1]), int(found[1]) / seconds)


def compare(site: Site, turns: int, seconds: int) -> None:
    """Print what a feed of 50 items costs, whole, packed and unchanged."""
    path = "/all.rss"
    print(f"{path}: {(site.out / 'all.rss').stat().st_size:,} bytes\n")
    print("| request | server | CPU µs | lowest to highest | a second |\n|---|---|---:|---|---:|")
    with feeds(site) as ours, nginx(site) as theirs:
        for name, coding, conditional in (("200", "", False), ("gzip", "gzip", False), ("304", "gzip", True)):
            costs: dict[str, list[Cost]] = {"feeds": [], "nginx": []}
            for _ in range(turns):
                for server, (process, port) in (("feeds", ours), ("nginx", theirs)):
                    fields = [f"Accept-Encoding: {coding}"] if coding else []
                    if conditional:
                        fields.append(f"If-None-Match: {fields_of(port, path, *fields)['etag']}")
                    costs[server].append(wrk(process, port, path, seconds, *fields))
            for server, each in costs.items():
                low, high = min(cost.cpu for cost in each), max(cost.cpu for cost in each)
                middle, rate = median(cost.cpu for cost in each), median(cost.rate for cost in each)
                print(f"| {name} | {server} | {middle:.1f} | {low:.1f} to {high:.1f} | {rate:,.0f} |")
        print(f"\nfeeds serve: {memory(ours[0]):.0f} MiB at the peak")


def crowd(site: Site, readers: int, seconds: float, every: float, build_every: float) -> None:
    """Print what polite subscribers saw while builds went on."""
    stop, builds = threading.Event(), 0

    def rebuild() -> None:
        nonlocal builds
        while not stop.wait(build_every):
            site.edit()
            site.build()
            builds += 1

    with feeds(site) as (process, port):
        builder = threading.Thread(target=rebuild)
        builder.start()
        before = cpu(process)
        words = ("--readers", str(readers), "--seconds", str(seconds), "--every", str(every))
        command = [sys.executable, HERE / "serve_readers.py", "--base", f"http://127.0.0.1:{port}/", *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        stop.set()
        builder.join()
        used = cpu(process) - before
        told = json.loads(done.stdout)
        asked = sum(told["seen"].values())
        print(f"\n{readers:,} subscribers, each every {every:g} s for {seconds:g} s, during {builds} builds:")
        print(f"{asked:,} requests: {told['seen']}; ms: {told['ms']}")
        print(f"server: {1e6 * used / asked:.0f} µs of CPU a request, {memory(process):.0f} MiB at the peak")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--minute", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=20.0)
    parser.add_argument("--build-every", type=float, default=5.0)
    given = parser.parse_args()
    for program in ("nginx", "wrk"):
        if given.turns and not shutil.which(program):
            parser.error(f"{program} is not on the path; --turns 0 does without")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        site = Site(Path(folder), given.records)
        site.build()
        if given.turns:
            compare(site, given.turns, given.seconds)
        if given.readers:
            crowd(site, given.readers, given.minute, given.every, given.build_every)


if __name__ == "__main__":
    main()
