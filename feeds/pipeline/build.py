"""Build the feeds: the one path that one-shot, cron and daemon all take."""

import json

from feeds.pipeline.group import group, grouped
from feeds.pipeline.ingest import ingest
from feeds.pipeline.order import BuildOrder, BuildReport, Ports
from feeds.pipeline.release import release
from feeds.pipeline.retell import retell
from feeds.pipeline.settle import settle


def build(order: BuildOrder, ports: Ports) -> BuildReport:
    """Bring the published feeds in line with the records, and tell what that took."""
    report = BuildReport()
    store = ports.store
    again = store.meta.get("rules") != order.rules_digest
    if again:
        with store.transaction():
            # Every story may read differently now, so every place in every feed is given out anew.
            store.items.leave_all()
            store.identities.unsettle_all()
    changed = ingest(order, ports, report, again=again)
    changed |= retell(order, ports)
    changed |= settle(order, ports, again=again)
    if group(order, ports):
        settle(order, ports, again=False)
    grouped(order, ports)
    if again:
        with store.transaction():
            store.history.restore(int(store.meta.get("released", "0")), order.now)
            store.feeds.mark_all()
            store.meta.put("rules", order.rules_digest)
    release(order, ports, report)
    _count(order, ports, report, changed=changed or again)
    return report


def _count(order: BuildOrder, ports: Ports, report: BuildReport, *, changed: bool) -> None:
    """Fill in the counts: kept from the last build where nothing changed, for counting 100,000 rows takes longer."""
    store = ports.store
    kept = store.meta.get("counts")
    if changed or report.written or report.deleted or not kept:
        records, held_back = store.documents.counts()
        kept = json.dumps([records, held_back, store.items.count(order.now)])
        with store.transaction():
            store.meta.put("counts", kept)
    report.records, report.held_back, report.items = json.loads(kept)
    report.problems = store.documents.problems()
