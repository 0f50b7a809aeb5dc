"""Put a build together from the settings: open what it works through, hold the lease, close everything again."""

import os
import time
from typing import TYPE_CHECKING

from feeds.app.leases import leased
from feeds.app.orders import build_order
from feeds.app.ticks import BUILD, noted
from feeds.errors import UsageError
from feeds.pipeline import BuildReport, Ports, build

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.pipeline.order import Engine, Progress


def run_build(loaded: "Loaded", progress: "Progress", now_ns: int | None = None, *, wait: float = 0) -> BuildReport:
    """Build once with these settings, as of `now_ns` (nanoseconds since 1970; None is the present).

    Waits so many seconds for another build to end. Raises UsageError, LeaseHeld, StateError or PublishError, and
    whatever `progress` raises to have it stop.
    """
    from feeds.sinks.folder import FolderSink  # noqa: PLC0415  nor shutil, where nothing is built
    from feeds.store import open_store  # noqa: PLC0415  SQLAlchemy costs 150 ms

    see_to_records(loaded)
    store = open_store(loaded.state_url)
    clock = time.time if now_ns is None else (lambda: now_ns / 1e9)
    try:
        with leased(store, BUILD, wait) as renew, noted(store, BUILD, clock) as note:

            def step(name: str, done: int, total: int) -> None:
                renew()
                progress(name, done, total)

            # Only now: what another build published while this one waited must not seem to come from the future.
            order = build_order(loaded, time.time_ns() if now_ns is None else now_ns)
            sink = FolderSink(loaded.out, loaded.settings.feeds.encodings)
            report = build(order, Ports(store, sink, engine_for(loaded.settings.jobs), step))
            note.detail = f"{len(report.written)} written, {len(report.deleted)} removed"
            return report
    finally:
        store.close()


def see_to_records(loaded: "Loaded") -> None:
    """Raise UsageError where a folder of records is missing: without it every feed would be emptied."""
    for root in loaded.record_roots:
        if not root.is_dir():
            raise UsageError(f"records: there is no folder {root}; name one: feeds build RECORDS_DIR")


def engine_for(jobs: int) -> "Engine":
    """Return who reads records: so many processes, 0 for as many as turn out to be worth it."""
    from feeds.engine import AutomaticEngine, InlineEngine  # noqa: PLC0415  for a build only

    if jobs == 1:
        return InlineEngine()
    if not jobs:
        return AutomaticEngine(os.cpu_count() or 1)
    from feeds.engine.processes import ProcessEngine  # noqa: PLC0415  nor multiprocessing, where one process is enough

    return ProcessEngine(jobs)
