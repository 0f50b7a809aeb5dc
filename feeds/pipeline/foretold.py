"""What a build would do, as values. Nothing here reads or judges."""

from dataclasses import dataclass, replace

from feeds.model.tree import feed_and_page
from feeds.pipeline.order import BuildReport
from feeds.sinks.encodings import plain


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
    """All that the next build would do; `busy` is who is building meanwhile, "" for nobody.

    `feed` is the key of the only feed that was asked about, "" for all.
    """

    report: BuildReport
    items: tuple[ItemChange, ...]
    files: tuple[Difference, ...]
    busy: str = ""
    feed: str = ""


def only(found: Foretold) -> Foretold:
    """Return what concerns the feed that was asked about, all where none was."""
    feed = found.feed
    if not feed:
        return found
    items = tuple(replace(each, feeds=(feed,)) for each in found.items if feed in each.feeds)
    # Pages of its archive are its files, too.
    files = tuple(each for each in found.files if feed_and_page(plain(each.path))[0] == feed)
    return replace(found, items=items, files=files)
