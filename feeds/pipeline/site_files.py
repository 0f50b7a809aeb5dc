"""The files that there is one of: the catalogue, the lists for readers, the front page with what web pages need."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feeds.model import Artifact, FeedSummary
from feeds.model.feed import with_site
from feeds.pipeline.drafts import Drafts
from feeds.pipeline.order import BuildOrder
from feeds.store import Store
from feeds.store.feeds import FeedRow

if TYPE_CHECKING:
    from feeds.render.pages import HealthFacts

OUTLINES = {"feeds.opml": "", "topics.opml": "topic", "providers.opml": "provider"}


def site_files(
    order: BuildOrder,
    drafts: Drafts,
    rows: Sequence[FeedRow],
    gone: Sequence[str],
    upkeep: "HealthFacts | None",
    *,
    front: bool,
) -> Iterator[Artifact]:
    """Yield these files for feeds as they are published; `gone` are the keys of those that are not any more.

    `upkeep` is what the page for the operator tells, None for no such page; `front` asks for a front page.
    """
    from feeds.render import render_catalogue, render_opml  # noqa: PLC0415  feedgen costs 60 ms

    shown = [row for row in rows if row.files != "{}"]
    summaries = [_summary(row, drafts) for row in shown]
    yield render_catalogue(summaries, order.site, gone)
    for name, kind in OUTLINES.items():
        wanted = [each for each in summaries if kind in {"", each.spec.kind}]
        yield render_opml(name, _title(order, kind), wanted, order.site, pages=order.look is not None)
    if order.look:
        from feeds.render.pages import IndexRow, assets, render_health, render_index  # noqa: PLC0415  Jinja2 likewise

        pairs = zip(shown, summaries, strict=True)
        listed = [IndexRow(each.spec, row.total, each.updated) for row, each in pairs]
        if front:
            yield render_index(listed, order.site, order.look)
        yield from assets(order.look)
        if upkeep:
            yield render_health(upkeep, order.site, order.look)


def health_facts(order: BuildOrder, store: Store) -> "HealthFacts | None":
    """Return what the published page for the operator tells, None where there is none."""
    if not order.health or order.look is None:
        return None
    from feeds.pipeline.upkeep import public_upkeep  # noqa: PLC0415  what checks links brings much with it

    return public_upkeep(store, order.sources, order.now)


def _title(order: BuildOrder, kind: str) -> str:
    return with_site({"": "Feeds", "topic": "Topics", "provider": "Providers"}[kind], order.site.title)


def _summary(row: FeedRow, drafts: Drafts) -> FeedSummary:
    updated = datetime.fromtimestamp(row.updated, UTC) if row.updated is not None else None
    return FeedSummary(drafts.spec(row, ()), row.count, updated)
