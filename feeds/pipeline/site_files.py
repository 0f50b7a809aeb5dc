"""The files that there is one of: the catalogue, the lists for readers, the front page with what web pages need."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from feeds.model import Artifact, FeedSummary
from feeds.model.feed import with_site
from feeds.pipeline.drafts import Drafts
from feeds.pipeline.order import BuildOrder
from feeds.publish import digest
from feeds.store import Store
from feeds.store.feeds import FeedRow

OUTLINES = {"feeds.opml": "", "topics.opml": "topic", "providers.opml": "provider"}


def site_files(
    order: BuildOrder, store: Store, drafts: Drafts, rows: Sequence[FeedRow], gone: Sequence[str], *, front: bool
) -> Iterator[Artifact]:
    """Yield these files for feeds as they are published; `gone` are the keys of those that are not any more."""
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
        if order.health:
            from feeds.pipeline.upkeep import public_upkeep  # noqa: PLC0415  see health_digest

            yield render_health(public_upkeep(store, order.sources, order.now), order.site, order.look)


def health_digest(order: BuildOrder, store: Store) -> str:
    """Return what the page for the operator is made of, hashed; "" where there is none."""
    if not order.health or order.look is None:
        return ""
    from feeds.pipeline.upkeep import public_upkeep  # noqa: PLC0415  what checks links brings much with it

    return digest(repr(public_upkeep(store, order.sources, order.now)).encode("utf-8", "backslashreplace"))


def _title(order: BuildOrder, kind: str) -> str:
    return with_site({"": "Feeds", "topic": "Topics", "provider": "Providers"}[kind], order.site.title)


def _summary(row: FeedRow, drafts: Drafts) -> FeedSummary:
    updated = datetime.fromtimestamp(row.updated, UTC) if row.updated is not None else None
    return FeedSummary(drafts.spec(row, ()), row.count, updated)
