"""List, take in, hand out and edit the remote feeds of a project. Only the OPML file is ever written.

feeds.yaml belongs to people: a comment in it is worth more than the comfort of a command that edits it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from feeds.config.faults import FLAG, Fault, Place, lines, suggestion, told
from feeds.config.listed_source import MAX_BYTES, ListedSource, address_key
from feeds.config.source_outlines import read_outlines, write_outlines
from feeds.config.source_settings import SourceSettings, derived_id
from feeds.config.sources import read_source_file
from feeds.errors import ConfigError, UsageError
from feeds.remote.fields import feed_address

if TYPE_CHECKING:
    from feeds.app.polling import SourceState
    from feeds.config.load import Loaded


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as people are told of it: `place` is where it was written, `state` None where it was never asked."""

    id: str
    url: str
    title: str
    provider: str
    topics: tuple[str, ...]
    place: str
    paused: bool
    state: "SourceState | None"


@dataclass(frozen=True, slots=True)
class Import:
    """What taking in a list comes to: the sources that are new, how many were known, and what could not be used."""

    new: tuple[ListedSource, ...]
    known: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a source to add; "" and () leave it to the feed."""

    url: str
    topics: tuple[str, ...] = ()
    provider: str = ""
    id: str = ""


def known_sources(loaded: "Loaded", states: Mapping[str, "SourceState"]) -> list[KnownSource]:
    """Return every source with what is remembered of it by id."""
    return [
        KnownSource(
            each.name,
            each.settings.url,
            each.title,
            each.settings.provider.name,
            each.settings.topics,
            each.place.origin,
            each.settings.paused,
            states.get(each.name),
        )
        for each in loaded.listed
    ]


def import_sources(loaded: "Loaded", path: Path, *, dry_run: bool = False) -> Import:
    """Take in the list at `path`: what is known stays as it is, what is new comes behind it.

    Raises UsageError where the file cannot be read or is no list, and where ours cannot be written.
    """
    try:
        with path.open("rb") as stream:
            found = read_outlines(stream.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}; name an OPML file") from error
    if isinstance(found, Fault):
        raise UsageError(str(found))
    listed, faults = found
    new, clashes = _new(listed, loaded.listed)
    if new and not dry_run:
        keep_sources(loaded, new)
    return Import(new, len(listed) - len(new) - len(clashes), tuple(lines((*faults, *clashes))))


def export_sources(loaded: "Loaded") -> bytes:
    """Return a list of all sources for other programs, with topics as folders."""
    return write_outlines(loaded.settings.site.title, loaded.listed, folders=True)


def export_to(loaded: "Loaded", path: Path) -> None:
    """Write that list to a file. Raises UsageError."""
    _replace(path, export_sources(loaded))


def find_source(loaded: "Loaded", word: str) -> ListedSource | None:
    """Return the source of this id or this address."""
    key = address_key(feed_address(word)) if feed_address(word) else ""
    return next((each for each in loaded.listed if word == each.name or (key and key == each.address)), None)


def new_source(loaded: "Loaded", wish: Wish, title: str = "", home: str = "") -> ListedSource:
    """Return the source that is wished for. Raises UsageError for a wish that cannot be granted, saying why."""
    taken = {each.name: each for each in loaded.listed}
    if wish.id in taken:
        raise UsageError(f"--id: {wish.id!r} is the source at {taken[wish.id].place}; choose another id")
    given = {
        "url": wish.url,
        "id": wish.id or _free_id(wish.url, taken),
        "provider": {"name": wish.provider},
        "topics": wish.topics,
    }
    try:
        settings = SourceSettings.model_validate(given)
    except ValidationError as error:
        raise UsageError("\n".join(lines(told(error, SourceSettings, _option)))) from None
    return ListedSource(settings, Place(FLAG, "feeds sources add"), title, home)


def _option(loc: Sequence[int | str], _kind: str) -> Place:
    names = {"url": "URL", "id": "--id", "provider": "--provider", "topics": "--topic"}
    return Place(FLAG, names.get(str(loc[0]), "feeds sources add") if loc else "feeds sources add")


def keep_sources(loaded: "Loaded", new: Iterable[ListedSource]) -> None:
    """Write sources behind the others of the file. Raises UsageError."""
    own = _own(loaded)
    have = {each.name for each in own} | {each.address for each in own}
    _write(loaded, (*own, *(each for each in new if not have & {each.name, each.address})))


def remove_sources(loaded: "Loaded", words: Iterable[str]) -> list[ListedSource]:
    """Take sources, by id or address, out of the file, all or none of them; return them. Raises UsageError."""
    gone = [_removable(loaded, word) for word in words]
    names = {each.name for each in gone}
    _write(loaded, [each for each in _own(loaded) if each.name not in names])
    return list({each.name: each for each in gone}.values())


def _removable(loaded: "Loaded", word: str) -> ListedSource:
    found = find_source(loaded, word)
    if found is None:
        near = suggestion(word, [each.name for each in loaded.listed])
        raise UsageError(f"{word} is no source{near or '; feeds sources list shows all of them'}")
    if found.place.label != loaded.sources_file.label:
        raise UsageError(f"{found.name} is written at {found.place}, which commands do not touch; delete it there")
    return found


def _new(listed: Iterable[ListedSource], known: Iterable[ListedSource]) -> tuple[tuple[ListedSource, ...], list[Fault]]:
    """Return those that are new, each with an id nobody has; an id given to it that somebody has is a fault."""
    names = {each.name: each for each in known}
    addresses = {each.address for each in names.values()}
    new, clashes = [], []
    for each in listed:
        if each.address in addresses:
            continue
        if each.settings.id in names:
            other = names[each.settings.id].place
            clashes.append(
                Fault(each.place, "", f"has the id {each.name!r} of the source at {other}; change its feeds:id")
            )
            continue
        named = replace(
            each,
            settings=each.settings.model_copy(update={"id": each.settings.id or _free_id(each.settings.url, names)}),
        )
        names[named.name] = named
        addresses.add(named.address)
        new.append(named)
    return tuple(new), clashes


def _free_id(url: str, taken: Mapping[str, object]) -> str:
    """Return the id that follows from an address, with a number behind it where somebody has that one."""
    name = derived_id(url)
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _own(loaded: "Loaded") -> tuple[ListedSource, ...]:
    """Return what the file holds now: another command may have written it since the settings were read."""
    sources, faults = read_source_file(loaded.sources_file)
    if faults:
        raise ConfigError(lines(faults))
    return sources


def _write(loaded: "Loaded", sources: Sequence[ListedSource]) -> None:
    data = write_outlines(loaded.settings.site.title, sources, folders=False)
    if len(data) > MAX_BYTES:
        full = f"{loaded.sources_file.label} would be larger than {MAX_BYTES >> 20} MiB and could not be read again"
        raise UsageError(f"{full}; write sources into feeds.yaml instead")
    _replace(loaded.sources_file.path, data)


def _replace(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: whoever reads it meanwhile sees the old one."""
    target = Path(os.path.realpath(path))  # a link stays one
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileNotFoundError):
            aside.chmod(target.stat().st_mode & 0o7777)
        aside.replace(target)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise UsageError(f"cannot write {path}: {error.strerror or error}; nothing was changed") from error
