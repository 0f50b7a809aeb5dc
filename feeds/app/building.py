"""Put a build together from the settings: open what it works through, hold the lease, close everything again."""

import os
import time
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds import __version__
from feeds.app.leases import leased
from feeds.app.link_policy import link_policy
from feeds.app.ticks import BUILD, noted
from feeds.config.source_settings import sources_of
from feeds.errors import UsageError
from feeds.items.rules import Rules
from feeds.pipeline import BuildOrder, BuildReport, Ports, build
from feeds.selection import TURN, Share
from feeds.sources.folder import Roots

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.pipeline.order import Engine, Progress

DAY = 86_400


def run_build(loaded: "Loaded", progress: "Progress", now_ns: int | None = None, *, wait: float = 0) -> BuildReport:
    """Build once with these settings, as of `now_ns` (nanoseconds since 1970; None is the present).

    Waits so many seconds for another build to end. Raises UsageError, LeaseHeld, StateError or PublishError, and
    whatever `progress` raises to have it stop.
    """
    from feeds.sinks.folder import FolderSink  # noqa: PLC0415  nor shutil, where nothing is built
    from feeds.store import open_store  # noqa: PLC0415  SQLAlchemy costs 150 ms

    for root in loaded.record_roots:
        if not root.is_dir():
            raise UsageError(f"records: there is no folder {root}; name one: feeds build RECORDS_DIR")
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
            report = build(order, Ports(store, sink, _engine(loaded.settings.jobs), step))
            note.detail = f"{len(report.written)} written, {len(report.deleted)} removed"
            return report
    finally:
        store.close()


def build_order(loaded: "Loaded", now_ns: int) -> BuildOrder:
    """Return the order that these settings mean."""
    settings = loaded.settings
    rules = Rules(
        taxonomy=loaded.taxonomy,
        zone=ZoneInfo(settings.time_zone),
        related=settings.related,
        include_unpublished=settings.include_unpublished,
        undated_kinds=frozenset(settings.undated_kinds),
        relative_to=settings.relative_to,
        tracking=loaded.tracking,
    )
    sources = sources_of(loaded.sources, settings.polling)
    toggles = settings.feeds.topics, settings.feeds.providers, _acts(loaded)
    return BuildOrder(
        roots=_roots(loaded),
        rules=rules,
        rules_digest=_digest(__version__, _stable(rules), settings.record_bytes, toggles),
        site=loaded.site,
        site_digest=_digest(__version__, loaded.site, settings.feeds, _stable(rules)),
        now=now_ns // 1_000_000_000,
        now_ns=now_ns,
        links=link_policy(loaded),
        topics=settings.feeds.topics,
        providers=settings.feeds.providers,
        limit=settings.feeds.limit,
        share=Share(settings.feeds.provider_cap, TURN if settings.feeds.interleave else 0),
        max_age=(settings.feeds.max_age_days or 0) * DAY,
        record_bytes=settings.record_bytes,
        sources=sources,
        group=_groups(loaded),
        sources_digest=_digest(__version__, sources, _stable(rules)),
    )


def _roots(loaded: "Loaded") -> Roots:
    private = [loaded.out, loaded.project / "config"]
    return Roots(tuple(map(str, loaded.record_roots)), str(loaded.project), tuple(map(str, private)))


def _groups(loaded: "Loaded") -> bool:
    """Tell whether to group: what people wrote side by side on purpose is left so unless they ask."""
    wish = loaded.settings.feeds.group_same_stories
    return bool(loaded.sources) if wish is None else wish


def _acts(loaded: "Loaded") -> object:
    links = loaded.settings.links
    actions = links.on_dead, links.on_suspect, links.on_blocked
    return actions, links.flag_after_days, links.follow_moves, bool(links.archive_url)


def _stable(rules: Rules) -> object:
    """Return the rules in a form whose repr is the same in every process: sets have no order of their own."""
    tracking = (sorted(rules.tracking.names), rules.tracking.prefixes)
    plain = replace(rules, undated_kinds=frozenset(), tracking=type(rules.tracking)(frozenset(), ()))
    return plain, sorted(rules.undated_kinds), tracking


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _engine(jobs: int) -> "Engine":
    from feeds.engine import AutomaticEngine, InlineEngine  # noqa: PLC0415  for a build only

    if jobs == 1:
        return InlineEngine()
    if not jobs:
        return AutomaticEngine(os.cpu_count() or 1)
    from feeds.engine.processes import ProcessEngine  # noqa: PLC0415  nor multiprocessing, where one process is enough

    return ProcessEngine(jobs)
