"""Put a check of links together from the settings: the store's queue, the guarded client, the crawl."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from feeds.app.client import web_client
from feeds.app.leases import holder_name, is_dead
from feeds.app.link_policy import link_policy
from feeds.app.stopping import unless_stopped
from feeds.app.ticks import CHECK, noted
from feeds.links.encoding import decode_link
from feeds.links.hosts import Pace
from feeds.links.plan import CrawlPlan, crawl_plan
from feeds.links.policy import DAY
from feeds.model.link import Observation, Role, Verdict
from feeds.pipeline.check import (
    Change,
    StoreResults,
    keep_archives,
    learn_links,
    pin,
    readmit,
    told_titles,
    unarchived,
)
from feeds.pipeline.link_queue import StoreQueue, release_dead
from feeds.probe.archive import snapshots
from feeds.probe.crawl import Crawl
from feeds.probe.limits import Budget, Limits
from feeds.probe.naming import host_of
from feeds.probe.one import probe_one
from feeds.probe.ports import Gate, Target
from feeds.probe.progress import End, Progress
from feeds.store import Store, open_store
from feeds.store.links import Due
from feeds.web.addresses import url_refusal
from feeds.web.client import WebClient
from feeds.web.robots import RobotsBook

if TYPE_CHECKING:
    from feeds.config.load import Loaded

# Five seconds each: what is left is looked for in the next run.
ARCHIVE_MOST = 12
ARCHIVE_AGAIN = 90 * DAY

Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class CheckWish:
    """What to check: what is due, or `everything`; on one `host` only; at most so many URLs, for so many seconds.

    `archives` is False where nobody has five seconds a page to look for copies of what is dead.
    """

    everything: bool = False
    host: str = ""
    limit: int | None = None
    seconds: float | None = None
    allow: tuple[str, ...] = ()
    archives: bool = True


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: how far it came, the verdicts that are new, and how many links have which verdict now.

    `changes` are without the first verdicts of links, which `new_verdicts` counts too. `learned` counts links that are
    new, `held` hosts left out because another process is at work on them.
    """

    progress: Progress
    changes: tuple[Change, ...]
    new_verdicts: int
    verdicts: dict[str, int]
    learned: int
    held: int

    @property
    def newly_dead(self) -> tuple[Change, ...]:
        """Return the links that died in this run."""
        return tuple(change for change in self.changes if change.after is Verdict.DEAD)


def plan_check(loaded: "Loaded", wish: CheckWish, now: int | None = None) -> CrawlPlan:
    """Return what a check would ask, and the least time that politeness allows; asks nobody."""
    store = open_store(loaded.state_url)
    try:
        at = int(time.time()) if now is None else now
        _learn(store, loaded, at, wish.allow)
        return crawl_plan(store.links.due_hosts(_due(wish, at)))
    finally:
        store.close()


def run_check(
    loaded: "Loaded",
    wish: CheckWish,
    watch: Watch | None = None,
    clock: Callable[[], float] = time.time,
    stopped: Callable[[], bool] | None = None,
) -> CheckReport:
    """Check links and keep what was seen; the next build acts on it.

    Interrupted, it keeps all results it has and lets the interruption out; once `stopped` says so, it raises
    Interrupted likewise. Raises UsageError or StateError.
    """
    store = open_store(loaded.state_url)
    try:
        with noted(store, CHECK, clock) as note:
            report = _check(loaded, wish, store, watch, clock, stopped)
            note.detail = f"{report.progress.checked:,} checked, {report.progress.left:,} left"
            return report
    finally:
        store.close()


def _check(
    loaded: "Loaded",
    wish: CheckWish,
    store: Store,
    watch: Watch | None,
    clock: Callable[[], float],
    stopped: Callable[[], bool] | None,
) -> CheckReport:
    learned = _learn(store, loaded, int(clock()), wish.allow)
    results = StoreResults(store, link_policy(loaded), clock, exclusion(loaded))
    release_dead(store, is_dead, clock())
    queue = StoreQueue(store, _due(wish, int(clock())), holder_name())
    crawl = _crawl(loaded, wish, store, queue, results, watch)
    progress = asyncio.run(unless_stopped(crawl, stopped) if stopped else crawl)
    found = tuple(results.changes), results.new_verdicts
    return CheckReport(progress, *found, store.links.verdicts(), learned, queue.held)


async def _crawl(
    loaded: "Loaded", wish: CheckWish, store: Store, queue: StoreQueue, results: StoreResults, watch: Watch | None
) -> Progress:
    links = loaded.settings.links
    async with web_client(loaded, wish.allow) as client:
        robots = RobotsBook(client)

        async def probe(target: Target, now: int, gate: Gate) -> Observation:
            return await probe_one(client, target, now, gate, robots=robots, proof=target.url in queue.dead)

        crawl = Crawl(
            queue,
            results,
            probe,
            limits=Limits(running=links.concurrency),
            budget=Budget(wish.seconds, wish.limit),
            pace_of=partial(_pace, loaded),
            delay_of=robots.crawl_delay,
            controls=[Target(row.url, Role(row.role)) for row in store.links.controls(3)],
            watch=watch,
        )
        progress = await crawl.run()
        wanted = wish.archives and links.archive_url and links.on_dead == "fallback"
        if wanted and progress.end is not End.OFFLINE:
            await _find_archives(client, links.archive_url, store, results)
        return progress


async def _find_archives(client: WebClient, archive: str, store: Store, results: StoreResults) -> None:
    now = int(results.clock())
    pages = unarchived(store, ARCHIVE_MOST, ARCHIVE_AGAIN, now)
    keep_archives(store, await snapshots(client, archive, pages), now)


def _pace(loaded: "Loaded", host: str) -> Pace:
    rates = [rule.rate for rule in loaded.settings.links.hosts if _covers(rule.host, host)]
    # Whoever names a rate knows the host: it begins there, and still slows down where the host pushes back.
    return Pace(start=rates[0], top=rates[0], floor=min(1 / 60, rates[0])) if rates else Pace()


def _covers(rule: str, host: str) -> bool:
    return host == rule or host.endswith("." + rule)


def exclusion(loaded: "Loaded") -> Callable[[str], str]:
    """Return what tells why a URL must not be asked, "" if it may."""
    links = loaded.settings.links
    silent = tuple(rule.host for rule in links.hosts if not rule.check)

    def why_not(url: str) -> str:
        if any(fnmatchcase(url, pattern) for pattern in links.exclude):
            return "excluded-by-pattern"
        if any(_covers(rule, host_of(url)) for rule in silent):
            return "excluded-by-host"
        return url_refusal(url)

    return why_not


def _learn(store: Store, loaded: "Loaded", now: int, allow: tuple[str, ...] = ()) -> int:
    """Bring the list of links up to date, and look at the excluded ones again when the rules for them changed."""
    links = loaded.settings.links
    rules = repr((links.exclude, [(rule.host, rule.check) for rule in links.hosts], *links.allow_networks, *allow))
    why_not = exclusion(loaded)
    learned = learn_links(store, why_not, now)
    if store.meta.get("link_rules") != rules:
        readmit(store, why_not, now)
        with store.transaction():
            store.meta.put("link_rules", rules)
    return learned


def _due(wish: CheckWish, now: int) -> Due:
    return Due(None if wish.everything else now, now, wish.host)


def pin_links(loaded: "Loaded", urls: Sequence[str], word: str) -> list[str]:
    """Keep a person's word on links ("alive", "dead", "" to take it back); return those of the URLs that are known."""
    store = open_store(loaded.state_url)
    try:
        _learn(store, loaded, int(time.time()))
        return pin(store, urls, word, exclusion(loaded), int(time.time()))
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link as people are told of it, with the titles of the items that use it. Times are seconds since 1970."""

    url: str
    host: str
    role: str
    verdict: str
    reason: str
    since: int
    next_check: int
    moved_to: str
    pin: str
    items: tuple[str, ...]


def known_links(loaded: "Loaded", verdicts: Sequence[str] = (), host: str = "") -> list[KnownLink]:
    """Return what is known of links with one of these verdicts, on this host."""
    store = open_store(loaded.state_url)
    try:
        rows = store.links.find(verdicts, host)
        titles = _titles(store, [row.url for row in rows])
        return [
            KnownLink(
                row.url,
                row.host,
                row.role,
                row.verdict,
                state.reason,
                state.since,
                state.next_check_at,
                state.moved_to,
                state.pin,
                titles.get(row.url, ()),
            )
            for row in rows
            for state in [decode_link(row.body)]
        ]
    finally:
        store.close()


def _titles(store: Store, urls: Sequence[str]) -> dict[str, tuple[str, ...]]:
    users = store.links.users(urls)
    titles = told_titles(store, sorted({item for items in users.values() for item in items}))
    return {url: tuple(titles[item] for item in items if item in titles) for url, items in users.items()}
