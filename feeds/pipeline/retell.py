"""Turn what remote entries say into sightings, like those of records: the ones that changed, or all after new settings.

Must never ask anybody: what was polled is in the state.
"""

from feeds.pipeline.order import BuildOrder, Ports

BATCH = 500


def retell(order: BuildOrder, ports: Ports) -> bool:
    """Bring the sightings of remote entries in line with what was polled; return whether any changed."""
    store = ports.store
    if store.meta.get("sources") != order.sources_digest:
        with store.transaction():
            store.sources.mark_all()
            store.meta.put("sources", order.sources_digest)
    if not store.sources.is_stale():
        return False
    from feeds.pipeline.telling import Teller, document_name  # noqa: PLC0415  20 ms that other builds must not pay

    teller, done = Teller(store, {source.id: source for source in order.sources}, order.rules), 0
    while batch := store.sources.stale(BATCH):
        rows = store.sources.get(batch)
        told = {key: teller.document(rows[key]) if key in rows else None for key in batch}
        with store.transaction():
            store.documents.remove([document_name(*key) for key, row in told.items() if row is None])
            store.documents.replace([row for row in told.values() if row is not None])
            store.sources.unmark(batch)
        done += len(batch)
        ports.progress("telling", done, done)
    return True
