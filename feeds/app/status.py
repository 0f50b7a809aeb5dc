"""Read how things stand: what is published, what ran and when it runs next, what is wrong. Changes nothing.

Works beside a build that writes, and makes no state where there is none.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from feeds.app.leases import holder_name, is_dead
from feeds.app.remote_standing import remote_sources, unasked
from feeds.app.standing import FeedState, Holder, HubState, LinkStates, ProblemCount, Source, Status, Tick
from feeds.app.ticks import BUILD
from feeds.errors import FeedsError
from feeds.model.tree import CATALOGUE
from feeds.sources.folder import Roots

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.store import Store
    from feeds.store.existing import Seen
    from feeds.store.feeds import FeedRow
    from feeds.store.figures import Figures

# The lease of the daemon at work.
DAEMON = "daemon"


def read_status(loaded: "Loaded", now: int) -> Status:
    """Return how things stand with these settings; a state that cannot be read is a `fault`, not an exception."""
    from feeds.config.show import masked  # noqa: PLC0415  settings, and pydantic with them
    from feeds.store.existing import existing_state  # noqa: PLC0415  SQLAlchemy costs 150 ms

    there = (loaded.out / CATALOGUE).is_file()
    kept = masked(loaded.state_url).removeprefix("sqlite:///")
    blank = Status(now, kept, str(loaded.out), there, tuple(_sources(loaded, None)), remote=unasked(loaded.sources))
    try:
        with existing_state(loaded.state_url) as seen:
            return blank if seen is None else _seen(blank, seen, loaded)
    except FeedsError as error:
        return replace(blank, fault=masked(f"{error}"))


def _seen(blank: Status, seen: "Seen", loaded: "Loaded") -> Status:
    named = replace(blank, schema=seen.version)
    if not seen.is_ours:
        return replace(named, fault=f"the state has version {seen.version or 'none'}, another than this program's")
    return _with_links(_with_work(_with_counts(named, seen, loaded), seen.store, loaded), seen.figures)


def _with_counts(status: Status, seen: "Seen", loaded: "Loaded") -> Status:
    store = seen.store
    # Kept by the last build, for counting takes longer; a first build that was killed kept none.
    counts = store.meta.get("counts")
    records, held_back, items = json.loads(counts) if counts else (*store.documents.counts(), 0)
    return replace(
        status,
        sources=tuple(_sources(loaded, seen.figures)),
        state_bytes=seen.figures.size(),
        records=records,
        held_back=held_back,
        items=items,
        published=int(store.meta.get("released", "0")),
        next_item=store.items.next_due(status.now) or 0,
        problems=tuple(ProblemCount(*row) for row in seen.figures.problems()),
        feeds=tuple(_feeds(store.feeds.all())),
    )


def _with_work(status: Status, store: "Store", loaded: "Loaded") -> Status:
    return replace(
        status,
        daemon=_holder(store.leases.holder(DAEMON, status.now)),
        builder=_holder(store.leases.holder(BUILD, status.now)),
        ticks=tuple(Tick(**asdict(row)) for row in store.ticks.all().values()),
        hubs=tuple(_hubs(store, loaded.settings.push.hubs)),
        remote=remote_sources(loaded.sources, store.sources, status.now),
    )


def _with_links(status: Status, figures: "Figures") -> Status:
    counts = figures.links(status.now)
    due = sum(count.due for count in counts.values())
    return replace(status, links=LinkStates({name: count.links for name, count in counts.items()}, due))


def _sources(loaded: "Loaded", figures: "Figures | None") -> Iterator[Source]:
    roots = Roots((), str(loaded.project))
    for root in loaded.record_roots:
        yield Source(str(root), root.is_dir(), figures.records(roots.name(str(root))) if figures else 0)


def _holder(name: str) -> Holder:
    # A holder that is this very process lives, which `is_dead` must say of nobody who asks for the lease itself.
    return Holder(name, bool(name) and (name == holder_name() or not is_dead(name)))


def _feeds(rows: "Iterable[FeedRow]") -> Iterator[FeedState]:
    for row in rows:
        if row.is_out:
            yield FeedState(row.key, row.kind, row.title, row.count, row.updated or 0)


def _hubs(store: "Store", configured: tuple[str, ...]) -> Iterator[HubState]:
    waiting, known = store.pings.counts(), store.pings.hubs()
    for url in dict.fromkeys((*configured, *known)):
        row = known.get(url)
        rest = (row.due, row.good, row.fails, row.detail) if row else ()
        yield HubState(url, waiting.get(url, 0), *rest)
