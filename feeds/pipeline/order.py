"""What a build is told, what it works with, and what it tells in the end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from feeds.items.rules import Rules
from feeds.links.policy import Policy
from feeds.model import Artifact, Problem, Site
from feeds.model.look import Look
from feeds.model.source import Source
from feeds.selection import EVERYTHING, Lineup, Share
from feeds.selection.custom import CustomFeed
from feeds.sources.folder import Roots
from feeds.store import Store

T = TypeVar("T")
R = TypeVar("R")

# (step, done, of how many); called after every piece of work that was kept.
Progress = Callable[[str, int, int], None]


class Engine(Protocol):
    """Whoever runs tasks."""

    def run(self, task: Callable[[T], R], inputs: Iterable[T]) -> Iterator[R]:
        """Yield the result of `task` for each input, in order."""
        ...


class Sink(Protocol):
    """Wherever files are published."""

    @property
    def encodings(self) -> tuple[str, ...]:
        """Return the compressed forms that it keeps beside each file."""
        ...

    def listings(self) -> dict[str, bytes]:
        """Return what is published now, folder by folder."""
        ...

    def stage(self, artifact: Artifact) -> bool:
        """Keep a file for `commit`, or return False where it is in place already; see to its compressed forms."""
        ...

    def commit(self, delete: Iterable[str]) -> None:
        """Publish what is staged, delete the rest."""
        ...

    def clear(self) -> None:
        """Drop what is staged."""
        ...


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """Everything that decides the outcome of a build.

    `now` is seconds since 1970; `max_age` and `tombstone_age` are seconds or 0 for none. `look` is how web pages look,
    None where there are none, and `page_items` how many items each shows; `health` adds a page for the operator.
    `other_front` is the digest of a front page that is there and does not say it is ours.
    """

    roots: Roots
    rules: Rules
    rules_digest: str
    site: Site
    site_digest: str
    now: int
    now_ns: int
    links: Policy = field(default_factory=Policy)
    topics: bool = True
    providers: bool = True
    limit: int = 50
    share: Share = EVERYTHING
    max_age: int = 0
    record_bytes: int = 1_048_576
    sources: tuple[Source, ...] = ()
    sources_digest: str = ""
    group: bool = True
    custom: tuple[CustomFeed, ...] = ()
    archives: bool = True
    tombstone_age: int = 0
    look: Look | None = None
    page_items: int = 20
    health: bool = False
    other_front: str = ""

    @property
    def lineup(self) -> Lineup:
        """Return which feeds there are."""
        return Lineup(self.rules.taxonomy, self.topics, self.providers, self.custom, self.site.language)


@dataclass(frozen=True, slots=True)
class Ports:
    """The adapters a build works through."""

    store: Store
    sink: Sink
    engine: Engine
    progress: Progress


@dataclass(slots=True)
class BuildReport:
    """What a build found and did. `written` and `deleted` are paths below the output folder.

    `front_kept` says that there is a front page of somebody else's, which stays.
    """

    records: int = 0
    items: int = 0
    held_back: int = 0
    feeds: int = 0
    read: int = 0
    rendered: int = 0
    unchanged: int = 0
    written: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    front_kept: bool = False
