"""Measure what polling remote feeds costs: CPU for a source that did not change and one that did, memory, builds.

All are asked of one local server (`poll_server.py`) that is a thousand hosts of 127.0.0.0/8. Nothing leaves this
machine, and everything ends by itself.

    python bench/poll.py                       5,000 sources of 200 entries: over half an hour, over 6.5 GB of disk
    python bench/poll.py --sources 500         a tenth of it
    python bench/poll.py --no-build            without the builds
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

from measure import Usage, measure
from poll_server import ENTRIES, NEW, SHARE

HERE = Path(__file__).parent
HOSTS, TOPICS = 1_000, 60
# In a process of its own, so that the memory and the imports of this one stay small.
LOAD = "import sys, time; from pathlib import Path; from feeds.config.load import load; t = time.process_time(); \
load(Path(sys.argv[1]), {}, {}, Path(sys.argv[1]).parent); print(time.process_time() - t)"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is, and how much of it."""

    port: int
    work: Path
    sources: int

    @property
    def config(self) -> Path:
        """The settings."""
        return self.work / "config" / "feeds.yaml"

    @property
    def changing(self) -> int:
        """How many of the sources have another version."""
        return len(range(0, self.sources, SHARE))

    def url(self, source: int) -> str:
        """Return the address of a feed; those of one host are not neighbours in the settings."""
        host = source % HOSTS
        return f"http://127.1.{host // 250}.{host % 250 + 1}:{self.port}/feed/{source}"

    def ask(self, path: str) -> bytes:
        """Return what the server answers."""
        with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=60) as answer:
            return bytes(answer.read())

    def run(self, *command: str) -> Usage:
        """Run the program on the project, and return what it cost."""
        return measure([sys.executable, "-m", "feeds", *command], None, self.work / "log")


def settings(bench: Bench) -> str:
    """Return a feeds.yaml as people write it."""
    head = (
        'base_url: "https://feeds.example.org/"',
        "site:",
        '  title: "Bench"',
        "links:",
        '  allow_networks: ["127.0.0.0/8"]',
        "sources:",
    )
    return "\n".join([*head, *(_source(bench, number) for number in range(bench.sources)), ""])


def _source(bench: Bench, number: int) -> str:
    return (
        f'  - url: "{bench.url(number)}"\n    id: n{number}\n    provider:\n      name: "News {number}"\n'
        f"      domain: n{number}.example\n    topics: [Topic {number % TOPICS}]"
    )


def row(what: str, used: Usage, per: str = "") -> str:
    return f"| {what} | {used.cpu:.1f} | {used.wall:.0f} | {used.memory:.0f} | {per} |"


def steps(bench: Bench, *, build: bool, turns: int) -> Iterator[str]:
    """Yield a row for everything that is done, one after the other."""
    entries = bench.sources * ENTRIES
    yield "| | CPU s | wall s | peak MiB | |\n|---|---:|---:|---:|---|"
    first = bench.run("poll")
    answered(bench, changed=bench.sources, unchanged=0)
    yield row("first poll, all of them new", first, f"{first.cpu / bench.sources * 1e3:.0f} ms a source")
    if build:
        cold = bench.run("build")
        yield row("build of all of it", cold, f"{cold.cpu / entries * 1e6:.0f} µs an entry")
    idle = min((bench.run("poll") for _ in range(turns)), key=lambda used: used.cpu)
    yield row("poll, nothing due", idle, "start-up and settings")
    same = []
    for _ in range(turns):
        same.append(bench.run("poll", "--all"))
        answered(bench, changed=0, unchanged=bench.sources)
    least = sorted(same, key=lambda used: used.cpu)[len(same) // 2]
    cost = (least.cpu - idle.cpu) / bench.sources
    yield row("poll --all, nothing changed", least, f"{cost * 1e3:.3f} ms a source beyond start-up")
    if build:
        yield row("build, nothing changed", bench.run("build"))
    for turn in range(1, turns + 1):
        bench.ask(f"version/{turn}")
        some = bench.run("poll", "--all")
        answered(bench, changed=bench.changing, unchanged=bench.sources - bench.changing)
        each = (some.cpu - idle.cpu - cost * (bench.sources - bench.changing)) / bench.changing
        yield row(f"poll --all, {bench.changing} changed", some, f"{each * 1e3:.0f} ms a changed source")
        if build:
            news = bench.run("build")
            yield row("build", news, f"{news.cpu / (bench.changing * NEW) * 1e3:.2f} ms a new entry")
    yield from alone(bench)


def answered(bench: Bench, *, changed: int, unchanged: int) -> None:
    """Make sure that the server saw what was meant to be measured."""
    said = json.loads(bench.ask("report"))
    assert (said.get("200", 0), said.get("304", 0)) == (changed, unchanged), said


def alone(bench: Bench) -> Iterator[str]:
    """Yield what the parsers alone take for the feeds that changed."""
    import feedparser

    from feeds.remote.parse import parse_feed

    bodies = [body(bench, source) for source in range(0, bench.sources, SHARE)][:100]
    ways = {
        "feedparser, as its manual says": lambda body: feedparser.parse(BytesIO(body)),
        "feedparser, neither sanitising nor resolving": lambda body: feedparser.parse(
            BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        ),
        "our reader, which calls it so": lambda body: parse_feed(body, "application/rss+xml", "https://n.example/"),
    }
    yield f"\n| one body of {sum(map(len, bodies)) / len(bodies) / 1e3:.0f} kB | CPU ms |\n|---|---:|"
    for name, way in ways.items():
        way(bodies[0])
        start = time.process_time()
        for one in bodies:
            way(one)
        yield f"| {name} | {(time.process_time() - start) / len(bodies) * 1e3:.1f} |"


def body(bench: Bench, source: int) -> bytes:
    import gzip

    return gzip.decompress(bench.ask(f"feed/{source}"))


@contextmanager
def server() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, HERE / "poll_server.py"], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what polling remote feeds costs.")
    parser.add_argument("--sources", type=int, default=5_000, help="how many (default: 5,000)")
    parser.add_argument("--turns", type=int, default=3, help="how often what is cheap is repeated (default: 3)")
    parser.add_argument("--no-build", dest="build", action="store_false", help="leave the builds out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feeds-poll-") as work, server() as port:
        bench = Bench(port, Path(work), args.sources)
        (bench.work / "config").mkdir()
        (bench.work / "records").mkdir()
        bench.config.write_text(settings(bench), encoding="utf-8")
        loading = subprocess.run([sys.executable, "-c", LOAD, bench.config], capture_output=True, check=True, text=True)
        print(f"{args.sources:,} sources; loading the settings takes {float(loading.stdout):.2f} s of CPU\n")
        for line in steps(bench, build=args.build, turns=args.turns):
            print(line, flush=True)


if __name__ == "__main__":
    main()
