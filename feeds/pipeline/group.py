"""Group the items that tell one story, so that the feeds of many carry it once: with its leader, who names the others.

Must never change an id, a date or a provider's own feed.
"""

from feeds.pipeline.order import BuildOrder, Ports
from feeds.store import Store


def group(order: BuildOrder, ports: Ports) -> bool:
    """Bring the groups in line with the items; return whether an item has to be settled anew for it."""
    store = ports.store
    if not order.group:
        return _disband(store)
    turn, last = store.meta.get("turn", "0"), store.meta.get("grouped", "0")
    if turn == last:
        return False
    from feeds.pipeline.grouping import regroup  # noqa: PLC0415  17 ms that an unchanged build must not pay

    changed = store.groups.changed_since(int(last))
    return bool(changed) and regroup(store, order, changed)


def grouped(order: BuildOrder, ports: Ports) -> None:
    """Note that all that was settled so far is grouped, or, where nothing is to be, that nothing is."""
    turn = ports.store.meta.get("turn", "0") if order.group else "0"
    if ports.store.meta.get("grouped", "0") != turn:
        with ports.store.transaction():
            ports.store.meta.put("grouped", turn)


def _disband(store: Store) -> bool:
    if not store.groups.any():
        return False
    with store.transaction():
        members = store.groups.all_items()
        store.groups.clear()
        store.links.touch(members)
    return True
