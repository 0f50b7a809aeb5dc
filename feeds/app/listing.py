"""Read which feeds, topics and providers there are, as the state has it. Changes nothing, makes nothing.

Every listing that is empty says why, and which command helps.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from feeds.app.looking import looked_at
from feeds.app.similar_names import likely_same
from feeds.items.slugs import fold
from feeds.model.feed import without_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feeds.config.load import Loaded
    from feeds.model import ProviderEntry, TopicEntry
    from feeds.store.catalogue import Contents
    from feeds.store.feeds import FeedRow

DAY = 86_400
FORMATS = ("rss", "atom", "json")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """What was found, out of how many, and why it is nothing, with the command that helps ("" where it is something).

    `note` is what has to be known to read the rest, or "".
    """

    rows: tuple[Row, ...]
    of: int
    why: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeedListed:
    """A published feed. `items` is how many it has in all, `shown` how many stand in its files.

    `updated` is the newest change among those (seconds since 1970), 0 for none.
    """

    key: str
    kind: str
    title: str
    items: int
    shown: int
    updated: int
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A topic or a provider. `ref` is its slug or its domain, `key` its feed, "" where it has none.

    `configured` says that the editors list it; `newest` is when its newest item was published, 0 for none.
    """

    name: str
    ref: str
    aliases: tuple[str, ...]
    parent: str
    key: str
    items: int
    newest: int
    configured: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names that may be one thing, and what speaks for it."""

    one: Named
    other: Named
    why: str


@dataclass(frozen=True, slots=True)
class FeedWish:
    """Which feeds to list: with `word` in key or title, of a kind, without items, unchanged for so many days."""

    word: str = ""
    kind: str = ""
    empty: bool = False
    stale: int | None = None


@dataclass(frozen=True, slots=True)
class NameWish:
    """Which topics or providers to list; `kind` is "topic" or "provider"."""

    kind: str
    word: str = ""
    unlisted: bool = False
    unused: bool = False


def list_feeds(loaded: "Loaded", wish: FeedWish, now: int) -> Listing[FeedListed]:
    """Return the published feeds that are wanted, by key, as of `now` (seconds since 1970)."""
    with looked_at(loaded, "list") as seen:
        known = [feed for row in seen.store.feeds.all() if (feed := _feed(row))]
    found = tuple(feed for feed in known if _is_wanted(feed, wish, now))
    return Listing(found, len(known), "" if found else _why_no_feed(loaded, wish, len(known)))


def _feed(row: "FeedRow") -> FeedListed | None:
    files = [path for path, digest in json.loads(row.files).items() if digest]  # "" is for a file not in place yet
    formats = tuple(ending for ending in FORMATS if f"{row.key}.{ending}" in files)
    if not files:
        return None
    return FeedListed(row.key, row.kind, row.title, max(row.total, row.count), row.count, row.updated or 0, formats)


def _is_wanted(feed: FeedListed, wish: FeedWish, now: int) -> bool:
    return (
        (not wish.kind or feed.kind == wish.kind)
        and (not wish.empty or not feed.items)
        and (wish.stale is None or not feed.updated or feed.updated < now - wish.stale * DAY)
        and (not wish.word or fold(wish.word) in fold(feed.key) or fold(wish.word) in fold(feed.title))
    )


def _why_no_feed(loaded: "Loaded", wish: FeedWish, known: int) -> str:
    if not known:
        return "nothing was published yet: feeds build"
    if wish.kind in {"topic", "provider"} and not getattr(loaded.settings.feeds, f"{wish.kind}s"):
        return f"feeds.{wish.kind}s is off, so there are none: feeds config show"
    return f"no feed is like that; to see all {known:,}: feeds list feeds"


def list_names(loaded: "Loaded", wish: NameWish, now: int) -> Listing[Named]:
    """Return the topics or providers that are wanted, by name; those nobody lists, the most used first.

    There are those that items have and those that the editors list, whether an item has them or not.
    """
    known = _names(loaded, wish.kind, now)
    found = [each for each in known if _is_asked_for(each, wish)]
    if wish.unlisted:
        found.sort(key=lambda each: -each.items)
    is_on = getattr(loaded.settings.feeds, f"{wish.kind}s")
    note = "" if is_on else f"feeds.{wish.kind}s is off, so nobody counts their items: feeds config show"
    return Listing(tuple(found), len(known), "" if found else _why_no_name(wish, len(known)), note)


def similar(loaded: "Loaded", wish: NameWish, now: int) -> Listing[Pair]:
    """Return pairs of names that may be one topic or provider; two that editors list both are theirs to keep apart."""
    known = _names(loaded, wish.kind, now)
    spelled = [(each, spelling) for each in known for spelling in (each.name, *each.aliases)]
    # By way of an alias a pair may be found twice; the names themselves are nearer.
    found: dict[tuple[str, str], Pair] = {}
    for first, second, why in likely_same([spelling for _, spelling in spelled]):
        one, other = spelled[first][0], spelled[second][0]
        if one is not other and not (one.configured and other.configured) and _is_about((one, other), wish):
            found.setdefault((one.ref, other.ref), Pair(one, other, why))
    why = "" if found else f"no two names of {len(known):,} are alike; to see them all: feeds list {wish.kind}s"
    return Listing(tuple(found.values()), len(known), why)


def _is_about(pair: Sequence[Named], wish: NameWish) -> bool:
    return not wish.word or any(_has_word(each, wish.word) for each in pair)


def _is_asked_for(each: Named, wish: NameWish) -> bool:
    return (
        (not wish.unlisted or not each.configured)
        and (not wish.unused or not each.items)
        and (not wish.word or _has_word(each, wish.word))
    )


def _has_word(each: Named, word: str) -> bool:
    return any(fold(word) in fold(spelling) for spelling in (each.name, each.ref, *each.aliases))


def _why_no_name(wish: NameWish, known: int) -> str:
    plural, file = f"{wish.kind}s", f"config/{wish.kind}s.yaml"
    if not known:
        return f"no item has a {wish.kind}, and {file} lists none: feeds explain FILE tells what a record says"
    if wish.unlisted:
        return f"every {wish.kind} that items have is listed; to see all {known:,}: feeds list {plural}"
    if wish.unused:
        return f"every {wish.kind} that is listed has items; to see all {known:,}: feeds list {plural}"
    return f"no {wish.kind} is like that; to see all {known:,}: feeds list {plural}"


def _names(loaded: "Loaded", kind: str, now: int) -> list[Named]:
    with looked_at(loaded, "list") as seen:
        rows = [row for row in seen.store.feeds.all() if row.kind == kind]
        contents = seen.catalogue.contents(now)
    entries: Mapping[str, TopicEntry | ProviderEntry]
    entries = loaded.taxonomy.topics if kind == "topic" else loaded.taxonomy.providers
    listed = {_ref(entry): entry for entry in entries.values()}
    by_ref = {row.ref: row for row in rows}
    # A feed that neither has items nor is listed is what is left of a name that nobody uses any more.
    refs = {*listed, *(row.ref for row in rows if row.id in contents)}
    found = [_named(ref, listed.get(ref), by_ref.get(ref), contents, loaded.site.title) for ref in refs]
    return sorted(found, key=lambda each: (fold(each.name), each.ref))


def _ref(entry: "TopicEntry | ProviderEntry") -> str:
    """Return what a feed knows it by."""
    return getattr(entry, "domain", "") or fold(entry.name)


def _named(
    ref: str,
    entry: "TopicEntry | ProviderEntry | None",
    row: "FeedRow | None",
    contents: "Mapping[int, Contents]",
    site_title: str,
) -> Named:
    held = contents.get(row.id) if row else None
    key = row.key if row and held else ""
    called = (without_site(row.title, site_title) if row else "") or ref
    return Named(
        entry.name if entry else called,
        getattr(entry, "slug", "") or (row.key.partition("/")[2] if row else ref),
        entry.aliases if entry else (),
        getattr(entry, "parent", ""),
        key,
        held.items if held else 0,
        held.newest if held else 0,
        entry is not None,
    )
