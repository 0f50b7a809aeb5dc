"""The feeds by what they are about: gives a new topic or provider its address, once and for ever."""

from collections.abc import Iterable
from dataclasses import replace

from feeds.items.slugs import assign, fold
from feeds.pipeline.order import BuildOrder
from feeds.selection import Carrier
from feeds.store.feeds import FeedRow, Feeds

EVERYTHING = Carrier("all", "", "")


class FeedBook:
    """Every feed there is or was. New ones are kept at once; call inside a transaction."""

    def __init__(self, feeds: Feeds, order: BuildOrder) -> None:
        self._feeds, self._order = feeds, order
        self._rows = {(row.kind, row.ref): row for row in feeds.all()}
        self._next = max((row.id for row in self._rows.values()), default=0) + 1

    def number(self, carrier: Carrier) -> int:
        """Return the number of a feed that was learned before."""
        return self._rows[carrier.kind, carrier.ref].id

    def learn(self, carriers: Iterable[Carrier]) -> None:
        """Make sure these feeds have an address."""
        new = {(c.kind, c.ref): c for c in (EVERYTHING, *carriers) if (c.kind, c.ref) not in self._rows}
        if not new:
            return
        slugs = self._slugs({ref: carrier.label for (kind, ref), carrier in new.items() if kind == "topic"})
        rows = []
        for kind, ref in sorted(new):
            # A custom feed or a provider may be called like a topic, whose slug is nothing to it.
            rows.append(FeedRow(self._next, kind, ref, _key(kind, slugs[ref] if kind == "topic" else ref)))
            self._next += 1
        self._keep(rows)

    def rename(self) -> None:
        """Give topics the slugs the taxonomy has for them now; the others keep theirs, or make room."""
        topics = {row.ref: row for (kind, _), row in self._rows.items() if kind == "topic"}
        configured = self._configured()
        taken = set(configured.values())
        kept = {ref: _slug(row) for ref, row in topics.items() if ref not in configured and _slug(row) not in taken}
        homeless = [ref for ref in topics if ref not in configured and ref not in kept]
        slugs = {**kept, **configured, **assign(homeless, {**kept, **configured})}
        moved = [replace(r, key=_key("topic", slugs[ref])) for ref, r in topics.items() if _slug(r) != slugs[ref]]
        # Two topics may swap slugs, and a key is unique at every moment.
        self._keep([replace(row, key=f"~{row.id}") for row in moved])
        self._keep(moved)

    def _slugs(self, topics: dict[str, str]) -> dict[str, str]:
        taken = {ref: _slug(row) for (kind, ref), row in self._rows.items() if kind == "topic"}
        taken = {**self._configured(), **taken}
        return {**assign((ref for ref in topics if ref not in taken), taken), **taken}

    def _configured(self) -> dict[str, str]:
        topics = self._order.rules.taxonomy.topics
        return {ref: entry.slug for ref, entry in topics.items() if _is_main(ref, entry.name)}

    def _keep(self, rows: list[FeedRow]) -> None:
        self._rows.update({(row.kind, row.ref): row for row in rows})
        self._feeds.put(rows)


def _is_main(ref: str, name: str) -> bool:
    return fold(name) == ref


def _key(kind: str, slug: str) -> str:
    return {"all": "all", "topic": f"topics/{slug}", "provider": f"providers/{slug}", "custom": slug}[kind]


def _slug(row: FeedRow) -> str:
    return row.key.partition("/")[2]
