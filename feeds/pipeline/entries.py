"""Rendered items, shared by all documents that show them: each is rendered once and forgotten after its last use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.items.encoding import decode_story
from feeds.items.merge import item as item_of
from feeds.model import Item, WindowRow
from feeds.pipeline.drafts import Draft
from feeds.pipeline.order import BuildOrder
from feeds.store.items import Items

if TYPE_CHECKING:
    from feeds.render import Entry

# Some 6 KB each. An archive of 100,000 items shows each on several pages, far apart: what is dropped is rendered again.
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """An item as feeds and as web pages show it; `card` is "" where no page does."""

    entry: "Entry"
    card: str


class Entries:
    """The rendered items that documents still to come will show."""

    def __init__(self, order: BuildOrder, items: Items, drafts: Sequence[Draft]) -> None:
        self._site, self._look, self._on = order.site, order.look, order.page_items
        self._items = items
        self._uses = Counter(row.id for draft in drafts for row in draft.window)
        self._carded = {row.id for draft in drafts if draft.standing for row in self._on_page(draft)}
        self._ready: dict[str, Rendered] = {}
        self.rendered = 0

    def load(self, drafts: Sequence[Draft]) -> None:
        """Render what these documents show and is not at hand."""
        from feeds.render import render_entry  # noqa: PLC0415  feedgen costs 60 ms, not for builds without changes

        for key in list(self._ready)[: max(0, len(self._ready) - KEPT)]:
            del self._ready[key]
        wanted = {row.id for draft in drafts for row in draft.window} - self._ready.keys()
        for row in self._items.get(sorted(wanted)).values():
            if row.story is not None:
                item = item_of(row.id, decode_story(row.story), row.published, row.updated)
                card = self._card(item, row.verdict) if row.id in self._carded else ""
                self._ready[row.id] = Rendered(render_entry(item, self._site), card)
        self.rendered += len(wanted)

    def take(self, draft: Draft) -> tuple[list["Entry"], list[str]]:
        """Return the entries of a document and the cards of its web page, forgetting what no later one shows."""
        entries = [self._ready[row.id].entry for row in draft.window]
        cards = [self._ready[row.id].card for row in self._on_page(draft)] if draft.standing else []
        for row in draft.window:
            self._uses[row.id] -= 1
            if not self._uses[row.id]:
                del self._ready[row.id]
        return entries, cards

    def _on_page(self, draft: Draft) -> Sequence[WindowRow]:
        return draft.window[: self._on]

    def _card(self, item: Item, verdict: str) -> str:
        from feeds.render.pages import render_card  # noqa: PLC0415  Jinja2 likewise

        return render_card(item, self._site, self._look, verdict) if self._look else ""
