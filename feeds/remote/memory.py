"""Tell which entries of a feed are new, which changed and which are gone, whatever its guids are worth.

Guids are missing, doubled, or new at every fetch; pages move; titles are edited. So an entry is found again by all of
these, the surest first, and keeps the name it was first known by. This module must never call an entry changed whose
reader would see no difference, and must never give two entries one name.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count

from feeds.items.slugs import fold
from feeds.items.urls import DEFAULT_TRACKING, Tracking, is_root
from feeds.model.remote import RemoteEntry
from feeds.remote.looks import digest
from feeds.remote.shown import headline, page

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Traits:
    """What an entry can be known again by; `page` is an identity key, `title` a digest, `date` 0 for none."""

    guid: str
    page: str
    title: str
    date: int = 0

    @property
    def permalink(self) -> str:
        """Return the page, "" for a front page: that is no one's own."""
        return "" if is_root(self.page) else self.page


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an entry. `name` is its own within the source, for ever; times are seconds since 1970.

    `digest` is of what a reader sees; `gone_at` is when it was first missing from the feed, 0 while it is listed.
    """

    name: str
    traits: Traits
    digest: str
    first_seen: int
    gone_at: int = 0


@dataclass(frozen=True, slots=True)
class Met:
    """An entry of today and what is remembered of it now; `before` is what was, None for a new one."""

    entry: RemoteEntry
    known: Known
    before: Known | None
    shared_page: bool

    @property
    def is_changed(self) -> bool:
        """Whether there is something for a reader to see that was not there before."""
        return self.before is None or self.before.digest != self.known.digest


@dataclass(frozen=True, slots=True)
class Matching:
    """All entries of a fetch in its order, each once, and those remembered that it no longer lists."""

    met: tuple[Met, ...]
    vanished: tuple[Known, ...]


def match(
    entries: Sequence[RemoteEntry],
    known: Iterable[Known],
    now: int,
    *,
    full_text: bool = False,
    tracking: Tracking = DEFAULT_TRACKING,
) -> Matching:
    """Return what became of every entry since the last fetch that succeeded."""
    listed = _each_once([(entry, traits(entry, tracking)) for entry in entries])
    remembered = sorted(known, key=lambda each: each.name)
    pairs = _pairs([told for _, told in listed], [each.traits for each in remembered])
    taken = {each.name for each in remembered}
    found: list[tuple[RemoteEntry, Known, Known | None]] = []
    for place, (entry, told) in enumerate(listed):
        before = remembered[pairs[place]] if place in pairs else None
        name, since = (before.name, before.first_seen) if before else (_new_name(told, taken), now)
        taken.add(name)
        seen = digest(entry, full_text=full_text, tracking=tracking)
        found.append((entry, Known(name, told, seen, since), before))
    listed_again = set(pairs.values())
    gone = [each for number, each in enumerate(remembered) if number not in listed_again]
    return _told(found, tuple(replace(each, gone_at=each.gone_at or now) for each in gone))


def _told(found: Sequence[tuple[RemoteEntry, Known, Known | None]], vanished: tuple[Known, ...]) -> Matching:
    pages = Counter(each.traits.permalink for each in (*(known for _, known, _ in found), *vanished))
    met = (Met(entry, known, before, pages[known.traits.permalink] > 1) for entry, known, before in found)
    return Matching(tuple(met), vanished)


def retained(vanished: Iterable[Known], now: int, *, days: int, most: int) -> tuple[Known, ...]:
    """Return the vanished entries that are kept: those gone for less than `days`, and of these the `most` latest.

    `now` must be the time of the last fetch that succeeded: no entry is forgotten because its source is down. What is
    still listed is never asked about here, for it would come back as new.
    """
    fresh = [each for each in vanished if now - each.gone_at < days * DAY]
    return tuple(sorted(fresh, key=lambda each: (-each.gone_at, -each.first_seen, each.name))[:most])


def traits(entry: RemoteEntry, tracking: Tracking = DEFAULT_TRACKING) -> Traits:
    """Return what the entry can be known again by."""
    date = int(entry.published.timestamp()) if entry.published else 0
    return Traits(entry.guid, page(entry, tracking)[1], _short(fold(headline(entry))), date)


def _each_once(listed: list[tuple[RemoteEntry, Traits]]) -> list[tuple[RemoteEntry, Traits]]:
    """Return the entries without doubles, the latest version of each (RFC 4287 section 4.1.1).

    One guid on two pages is two entries, and so are two titles where neither guid nor page is anyone's own.
    """
    latest: dict[tuple[str, ...], tuple[RemoteEntry, Traits]] = {}
    for entry, told in listed:
        if not (told.guid or told.page or told.title):
            continue  # could be any other one, and there is nothing to show of it
        own = (told.guid, told.permalink) if told.guid and told.permalink else (told.guid, told.page, told.title)
        key = own if told.guid or told.page else (*own, str(told.date))
        if key not in latest or _changed(entry) > _changed(latest[key][0]):
            latest[key] = entry, told
    return list(latest.values())


def _changed(entry: RemoteEntry) -> float:
    moment = entry.updated or entry.published
    return moment.timestamp() if moment else 0.0


_Key = tuple[str | int, ...] | None


def _as_told(each: Traits) -> _Key:
    return (each.guid, each.page, each.title) if each.guid else (each.page, each.title, each.date)


def _by_guid_and_page(each: Traits) -> _Key:
    return (each.guid, each.page) if each.guid and each.page else None


def _by_guid(each: Traits) -> _Key:
    return (each.guid,) if each.guid else None


def _by_page_and_title(each: Traits) -> _Key:
    return (each.permalink, each.title) if each.permalink and each.title else None


def _by_page(each: Traits) -> _Key:
    return (each.permalink,) if each.permalink else None


def _by_page_alone(each: Traits) -> _Key:
    """Believe a page where there is no guid: one that shows another story under another guid does so on purpose."""
    return None if each.guid else _by_page(each)


def _by_title_and_date(each: Traits) -> _Key:
    return (each.title, each.date) if each.title and (each.date or not (each.guid or each.page)) else None


def _pairs(listed: Sequence[Traits], known: Sequence[Traits]) -> dict[int, int]:
    """Return which listed entry is which known one, by their places; the surest way to tell comes first."""
    last = _by_page if _is_churning(listed, known) else _by_page_alone
    ways = (_as_told, _by_guid_and_page, _by_guid, _by_page_and_title, last, _by_title_and_date)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for way in ways:
        if len(pairs) == len(listed):
            break
        theirs = _unique(way, known)
        for key, place in _unique(way, listed).items():
            other = theirs.get(key)
            if other is not None and place not in pairs and other not in taken:
                pairs[place] = other
                taken.add(other)
    return pairs


def _unique(way: Callable[[Traits], _Key], told: Sequence[Traits]) -> dict[tuple[str | int, ...], int]:
    """Return the places of those that alone have a key; one that several have tells none of them, found or not."""
    keys = [way(each) for each in told]
    shares = Counter(keys)
    return {key: place for place, key in enumerate(keys) if key is not None and shares[key] == 1}


def _is_churning(listed: Sequence[Traits], known: Sequence[Traits]) -> bool:
    """Tell whether the guids are made anew at every fetch: none is known, but there is a page with its old title."""
    if not {each.guid for each in listed}.isdisjoint(each.guid for each in known):
        return False
    return not _unique(_by_page_and_title, listed).keys().isdisjoint(_unique(_by_page_and_title, known))


def _new_name(told: Traits, taken: set[str]) -> str:
    names = [name for name in (told.guid, f"page:{told.page}" if told.page else "") if name]
    names.append(" ".join((*names, f"title:{told.title}", str(told.date))))
    free = next((name for name in names if name not in taken), "")
    return free or next(name for n in count(2) if (name := f"{names[-1]} {n}") not in taken)


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if text else ""
