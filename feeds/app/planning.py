"""Have a build done for show: the very same steps, on a copy of the state, into a folder that is only looked at."""

import time
from typing import TYPE_CHECKING

from feeds.app.building import engine_for, see_to_records
from feeds.app.feed_names import named_key
from feeds.app.orders import build_order
from feeds.app.ticks import BUILD
from feeds.pipeline import Ports, build
from feeds.pipeline.foretell import Differences, item_changes
from feeds.pipeline.foretold import Foretold, only
from feeds.pipeline.places import feed_keys

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.pipeline.order import Progress


def run_plan(
    loaded: "Loaded", progress: "Progress", now_ns: int | None = None, *, feed: str = "", diffs: bool = False
) -> Foretold:
    """Return what the next build would do, as of `now_ns` (nanoseconds since 1970; None is the present).

    `feed` names the only feed to tell of, "" for all. Nothing is kept of it, and no lease is taken. Raises UsageError
    for a feed that there is neither now nor after that build, and what `run_build` raises.
    """
    from feeds.sinks.dry import DrySink  # noqa: PLC0415  as for a build
    from feeds.store.existing import existing_state  # noqa: PLC0415  SQLAlchemy costs 150 ms
    from feeds.store.rehearsal import rehearsal  # noqa: PLC0415

    see_to_records(loaded)
    order = build_order(loaded, time.time_ns() if now_ns is None else now_ns)
    differences = Differences(diffs=diffs)
    sink = DrySink(loaded.out, loaded.settings.feeds.encodings, differences.watch)
    with existing_state(loaded.state_url) as seen, rehearsal(loaded.state_url) as store:
        report = build(order, Ports(store, sink, engine_for(loaded.settings.jobs), progress))
        key = named_key(feed_keys(store), feed) if feed else ""
        before = seen.store if seen and seen.is_ours else None
        items = item_changes(before, store, order, differences)
        busy = before.leases.holder(BUILD, order.now) if before else ""
    busy = busy or _building(loaded.state_url, order.now)
    files = sorted(differences.found, key=lambda each: each.path)
    return only(Foretold(report, tuple(items), tuple(files), busy, key))


def _building(state_url: str, now: int) -> str:
    """Return who has begun to build since the plan did, or "": then its files are not those that were compared with."""
    from feeds.store.existing import existing_state  # noqa: PLC0415  as above

    with existing_state(state_url) as seen:
        return seen.store.leases.holder(BUILD, now) if seen and seen.is_ours else ""
