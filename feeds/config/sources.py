"""Bring together the sources of feeds.yaml and those of the OPML file beside it.

This module must never let one feed be asked twice: two sources of one id or one address are a fault.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.config.faults import FILE, Fault, Place
from feeds.config.listed_source import MAX_BYTES, ListedSource
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
            data = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return (), []
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}; name another file with sources_file"
        return (), [Fault(Place(FILE, file.label), "", reason)]
    from feeds.config.source_outlines import read_outlines  # noqa: PLC0415 - 60 ms, and many projects have no list

    found = read_outlines(data, file.label)
    return ((), [found]) if isinstance(found, Fault) else found


def _doubled(sources: Iterable[ListedSource]) -> list[Fault]:
    names: dict[str, ListedSource] = {}
    addresses: dict[str, ListedSource] = {}
    faults = []
    for each in sources:
        same_name = names.setdefault(each.name, each)
        same_address = addresses.setdefault(each.address, each)
        if same_address is not each:
            reason = f"has the address of the source at {same_address.place}; remove one of them"
        elif same_name is not each:
            reason = f"has the id of the source at {same_name.place}; remove one of them, or change its id"
        else:
            continue
        faults.append(Fault(each.place, "", f"{each.name!r} {reason}"))
    return faults
