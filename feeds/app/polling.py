"""Ask remote feeds whether they have something new, and keep what they say; the next build acts on it.

A source that fails must never cost another one anything.
"""

import asyncio
import base64
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds.app.client import web_client
from feeds.app.leases import leased
from feeds.app.stopping import unless_stopped
from feeds.app.ticks import POLL, noted
from feeds.config.source_settings import SourceSettings, sources_of
from feeds.errors import UsageError
from feeds.links.hosts import retry_after
from feeds.model.source import Source
from feeds.pipeline.poll import Keeping, PollResult, keep_polls
from feeds.remote.encoding import decode_source
from feeds.remote.outcome import Fetched, remembered
from feeds.store import Store, open_store
from feeds.store.sources import SourceRow
from feeds.web.fetch import Document, fetch
from feeds.web.limits import Limits

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.web.client import WebClient

Watch = Callable[[int, int], None]

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, "
    "text/xml;q=0.8, */*;q=0.5"
)
# One transaction for so many answers, or for so many seconds: a commit for each would be half of what a 304 costs.
BATCH, BATCH_SECONDS = 100, 0.5
BUSY = frozenset((429, 503))


@dataclass(frozen=True, slots=True)
class PollReport:
    """What a poll found: a result for every source asked, and how many were due but belong to a host that is busy.

    `paused` are those that were asked though they are paused, for they were named.
    """

    results: tuple[PollResult, ...]
    postponed: int = 0
    paused: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[PollResult, ...]:
        """Return the sources that could not be read."""
        return tuple(result for result in self.results if result.fault)

    @property
    def news(self) -> int:
        """Return how many entries are new, changed or gone."""
        return sum(result.new + result.changed + result.dropped for result in self.results)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands, for people. Times are seconds since 1970, 0 for never; `due` is None once it is retired."""

    polled: int = 0
    due: int | None = 0
    result: str = ""
    fails: int = 0
    entries: int = 0
    moved_to: str = ""


def run_poll(
    loaded: "Loaded",
    names: Sequence[str] = (),
    *,
    everything: bool = False,
    watch: Watch | None = None,
    stopped: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.time,
) -> PollReport:
    """Ask the sources that are due, or those of these names, or all, and keep what they say.

    One that is paused is asked only if it is named: who types its name means it. Interrupted, it keeps all that was
    answered. Raises UsageError for a name that is none, and StateError.
    """
    wanted = _named(loaded, names)
    store = open_store(loaded.state_url)
    try:
        due = _due(store, wanted, int(clock()), everything=everything, named=bool(names))
        if not due:
            return PollReport(())
        with leased(store, POLL), noted(store, POLL, clock) as note:
            poll = _Poll(loaded, store, due, watch, clock)
            asyncio.run(unless_stopped(poll.run(), stopped) if stopped else poll.run())
            results = tuple(poll.results)
            paused = tuple(result.source.id for result in results if result.source.paused)
            report = PollReport(results, poll.postponed, paused)
            note.detail = f"{len(report.results):,} asked, {report.news:,} news, {len(report.failed):,} failed"
            return report
    finally:
        store.close()


def source_states(loaded: "Loaded") -> Mapping[str, SourceState]:
    """Return how every source that was ever asked stands, by id."""
    store = open_store(loaded.state_url)
    try:
        counts = store.sources.counts()
        return {name: _state(row, counts.get(name, 0)) for name, row in store.sources.all().items()}
    finally:
        store.close()


def next_due(store: Store, loaded: "Loaded") -> float | None:
    """Return when the next source is due, None where there is none (seconds since 1970)."""
    rows = store.sources.all()
    times = [rows[source.id].due if source.id in rows else 0 for source in _sources(loaded) if not source.paused]
    return min(times, default=None)


def _state(row: SourceRow, entries: int) -> SourceState:
    memory = decode_source(row.body)
    moved = memory.url if memory and memory.url != memory.configured else ""
    retired = memory is not None and memory.retired
    return SourceState(row.polled, None if retired else row.due, row.detail, row.fails, entries, moved)


def _sources(loaded: "Loaded") -> tuple[Source, ...]:
    return sources_of(loaded.sources, loaded.settings.polling)


def _named(loaded: "Loaded", names: Sequence[str]) -> list[tuple[Source, SourceSettings]]:
    pairs = list(zip(_sources(loaded), loaded.sources, strict=True))
    known = {name for source, _ in pairs for name in (source.id, source.url)}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"there is no source {unknown[0]!r}; see them all: feeds sources list")
    return [(source, given) for source, given in pairs if not names or {source.id, source.url} & set(names)]


def _due(
    store: Store, wanted: Sequence[tuple[Source, SourceSettings]], now: int, *, everything: bool, named: bool
) -> list["_Asked"]:
    rows = store.sources.all()
    due = []
    for source, given in wanted:
        row = rows.get(source.id, SourceRow(source.id))
        held = decode_source(row.body)
        memory = remembered(held, source)
        moved_by_hand = held is not None and held.configured != source.url
        if named or (not source.paused and (everything or row.due <= now or moved_by_hand)):
            due.append((row.due, _Asked(source, given, memory.url, memory.etag, memory.last_modified)))
    return [asked for _, asked in sorted(due, key=lambda pair: (pair[0], pair[1].source.id))]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A source to ask: where, and what it was when it last answered."""

    source: Source
    given: SourceSettings
    url: str
    etag: str
    last_modified: str


@dataclass(slots=True)
class _Poll:
    """One run: a host is asked one thing at a time, and many hosts at once."""

    loaded: "Loaded"
    store: Store
    due: list[_Asked]
    watch: Watch | None
    clock: Callable[[], float]
    results: list[PollResult] = field(default_factory=list)
    postponed: int = 0
    _answered: list[tuple[Source, Fetched]] = field(default_factory=list)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Ask all of them; whatever ends it early, what was answered is kept."""
        polling = self.loaded.settings.polling
        lanes: dict[str, deque[_Asked]] = defaultdict(deque)
        for asked in self.due:
            lanes[urlsplit(asked.url).netloc].append(asked)
        limits = Limits(total=float(polling.timeout_seconds), first_byte=float(polling.timeout_seconds))
        waiting = deque(lanes.values())
        async with web_client(self.loaded, limits=limits) as client:
            workers = [asyncio.create_task(self._work(client, waiting)) for _ in range(polling.concurrency)]
            keeper = asyncio.create_task(self._keep_now_and_then())
            try:
                await asyncio.gather(*workers)
            finally:
                for task in (*workers, keeper):
                    task.cancel()
                *_, kept = await asyncio.gather(*workers, keeper, return_exceptions=True)
                self._keep()
        if isinstance(kept, Exception):  # the state could not be written for a while
            raise kept

    async def _work(self, client: "WebClient", waiting: deque[deque[_Asked]]) -> None:
        while waiting:
            lane = waiting.popleft()
            while lane:
                fetched = await self._ask(client, lane.popleft())
                if fetched.status in BUSY and retry_after(fetched.headers.get("retry-after", ""), int(self.clock())):
                    self.postponed += len(lane)  # they stay due; whoever asks next hears the same from one of them
                    break

    async def _ask(self, client: "WebClient", asked: _Asked) -> Fetched:
        held = {"if-none-match": asked.etag, "if-modified-since": asked.last_modified}
        headers = {"accept": ACCEPT, **{name: value for name, value in held.items() if value}}
        most = self.loaded.settings.polling.max_bytes
        try:
            secret = _secret(asked.given, self.loaded.environ)
        except KeyError as missing:
            found = Fetched(0, {}, error=f"the environment variable {missing.args[0]} is not set")
        else:
            document = await fetch(client, asked.url, headers, secret=secret, most=most)
            found = await _read(document, self._reading)
        self._answered.append((asked.source, found))
        if len(self._answered) >= BATCH:
            self._keep()
        return found

    async def _keep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(BATCH_SECONDS)
            self._keep()

    def _keep(self) -> None:
        answered, self._answered = self._answered, []
        if answered:
            polling = self.loaded.settings.polling
            keeping = Keeping(polling.retention_days, polling.retention_entries, self.loaded.tracking)
            self.results += keep_polls(self.store, answered, keeping, int(self.clock()))
            if self.watch:
                self.watch(len(self.results), len(self.due))


async def _read(document: Document, turn: asyncio.Lock) -> Fetched:
    if document.error or document.status != 200:
        return Fetched(document.status, document.headers, document.error, document.moved)
    from feeds.remote.parse import parse_feed  # noqa: PLC0415  feedparser costs 100 ms, which a 304 must not pay

    kind = document.headers.get("content-type", "")
    try:
        # In a thread, so that the clocks of other requests go on. One at a time: threads that parse take turns at one
        # interpreter, and six of them cost 140 ms of CPU a feed where one costs 106, and 24 MiB more.
        async with turn:
            feed = await asyncio.to_thread(parse_feed, document.body, kind, document.url)
    except Exception as error:  # noqa: BLE001 - whatever one feed does to its parsers, the others are read
        return Fetched(document.status, document.headers, f"cannot be read: {type(error).__name__}")
    return Fetched(document.status, document.headers, moved=document.moved, feed=feed)


def _secret(given: SourceSettings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that let us in. Raises KeyError for a variable that is not set."""
    headers = {name.lower(): environ[variable] for name, variable in given.headers_env.items()}
    if given.token_env:
        headers["authorization"] = f"Bearer {environ[given.token_env]}"
    if given.username_env and given.password_env:
        both = f"{environ[given.username_env]}:{environ[given.password_env]}"
        headers["authorization"] = "Basic " + base64.b64encode(both.encode()).decode()
    return headers
