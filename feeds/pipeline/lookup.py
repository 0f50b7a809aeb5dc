"""Find what somebody means by a word: an item's id, a URL, a record file, an entry of a source.

Must never guess: what is only near is told as a suggestion.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import msgspec

from feeds.items.identity import mint, record_name
from feeds.items.urls import Tracking, clean_url, identity_key
from feeds.pipeline.telling import document_name
from feeds.remote.encoding import decode_traits
from feeds.remote.sighting import source_key
from feeds.store import Store
from feeds.store.traces import Traces

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f][0-9a-f-]{3,}")
_NEAR, _LIKENESS, _MOST = 3, 0.6, 2_000


@dataclass(frozen=True, slots=True)
class Word:
    """What was asked for: as typed, and the names that a record at such a path would have."""

    typed: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """An item; or, where `item` is "", an entry (source, name) or a record file that is none."""

    item: str = ""
    entry: tuple[str, str] | None = None
    file: str = ""


class Lookup:
    """The ways from a word to what it stands for, the surest first."""

    def __init__(self, store: Store, traces: Traces, tracking: Tracking) -> None:
        self._store, self._traces, self._tracking = store, traces, tracking

    def find(self, word: Word) -> Meant | None:
        """Return what is meant, None where nothing is known by this word."""
        typed = word.typed.strip()
        return (
            self._by_id(typed.lower().removeprefix("urn:uuid:"))
            or self._by_entry(typed)
            or self._by_file(word.files)
            or self._by_name(typed)
            or self._by_url(typed)
        )

    def _by_id(self, key: str) -> Meant | None:
        if not _ID.fullmatch(key):
            return None
        if self._traces.names_of(key):
            return Meant(key)
        # An item that turned out to be the same story as another: the names that its id was made of are that one's now.
        heirs = (item for name, item in self._traces.names() if mint(name) == key)
        return next((Meant(item) for item in heirs), Meant(key) if self._store.items.get([key]) else None)

    def _by_entry(self, typed: str) -> Meant | None:
        source, _, guid = typed.partition("#")
        if not guid:
            return None
        names = self._traces.entry_names(source)
        if guid in names:
            return self._of_entry(source, guid)
        rows = self._store.sources.entries(source) if names else []
        named = (row.name for row in rows if decode_traits(row.traits).guid == guid)
        # What its feed lists no more is forgotten one day, but not the name of the item that it was.
        return next((self._of_entry(source, name) for name in named), self._by_name(source_key(source, guid)))

    def _of_entry(self, source: str, name: str) -> Meant:
        told = self._traces.told_by(document_name(source, name))
        return Meant(told[0].item if told else "", entry=(source, name))

    def _by_file(self, files: Sequence[str]) -> Meant | None:
        for file in filter(self._traces.is_read, files):
            own = (told.item for told in self._traces.told_by(file) if told.own)
            return Meant(next(own, ""), file=file)
        return next((meant for file in files if (meant := self._by_name(record_name(file)))), None)

    def _by_name(self, name: str) -> Meant | None:
        found = self._store.identities.names([name]).get(name)
        return Meant(found.item) if found else None

    def _by_url(self, typed: str) -> Meant | None:
        url = clean_url(typed, "", self._tracking)[0]
        if not url:
            return None
        key = identity_key(url)
        return self._by_name(key) or self._by_use(url) or self._by_page(key, typed)

    def _by_use(self, url: str) -> Meant | None:
        """Return the one item that uses the URL: for its picture, or because its page has moved there."""
        users = self._store.links.users([url]).get(url, [])
        return Meant(users[0]) if len(users) == 1 else None

    def _by_page(self, key: str, typed: str) -> Meant | None:
        """Return the entry with this page or guid: one that a filter keeps out has no name among items."""
        for source, name, traits in self._traces.entries_with(*map(msgspec.json.encode, {key, typed})):
            told = decode_traits(traits)
            if key == told.page or typed == told.guid:
                return self._of_entry(source, name)
        return None

    def near(self, word: Word) -> tuple[str, ...]:
        """Return a few words like this one that something is known by."""
        typed = word.typed.strip().removeprefix("urn:uuid:")
        if _HEX.fullmatch(typed.lower()):
            return tuple(self._traces.items_from(typed.lower()[:-1], _NEAR))
        if "://" in typed:
            return tuple(self._near_urls(typed))
        source, mark, guid = typed.partition("#")
        sources = list(self._store.sources.all())
        if mark and source in sources:
            return tuple(f"{source}#{name}" for name in _like(guid, self._traces.entry_names(source)[:_MOST]))
        stems = {_stem(file): file for file in self._store.documents.files()}
        files = [stems[stem] for stem in _like(_stem(typed), list(stems))]
        return (*self._near_urls(typed), *files, *(f"{name}#..." for name in _like(source, sources)))[:_NEAR]

    def _near_urls(self, typed: str) -> Iterator[str]:
        url = clean_url(typed, "", self._tracking)[0]
        key = identity_key(url) if url else typed
        host = key.partition("/")[0]
        yield from _like(key, self._traces.names_from(host + "/", _MOST) if host else [])


def _stem(file: str) -> str:
    """Return the name of a file without its ending, which would make any two of them look alike."""
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _like(word: str, known: Sequence[str]) -> list[str]:
    return get_close_matches(word, known, n=_NEAR, cutoff=_LIKENESS)
