"""What pages tell, before it is words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from feeds.model import FeedSpec, Problem


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A feed as its page tells it: `total` items in all, `count` of them in the feed, the `newest` of that time.

    `activity` counts the items of each of the last weeks, the oldest first; the last week holds the newest item.
    `dead` counts the stories shown whose own page does not answer.
    """

    spec: FeedSpec
    total: int
    count: int
    updated: datetime | None = None
    newest: datetime | None = None
    activity: tuple[int, ...] = ()
    dead: int = 0


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A feed as the front page lists it; `total` as in `PageFacts`."""

    spec: FeedSpec
    total: int
    updated: datetime | None = None


class DeadPage(NamedTuple):
    """A page that no longer answers, since when (seconds since 1970), and the titles of the items that lead there."""

    url: str
    reason: str
    since: int
    titles: Sequence[str]


class SilentSource(NamedTuple):
    """A remote feed that cannot be read, and when it last could (seconds since 1970, 0 for never)."""

    id: str
    url: str
    detail: str
    good: int


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What the operator has to look after; `more` counts the problems, pages and sources that are not listed."""

    problems: Sequence[Problem] = ()
    dead: Sequence[DeadPage] = ()
    silent: Sequence[SilentSource] = ()
    more: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stood at `now` (seconds since 1970): whether all is well, why not, and a line for everything.

    A line is what it is about ("" for more of the one above), what is said of it, and the command that tells more.
    """

    now: int
    ready: bool
    why: Sequence[str] = ()
    warnings: Sequence[str] = ()
    lines: Sequence[tuple[str, str, str]] = ()
