"""The values that say how things stand. Nothing here reads or judges. Times are seconds since 1970, 0 for never."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease (host:process), "" for nobody; `alive` is False for a process that ended without a word."""

    name: str = ""
    alive: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A task: when it is due, when it last began, ended and went well, and how often it failed since."""

    name: str
    due: int = 0
    started: int = 0
    ended: int = 0
    good: int = 0
    fails: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of records: whether it is there, and how many records the last build knew in it."""

    path: str
    there: bool
    records: int = 0


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many problems of one kind the records have."""

    severity: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """A published feed; `updated` is the newest change among its items."""

    key: str
    kind: str
    title: str
    items: int
    updated: int


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """All published feeds of one kind; `newest` and `oldest` are the latest and the earliest `updated` of them."""

    kind: str
    feeds: int
    newest: int
    oldest: int


@dataclass(frozen=True, slots=True)
class LinkStates:
    """How many links have which verdict, and how many are to be checked by now."""

    verdicts: Mapping[str, int] = field(default_factory=dict)
    due: int = 0

    @property
    def total(self) -> int:
        """Return how many links there are."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class HubState:
    """A WebSub hub: what waits for it, when it may be asked, how often it failed since it was last `good`."""

    url: str
    waiting: int = 0
    due: int = 0
    good: int = 0
    fails: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FailingSource:
    """A remote feed that could not be read `fails` times since it was last `good`; `detail` says why."""

    id: str
    fails: int
    good: int
    detail: str


@dataclass(frozen=True, slots=True)
class RemoteSources:
    """How many remote feeds there are of each standing, and how many are to be asked by now.

    Standings are fine, failing, new (never asked), paused and retired (gone for good). `moved` counts those that are
    asked at another address than the settings name; `worst` are a few that fail, the most stubborn first.
    """

    standings: Mapping[str, int] = field(default_factory=dict)
    due: int = 0
    moved: int = 0
    worst: tuple[FailingSource, ...] = ()

    @property
    def total(self) -> int:
        """Return how many remote feeds are configured."""
        return sum(self.standings.values())


@dataclass(frozen=True, slots=True)
class Status:
    """How things stood at `now`.

    `fault` says why the state cannot be read; with it, and where there is no state, all that is kept in it is empty.
    `state` is where it is kept, a path or a URL without its password; `schema` the version of its tables. `out_there`
    says whether the output stands where it was published. `published` is when a file last changed, `next_item` when a
    story that is dated in the future appears.
    """

    now: int
    state: str
    out: str
    out_there: bool
    sources: tuple[Source, ...] = ()
    fault: str = ""
    schema: str = ""
    state_bytes: int = 0
    daemon: Holder = Holder()
    builder: Holder = Holder()
    ticks: tuple[Tick, ...] = ()
    records: int = 0
    held_back: int = 0
    items: int = 0
    published: int = 0
    next_item: int = 0
    problems: tuple[ProblemCount, ...] = ()
    feeds: tuple[FeedState, ...] = ()
    links: LinkStates = LinkStates()
    hubs: tuple[HubState, ...] = ()
    remote: RemoteSources = RemoteSources()

    def tick(self, name: str) -> Tick:
        """Return a task, one that never ran if it is not known."""
        return next((tick for tick in self.ticks if tick.name == name), Tick(name))

    def problem_count(self, severity: str) -> int:
        """Return how many problems cost so much: an "error" its record, a "warning" one field of it."""
        return sum(each.count for each in self.problems if each.severity == severity)

    def feed_groups(self) -> tuple[FeedGroup, ...]:
        """Return the feeds by kind, the feed of everything first."""
        kinds = sorted({feed.kind for feed in self.feeds}, key=lambda kind: (kind != "all", kind))
        return tuple(_group(kind, [feed.updated for feed in self.feeds if feed.kind == kind]) for kind in kinds)


def _group(kind: str, updates: list[int]) -> FeedGroup:
    return FeedGroup(kind, len(updates), max(updates), min(filter(None, updates), default=0))
