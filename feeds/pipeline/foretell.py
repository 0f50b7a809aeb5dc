"""Tell what a build that was not kept has changed, and why: what was published before beside what would be now.

Only reads. Must never decide what a feed holds: that is read off the very files that the build would write.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from difflib import unified_diff
from typing import NamedTuple

from feeds.items.encoding import decode_sighting, decode_story
from feeds.items.provenance import in_words
from feeds.model import Story
from feeds.model.tree import feed_and_page
from feeds.pipeline.foretold import Difference, ItemChange
from feeds.pipeline.order import BuildOrder
from feeds.pipeline.windows import custom_of, is_configured, oldest
from feeds.selection import facts_of
from feeds.selection.query import decode, holds, why_not
from feeds.sinks.encodings import plain
from feeds.store import Store
from feeds.store.feeds import FeedRow
from feeds.store.items import ItemRow, Membership
from feeds.store.rows import chunks

# Each item is one line of each file, and this is how the line names it.
_ENTRIES = {
    "rss": re.compile(rb'^<item>.*?<guid isPermaLink="false">urn:uuid:([0-9a-f-]{36})</guid>'),
    "atom": re.compile(rb"^<entry[^>]*><id>urn:uuid:([0-9a-f-]{36})</id>"),
    "json": re.compile(rb'^\{"id":"urn:uuid:([0-9a-f-]{36})"'),
}
# The files that tell an item, and whether they hold it back.
Tellers = tuple[list[str], bool]
NOBODY: Tellers = ([], False)
# What no reader sees of a story, or not by itself.
_UNSEEN = frozenset({"quality", "heat", "curated", "follows"})


class FeedDifference(NamedTuple):
    """What would become of the items of a feed, by its key: what one of its formats gains, loses or tells otherwise."""

    key: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


class Differences:
    """Takes down what would become of each file, as the build comes to it."""

    def __init__(self, *, diffs: bool) -> None:
        self.found: list[Difference] = []
        self._diffs = diffs
        self._compared: set[str] = set()

    def watch(self, path: str, before: bytes | None, after: bytes | None) -> None:
        """Compare what is there with what would be, None for no file; bodies are not kept."""
        pattern = _ENTRIES.get(path.rpartition(".")[2])
        old, new = _entries(pattern, before or b""), _entries(pattern, after or b"")
        if before is not None and after is not None:
            self._compared.add(path)
        self.found.append(
            Difference(
                path,
                "deleted" if after is None else "written",
                tuple(sorted(new.keys() - old.keys())),
                tuple(sorted(old.keys() - new.keys())),
                tuple(sorted(key for key in old.keys() & new.keys() if old[key] != new[key])),
                _diff(path, before or b"", after or b"") if self._diffs and plain(path) == path else "",
            )
        )

    def of_feeds(self, stay: Collection[str], *, corrected: bool) -> list[FeedDifference]:
        """Return what would become of the items of each feed, by key; feeds in `stay` are out before and after.

        There a format that comes or goes, or a file that somebody removed, is no matter of items. `corrected` has items
        told that read otherwise on a page of the archive.
        """
        files: dict[str, list[Difference]] = {}
        for each in self.found:
            (key, page), compared = feed_and_page(each.path), each.path in self._compared
            if each.path.rpartition(".")[2] in _ENTRIES and (compared or not (page or key in stay)):
                files.setdefault(key, []).append(_of_page(each, corrected=corrected) if page else each)
        return [_together(key, files[key]) for key in sorted(files)]


def _of_page(page: Difference, *, corrected: bool) -> Difference:
    """Return what a page tells: what comes to it is no news, but was in the document."""
    return replace(page, added=(), changed=page.changed if corrected else ())


def _together(key: str, files: Sequence[Difference]) -> FeedDifference:
    """Return what becomes of items in any format: what one of them shows, another may not."""
    added = {item for each in files for item in each.added}
    removed = {item for each in files for item in each.removed}
    changed = {item for each in files for item in each.changed} - added
    return FeedDifference(key, tuple(sorted(added)), tuple(sorted(removed)), tuple(sorted(changed)))


def _entries(pattern: re.Pattern[bytes] | None, body: bytes) -> dict[str, bytes]:
    if pattern is None:
        return {}
    lines = ((line.rstrip(b","), pattern.match(line)) for line in body.split(b"\n"))
    return {found[1].decode(): line for line, found in lines if found}


def _diff(path: str, before: bytes, after: bytes) -> str:
    old, new = (body.decode("utf-8", "replace").splitlines() for body in (before, after))
    return "\n".join(unified_diff(old, new, f"{path} (published)", f"{path} (next build)", lineterm="", n=1))


def item_changes(before: Store | None, after: Store, order: BuildOrder, differences: Differences) -> list[ItemChange]:
    """Return what would become of items in feeds; `before` is the state as it is, None where there is none yet."""
    out = _out(before) if before else frozenset()
    # What all share is told of documents; an archive would repeat it for every item there ever was.
    corrected = before is not None and before.meta.get("site") == order.site_digest
    found = differences.of_feeds(out & _out(after), corrected=corrected)
    return list(_Reasons(before, after, order, out).told(found))


def _out(store: Store) -> frozenset[str]:
    """Return the keys of the feeds that a build has finished publishing."""
    return frozenset(row.key for row in store.feeds.all() if row.is_out)


class _Reasons:
    """Why an item would come into a feed, leave it, or read otherwise."""

    def __init__(self, before: Store | None, after: Store, order: BuildOrder, out: Collection[str]) -> None:
        self._before, self._after, self._order, self._out = before, after, order, out
        self._released = int(before.meta.get("released", "0")) if before else 0
        self._rows = {row.key: row for row in after.feeds.all()}
        self._was: dict[tuple[int, str], Membership] = {}
        self._is: dict[tuple[int, str], Membership] = {}
        self._old: dict[str, ItemRow] = {}
        self._new: dict[str, ItemRow] = {}
        self._told_before: dict[str, Tellers] = {}
        self._told_after: dict[str, Tellers] = {}

    def told(self, found: Sequence[FeedDifference]) -> Iterator[ItemChange]:
        ids = sorted({key for each in found for key in (*each.added, *each.removed, *each.changed)})
        self._old = self._before.items.get(ids) if self._before else {}
        self._new = self._after.items.get(ids)
        unlike = [key for key in ids if not (_is_shown(self._old.get(key)) and _is_shown(self._new.get(key)))]
        self._told_before = _tellers(self._before, unlike) if self._before else {}
        self._told_after = _tellers(self._after, unlike)
        self._was = self._places(self._before, self._old, found)
        self._is = self._places(self._after, self._new, found)
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for each in found:
            for change, keys in (("added", each.added), ("removed", each.removed), ("changed", each.changed)):
                for key in keys:
                    grouped.setdefault((key, change, self._why(change, key, each.key)), []).append(each.key)
        for (key, change, why), feeds in grouped.items():
            yield ItemChange(key, self._title(key), change, why, tuple(feeds))

    def _why(self, change: str, key: str, feed: str) -> str:
        row = self._rows.get(feed)
        if change == "changed":
            return self._changed(key)
        return self._added(key, row) if change == "added" else self._removed(key, row)

    def _added(self, key: str, row: FeedRow | None) -> str:
        old, new = self._old.get(key), self._new.get(key)
        if old is None or old.story is None or new is None or row is None:
            return self._shown(key, again=old is not None)
        if row.key not in self._out:
            return f"the feed is new: {self._traits(new, row)}"
        if leader := decode_story(old.story).follows if row.kind != "provider" else "":
            return f"{leader} no longer stands for it"
        if new.published > self._released:
            return "its time has come"
        place = self._was.get((row.id, key))
        if place is None:
            return f"it belongs to this feed now: {self._traits(new, row)}"
        return "there is room for it now" if _holds(place, self._released) else "its age fits this feed now"

    def _shown(self, key: str, *, again: bool) -> str:
        """Return why an item is shown that was not."""
        files, held = self._told_before.get(key, NOBODY)
        if held and self._order.rules.include_unpublished:
            return f"held back so far ({', '.join(files)}); include_unpublished is on"
        if held:
            return f"no longer held back ({', '.join(files)})"
        return f"{'told again' if again else 'new'}: told by {', '.join(self._told_after.get(key, NOBODY)[0])}"

    def _removed(self, key: str, row: FeedRow | None) -> str:
        new = self._new.get(key)
        if new is None or new.story is None:
            return self._withdrawn(key)
        if row is None or not is_configured(self._order, row):
            return "the feed goes"
        if new.published > self._order.now:
            return "dated in the future now"
        place = self._is.get((row.id, key))
        if place is None or not _holds(place, self._order.now):
            return f"it no longer belongs to this feed: {self._traits(new, row)}"
        too_old = new.published <= oldest(self._order, self._order.now)
        return "older than feeds.max_age_days" if too_old else "others take its place"

    def _withdrawn(self, key: str) -> str:
        files, held = self._told_after.get(key, NOBODY)
        if held:
            return f"held back now ({', '.join(files)})"
        return "its page is dead" if files else "nobody tells it any more"

    def _changed(self, key: str) -> str:
        old, new = self._story(self._old.get(key)), self._story(self._new.get(key))
        if old is None or new is None:
            return "what was published is not what the last build remembers"
        told = [_field(each.name, old, new) for each in fields(Story) if each.name not in _UNSEEN]
        return "; ".join(filter(None, told)) or "how it is written changes: other settings, or another program"

    def _places(
        self, store: Store | None, items: dict[str, ItemRow], found: Sequence[FeedDifference]
    ) -> dict[tuple[int, str], Membership]:
        """Return the places of these items in the feeds where they come or go, by feed and item."""
        wanted = [
            (row.id, items[key].published, key)
            for each in found
            if (row := self._rows.get(each.key))
            for key in (*each.added, *each.removed)
            if key in items
        ]
        return {(place.feed, place.item): place for place in store.items.places(wanted)} if store else {}

    def _traits(self, item: ItemRow | None, row: FeedRow) -> str:
        story = self._story(item)
        if story is None:
            return "nobody tells it"
        if story.follows and row.kind != "provider":
            return f"{story.follows} stands for it"
        if row.kind == "provider":
            return f"its provider is {in_words(story.provider) or 'unknown'}"
        if row.kind == "custom":
            return self._query(item, row) if item else ""
        return f"its topics are {', '.join(story.topics)}" if story.topics else "it has no topics"

    def _query(self, item: ItemRow, row: FeedRow) -> str:
        """Return what the query of a custom feed finds wanting in an item."""
        story, custom = self._story(item), custom_of(self._order, row)
        if story is None or custom is None:
            return "nobody tells it"
        facts = facts_of(story, self._order.lineup, item.verdict)
        # Before its time, as it will be then.
        why = why_not(custom.query, facts, max(self._order.now - item.published, 0))
        return why or f"the query of {row.key} finds it"

    def _title(self, key: str) -> str:
        rows = (self._new.get(key), self._old.get(key))
        return next((story.title for row in rows if (story := self._story(row))), "")

    @staticmethod
    def _story(row: ItemRow | None) -> Story | None:
        return decode_story(row.story) if row and row.story is not None else None


def _is_shown(row: ItemRow | None) -> bool:
    return row is not None and row.story is not None


def _tellers(store: Store, ids: Iterable[str]) -> dict[str, Tellers]:
    """Return who tells each item: the files that hold it back, and True, else all of them, and False."""
    found: dict[str, Tellers] = {}
    for part in chunks(ids):
        files: dict[str, dict[str, bool]] = {}
        for row in store.items.sightings(part):
            told = files.setdefault(row.item, {})
            told[row.file] = told.get(row.file, False) or decode_sighting(row.body).held
        for key, told in files.items():
            held = sorted(file for file, is_held in told.items() if is_held)
            found[key] = (held or sorted(told), bool(held))
    return found


def _field(name: str, old: Story, new: Story) -> str:
    before, after = getattr(old, name), getattr(new, name)
    return f"{name}: {in_words(before) or 'nothing'} -> {in_words(after) or 'nothing'}" if before != after else ""


def _holds(place: Membership, at: int) -> bool:
    """Tell whether a place in a custom feed counts at a moment; elsewhere every place does."""
    return not place.ages or holds(decode(place.ages), at - place.published)
