"""What a build would do, as values. Nothing here reads or judges."""

from dataclasses import dataclass

from feeds.pipeline.order import BuildReport


@dataclass(frozen=True, slots=True)
class Difference:
    """What would become of one file: the ids that its lines would gain, lose, or tell otherwise.

    `kind` is written or deleted; `diff` is a unified diff, "" where none was asked for.
    """

    path: str
    kind: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What would become of one item, why, and in which feeds (by key); `change` is added, removed or changed."""

    id: str
    title: str
    change: str
    why: str
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foretold:
    """All that the next build would do; `busy` is who is building meanwhile, "" for nobody."""

    report: BuildReport
    items: tuple[ItemChange, ...]
    files: tuple[Difference, ...]
    busy: str = ""
