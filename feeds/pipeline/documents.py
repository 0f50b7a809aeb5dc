"""Render drafts and stage what differs from what is published."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feeds.model import Artifact
from feeds.pipeline.drafts import Draft
from feeds.pipeline.entries import Entries
from feeds.pipeline.order import BuildOrder, BuildReport, Ports
from feeds.publish import plan
from feeds.store.feeds import FeedRow
from feeds.store.history import PageRow
from feeds.store.rows import chunks

if TYPE_CHECKING:
    from feeds.render.pages import PageFacts

BATCH = 50
# Verdicts by which a web page says that a story's own page does not answer.
FAILING = frozenset({"dead", "suspect"})


class Documents:
    """What one release writes. `delete` are paths to be deleted, unless something else is published there."""

    def __init__(self, order: BuildOrder, ports: Ports, report: BuildReport, damaged: frozenset[str]) -> None:
        self._order, self._report, self._damaged = order, report, damaged
        self._store, self._sink, self._progress = ports.store, ports.sink, ports.progress
        self._entries = Entries(order, ports.store.items)
        self._done = 0
        self.delete: list[str] = []

    def render(self, drafts: Iterable[Draft | None], of: int) -> Iterator[FeedRow | PageRow]:
        """Render and stage these documents; yield their rows with the digests of their files.

        None stands for one that need not be made; `of` is how many there are in all, for the progress. Drafts are asked
        for as they are needed: an archive has too many to hold.
        """
        for part in chunks(drafts, BATCH):
            wanted = [draft for draft in part if draft]
            self._entries.load(wanted)
            for draft in wanted:
                manifest = self.stage(self._files(draft), json.loads(draft.row.files))
                yield replace(draft.row, files=json.dumps(manifest))
            self._done += len(part)
            self._progress("publishing", self._done, of)
        self._report.rendered = self._entries.rendered

    def _files(self, draft: Draft) -> list[Artifact]:
        from feeds.render import render_feed  # noqa: PLC0415  feedgen costs 60 ms, not for builds without changes

        order = self._order
        shown, cards = self._entries.take(draft)
        updated = datetime.fromtimestamp(draft.updated, UTC)
        documents = render_feed(
            draft.spec,
            updated,
            order.site,
            shown,
            credit=order.providers,
            paging=draft.paging,
            tombstones=draft.tombstones,
        )
        return [*documents, *self._web_page(draft, cards)]

    def _web_page(self, draft: Draft, cards: Sequence[str]) -> Iterator[Artifact]:
        if draft.standing and self._order.look:
            from feeds.render.pages import render_page  # noqa: PLC0415  Jinja2 likewise

            yield render_page(_facts(draft, self._order.page_items), cards, self._order.site, self._order.look)

    def stage(self, files: Iterable[Artifact], published: dict[str, str]) -> dict[str, str]:
        """Stage those of these files that differ from those published (path to digest); return them likewise."""
        todo = plan(tuple(files), published, self._damaged)
        self._report.written += [artifact.path for artifact in todo.write if self._sink.stage(artifact)]
        self.delete += todo.delete
        return dict(todo.manifest)


def _facts(draft: Draft, on_page: int) -> "PageFacts":
    from feeds.render.pages import PageFacts  # noqa: PLC0415  see above

    standing = draft.standing
    assert standing is not None
    moments = [datetime.fromtimestamp(at, UTC) if at is not None else None for at in (draft.updated, standing.newest)]
    updated, newest = moments if draft.window else (None, None)
    failing = sum(row.verdict in FAILING for row in draft.window[:on_page])
    return PageFacts(draft.spec, standing.total, len(draft.window), updated, newest, standing.activity, dead=failing)
