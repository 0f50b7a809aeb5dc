"""Compare the files of a feed with those published before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from feeds.model.feed import Artifact


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for one feed: files to write (if their bytes differ from the disk's), paths to delete.

    `manifest` maps every path the feed will have to the digest of its bytes; `kept` counts files left alone.
    """

    write: tuple[Artifact, ...]
    delete: tuple[str, ...]
    manifest: Mapping[str, str]
    kept: int


def digest(body: bytes) -> str:
    """Return the digest by which a published file is known."""
    return blake2b(body, digest_size=12).hexdigest()


def plan(artifacts: Sequence[Artifact], published: Mapping[str, str], damaged: frozenset[str] = frozenset()) -> Plan:
    """Return what turns the files `published` (path to digest) into `artifacts`.

    `damaged` are paths that somebody else changed or removed: they are written again.
    """
    manifest = {artifact.path: digest(artifact.body) for artifact in artifacts}
    write = tuple(a for a in artifacts if published.get(a.path) != manifest[a.path] or a.path in damaged)
    gone = tuple(sorted(published.keys() - manifest.keys()))
    return Plan(write, gone, manifest, len(artifacts) - len(write))
