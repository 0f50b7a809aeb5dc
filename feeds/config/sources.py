"""Bring together the sources of feeds.yaml and those of the OPML file beside it.

This module must never let one feed be asked twice: two sources of one id or one address are a fault.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.config.faults import FILE, Fault, Place
from feeds.config.listed_source import ListedSource
from feeds.config.source_settings import SourceSettings

DEFAULT_SOURCES = "config/sources.opml"


@dataclass(frozen=True, slots=True)
class SourcesFile:
    """The OPML file that the commands write; it may be absent. `label` is its path as messages tell it."""

    path: Path
    label: str


def read_sources(
    given: Sequence[SourceSettings], place: Callable[[int], Place], file: SourcesFile
) -> tuple[tuple[ListedSource, ...], list[Fault]]:
    """Return the sources of the settings and then those of the file, and what is wrong with them.

    `place` tells where the source of that number in the settings was written.
    """
    listed, faults = read_source_file(file)
    every = (*(ListedSource(each, place(number)) for number, each in enumerate(given)), *listed)
    return every, [*faults, *_doubled(every)]


def read_source_file(file: SourcesFile) -> tuple[tuple[ListedSource, ...], list[Fault]]:
    """Return the sources of the file, none where there is no file, and what is wrong in it."""
    try:
        with file.path.open("rb") as stream:
            from feeds.config.source_outlines import MAX_BYTES, read_outlines  # noqa: PLC0415 - 60 ms; many have no list

            found = read_outlines(stream.read(MAX_BYTES + 1), file.label)
    except FileNotFoundError:
        return (), []
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}; name another file with sources_file"
        return (), [Fault(Place(FILE, file.label), "", reason)]
    return ((), [found]) if isinstance(found, Fault) else found


def _doubled(sources: Iterable[ListedSource]) -> list[Fault]:
    names: dict[str, ListedSource] = {}
    addresses: dict[str, ListedSource] = {}
    faults = []
    for each in sources:
        same_name = names.setdefault(each.name, each)
        same_address = addresses.setdefault(each.address, each)
        if same_address is not each:
            faults.append(Fault(each.place, "", f"{each.name!r} {_IS_TWICE.format('address', same_address.place)}"))
        elif same_name is not each:
            faults.append(Fault(each.place, "", f"{each.name!r} {_IS_TWICE.format('id', same_name.place)}, or its id"))
    return faults


_IS_TWICE = "has the {} of the source at {}; remove one of them"
