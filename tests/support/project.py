"""A project in a temporary folder: records with the times the test says, builds at the hour the test says.

Must never read the clock: file times and build times are arguments, so that a test means the same on every machine.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feeds.app import run_build
from feeds.config.load import Loaded, load
from feeds.pipeline import BuildReport

NS = 1_000_000_000
# 2023-11-14T22:13:20Z
START = 1_700_000_000
# What there is one of, beside the feeds.
LISTS = ("feeds.json", "feeds.opml", "providers.opml", "topics.opml")


@dataclass(frozen=True)
class Mention:
    """A related story inside a record."""

    url: str
    title: str
    provider: tuple[str, str] = ("Mentioned", "mentioned.example")
    date: int = START - 86_400


@dataclass(frozen=True)
class Draft:
    """A record before it is a file. `date` is seconds since 1970, None for a record without one."""

    url: str
    title: str
    excerpt: str = "An excerpt."
    date: int | None = START - 3600
    kind: str = "article"
    held: bool = False
    heat: int = 1
    provider: tuple[str, str] = ("Example News", "news.example")
    topics: tuple[str, ...] = ("AI",)
    images: tuple[str, ...] = ()
    related: tuple[Mention, ...] = ()
    secured: str = "c2VjcmV0;c2VjcmV0"


def text(draft: Draft) -> str:
    """Return the file of a record: JSON values are YAML values."""
    fields: dict[str, object] = {
        "title": draft.title,
        "excerpt": draft.excerpt,
        "originalUrl": draft.url,
        "type": draft.kind,
        "heat": draft.heat,
        "published": not draft.held,
        "provider": dict(zip(("name", "domain"), draft.provider, strict=True)),
        "topics": list(draft.topics),
        "images": [{"url": url} for url in draft.images],
        "related": [_mention(mention) for mention in draft.related],
        "secured": draft.secured,
    }
    if draft.date is not None:
        fields["publishedDateTime"] = stamp(draft.date)
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return "\n".join(("---", *lines, "---", ""))


def _mention(mention: Mention) -> dict[str, object]:
    return {
        "title": mention.title,
        "webUrl": mention.url,
        "publishedDateTime": stamp(mention.date),
        "provider": dict(zip(("name", "domain"), mention.provider, strict=True)),
    }


def stamp(seconds: int) -> str:
    """Return a time as records write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tree(out: Path) -> dict[str, bytes]:
    """Return every file below a folder, whatever its name, with its bytes."""
    found: dict[str, bytes] = {}
    for folder, _, names in os.walk(out):
        for name in names:
            path = Path(folder, name)
            found[path.relative_to(out).as_posix()] = path.read_bytes()
    return found


@dataclass
class Project:
    """A folder with config/feeds.yaml and records/; a build writes to out/ and .feeds/state.db.

    `reuse` takes the folder as it is.
    """

    root: Path
    settings: dict[str, Any] = field(default_factory=dict)
    reuse: bool = False
    ticks: int = 0

    def __post_init__(self) -> None:
        if not self.reuse:
            (self.root / "config").mkdir(parents=True, exist_ok=True)
            (self.root / "records").mkdir(exist_ok=True)
            self.configure(**self.settings)

    @property
    def config(self) -> Path:
        return self.root / "config" / "feeds.yaml"

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def state(self) -> Path:
        return self.root / ".feeds" / "state.db"

    def configure(self, **settings: Any) -> None:
        """Write the settings: these over the defaults of the tests."""
        self.settings = settings
        chosen = {"base_url": "https://feeds.example.org/", "jobs": 1, "site": {"title": "Site"}, **settings}
        # What a build does with items that left a feed hangs on what it did before: most tests compare whole trees.
        chosen["feeds"] = {"archives": False, "tombstone_days": 0, **chosen.get("feeds", {})}
        chosen.setdefault("pages", {"enabled": False})
        self.config.write_text(json.dumps(chosen), encoding="utf-8")

    def name(self, topics: Sequence[Mapping[str, object]] = (), providers: Sequence[Mapping[str, object]] = ()) -> None:
        """Write the taxonomy."""
        for key, entries in (("topics", topics), ("providers", providers)):
            (self.root / "config" / f"{key}.yaml").write_text(json.dumps({key: list(entries)}), encoding="utf-8")

    def write(self, name: str, draft: Draft | str | bytes, at: int = START) -> Path:
        """Write a record as of `at` (seconds since 1970)."""
        content = text(draft) if isinstance(draft, Draft) else draft
        path = self.records / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        # Two edits within one second must differ as they would on a real disk.
        self.ticks += 1
        os.utime(path, ns=(at * NS + self.ticks, at * NS + self.ticks))
        return path

    def loaded(self, **overrides: object) -> Loaded:
        """Return the settings in force; `overrides` are flags."""
        return load(self.config, overrides, {}, self.root)

    def build(self, now: int, **overrides: object) -> BuildReport:
        """Build as of `now` (seconds since 1970); no two builds share a nanosecond."""
        self.ticks += 1
        return run_build(self.loaded(**overrides), lambda *_: None, now * NS + self.ticks)

    def fresh(self, now: int, name: str, **overrides: object) -> dict[str, bytes]:
        """Return the tree that a build with no memory gives."""
        self.build(now, out=f"{name}/out", state=f"{name}/state.db", **overrides)
        return tree(self.root / name / "out")

    def tree(self) -> dict[str, bytes]:
        """Return what is published."""
        return tree(self.out)

    def items(self, key: str = "all") -> dict[str, dict[str, Any]]:
        """Return the items of a JSON Feed by id."""
        document = json.loads((self.out / f"{key}.json").read_bytes())
        return {item["id"]: item for item in document["items"]}

    def titles(self, key: str = "all") -> list[str]:
        """Return the titles in a JSON Feed, in its order."""
        return [item["title"] for item in self.items(key).values()]

    def stamps(self) -> dict[str, int]:
        """Return the time of last change of every published file, in nanoseconds."""
        return {name: (self.out / name).stat().st_mtime_ns for name in self.tree()}


def forget(state: Path, tables: Iterable[str], keys: Iterable[str] = ()) -> None:
    """Empty tables of a state, and drop single values of its `meta`."""
    with closing(sqlite3.connect(state)) as connection:
        for table in tables:
            connection.execute(f'DELETE FROM "{table}"')
        connection.executemany("DELETE FROM meta WHERE key = ?", [(key,) for key in keys])
        connection.commit()


def copy_state(source: Path, target: Path) -> None:
    """Copy a state that nobody has open, with what SQLite keeps beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
