"""Rendered items, shared by all documents that show them: each is rendered once, as long as there is room for it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from feeds.items.encoding import decode_story
from feeds.items.merge import item as item_of
from feeds.model import WindowRow
from feeds.pipeline.drafts import Draft
from feeds.pipeline.order import BuildOrder
from feeds.store.items import Items

if TYPE_CHECKING:
    from feeds.render import Entry

# Some 6 KB each. Documents that show the same come near each other; what was dropped is rendered again.
KEPT = 12_000


class Entries:
    """The items of the documents at hand, as feeds and as web pages show them."""

    def __init__(self, order: BuildOrder, items: Items) -> None:
        self._site, self._look, self._on = order.site, order.look, order.page_items
        self._items = items
        self._entries: dict[str, Entry] = {}
        self._cards: dict[str, str] = {}
        self.rendered = 0

    def load(self, drafts: Iterable[Draft]) -> None:
        """Have ready what these documents show, and let go of what was ready first if there is too much."""
        shown = {row.id for draft in drafts for row in draft.window}
        carded = {row.id: row.verdict for draft in drafts for row in self._on_page(draft)}
        self._trim()
        entries, cards = shown - self._entries.keys(), carded.keys() - self._cards.keys()
        self._render(entries, {key: carded[key] for key in cards})
        self.rendered += len(entries)

    def take(self, draft: Draft) -> tuple[list["Entry"], list[str]]:
        """Return the entries of a document and the cards of its web page."""
        return [self._entries[row.id] for row in draft.window], [self._cards[row.id] for row in self._on_page(draft)]

    def _render(self, entries: set[str], cards: dict[str, str]) -> None:
        from feeds.render import render_entry  # noqa: PLC0415  feedgen costs 60 ms, not for builds without changes

        if cards:
            from feeds.render.pages import render_card  # noqa: PLC0415  Jinja2 likewise
        for row in self._items.get(sorted(entries | cards.keys())).values():
            if row.story is not None:
                item = item_of(row.id, decode_story(row.story), row.published, row.updated)
                if row.id in entries:
                    self._entries[row.id] = render_entry(item, self._site)
                if row.id in cards and self._look:
                    self._cards[row.id] = render_card(item, self._site, self._look, cards[row.id])

    def _trim(self) -> None:
        for kept in (self._entries, self._cards):
            for key in list(kept)[: max(0, len(kept) - KEPT)]:
                del kept[key]

    def _on_page(self, draft: Draft) -> Sequence[WindowRow]:
        return draft.window[: self._on] if draft.standing else ()
