"""What one poll means for its source: when it is asked again, where it is now, and what its people are told.

Must never take an error page for news: whatever is no feed costs the source a failure, and its entries nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feeds.links.hosts import retry_after
from feeds.model.remote import NotAFeed, RemoteFeed
from feeds.model.source import Source
from feeds.remote.interval import Bounds, Move, Wishes, is_confirmed, next_poll, seen_moved
from feeds.remote.mend import BROKEN_OFF

# Later than any clock will show: a retired source is not due again by itself.
NEVER = 2**62
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_LATEST = 20


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What is remembered of a source. Times are seconds since 1970.

    `configured` is the address the settings gave and `url` where it is asked, which may have moved since. `published`
    are the times of its latest entries, `unchanged` how many polls in a row brought nothing. `etag` and
    `last_modified` are as the server sent them, for it alone knows what they mean; "" where it sent none, or where the
    feed broke off: a 304 would hide what is missing for good.
    """

    configured: str
    url: str
    title: str = ""
    home: str = ""
    language: str = ""
    etag: str = ""
    last_modified: str = ""
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    published: tuple[int, ...] = ()
    unchanged: int = 0
    move: Move = field(default_factory=Move)
    retired: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking: `feed` is None where the server said that nothing changed, or where it failed.

    `moved` is where it was found, if every redirect on the way was for good, else "".
    """

    status: int
    headers: Mapping[str, str]
    error: str = ""
    moved: str = ""
    feed: RemoteFeed | NotAFeed | None = None

    @property
    def fault(self) -> str:
        """Return what went wrong, "" for nothing."""
        if self.error:
            return self.error
        if isinstance(self.feed, NotAFeed):
            return f"no feed: {self.feed.reason}"
        return "" if self.status in {200, 304} else f"http-{self.status}"


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll means: the new memory, when the source is due, and how often it has failed now."""

    memory: SourceMemory
    due: int
    fails: int
    detail: str


def remembered(memory: SourceMemory | None, source: Source) -> SourceMemory:
    """Return what still holds of a source; at another address than before, nothing does."""
    if memory is None or memory.configured != source.url:
        return SourceMemory(source.url, source.url)
    return memory


def outcome(
    memory: SourceMemory, source: Source, fetched: Fetched, fails: int, now: int, spread: float, *, changed: bool
) -> Polled:
    """Return what a poll means. `changed` says that it brought an entry, or another version of one.

    `spread` in 0..1 parts the sources that were asked in one moment; `fails` is how often it failed before.
    """
    if fetched.fault:
        return _failed(memory, source, fetched, fails + 1, now, spread)
    memory = _learned(_moved(memory, fetched, now), fetched)
    memory = replace(memory, unchanged=0 if changed else memory.unchanged + 1, retired=False)
    due = next_poll(
        memory.published, _bounds(source), now, spread=spread, wishes=_wishes(memory, fetched, now),
        unchanged=memory.unchanged,
    )  # fmt: skip
    said = "not modified" if fetched.status == 304 else _said(memory, fetched)
    return Polled(memory, NEVER if due is None else due, 0, said)


def _failed(memory: SourceMemory, source: Source, fetched: Fetched, fails: int, now: int, spread: float) -> Polled:
    if fetched.status == 410 and not fetched.error:
        return Polled(replace(memory, retired=True), NEVER, fails, "http-410: gone for good; it is not asked any more")
    if memory.retired:  # asked by hand; that it fails in another way now is no reason to go on asking
        return Polled(memory, NEVER, fails, fetched.fault)
    wishes = Wishes(retry_at=retry_after(fetched.headers.get("retry-after", ""), now))
    due = next_poll((), _bounds(source), now, spread=spread, wishes=wishes, errors=fails)
    return Polled(memory, NEVER if due is None else due, fails, fetched.fault)


def _bounds(source: Source) -> Bounds:
    return Bounds(source.shortest, source.longest)


def _wishes(memory: SourceMemory, fetched: Fetched, now: int) -> Wishes:
    found = _MAX_AGE.search(fetched.headers.get("cache-control", ""))
    return Wishes(
        memory.ttl,
        int(found[1]) if found else 0,
        frozenset(memory.skip_hours),
        frozenset(memory.skip_days),
        retry_after(fetched.headers.get("retry-after", ""), now),
    )


def _moved(memory: SourceMemory, fetched: Fetched, now: int) -> SourceMemory:
    """Believe a redirect for good once it was seen often enough; then it is asked there."""
    if not fetched.moved:
        return replace(memory, move=Move())
    move = seen_moved(memory.move, fetched.moved, now)
    if is_confirmed(move, now):
        return replace(memory, url=move.target, move=Move())
    return replace(memory, move=move)


def _learned(memory: SourceMemory, fetched: Fetched) -> SourceMemory:
    feed = fetched.feed
    if not isinstance(feed, RemoteFeed):
        return memory
    whole = BROKEN_OFF not in feed.faults
    times = sorted((int(each.published.timestamp()) for each in feed.entries if each.published), reverse=True)
    return replace(
        memory,
        title=feed.title,
        home=feed.home,
        language=feed.language,
        etag=fetched.headers.get("etag", "") if whole else "",
        last_modified=fetched.headers.get("last-modified", "") if whole else "",
        ttl=feed.ttl,
        skip_hours=tuple(sorted(feed.skip_hours)),
        skip_days=tuple(sorted(feed.skip_days)),
        published=tuple(times[:_LATEST]),
        faults=feed.faults,
    )


def _said(memory: SourceMemory, fetched: Fetched) -> str:
    count = len(fetched.feed.entries) if isinstance(fetched.feed, RemoteFeed) else 0
    return "; ".join((f"{count:,} entr{'y' if count == 1 else 'ies'}", *memory.faults))
