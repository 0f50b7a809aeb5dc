"""The whole story of one item, as values. Nothing here reads or judges. Times are seconds since 1970, 0 for never."""

from dataclasses import dataclass

from feeds.items.provenance import Said
from feeds.model.item import Mention


@dataclass(frozen=True, slots=True)
class SightingTold:
    """Who tells a story. `place` is a record file, or `SOURCE#ENTRY`; `kind` is record, mention or remote.

    `held` says that it keeps the story back. For a remote entry `since` is when it was first seen and `gone` when its
    feed first listed it no more; `refusal` is why the settings of now keep it out, "" where they do not.
    """

    place: str
    kind: str
    title: str
    held: bool = False
    since: int = 0
    gone: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class FieldTold:
    """A field: what is told and by whom, what `others` say, best first; `shown` differs where a link changed it.

    `repairs` names what was done to what stands there as `written`, in order; without any, it is told as written.
    """

    field: str
    value: str
    place: str
    shown: str
    others: tuple[Said, ...] = ()
    written: str = ""
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicTold:
    """A topic and why: `rule` is record, mention, source, category, keyword, or wider for one that takes another in.

    Without `counts` it was not taken.
    """

    topic: str
    place: str
    rule: str
    why: str
    counts: bool


@dataclass(frozen=True, slots=True)
class LinkTold:
    """A URL of the story with what is held of it; `verdict` is unknown for one that was never checked."""

    url: str
    role: str
    verdict: str
    reason: str = ""
    since: int = 0
    checked: int = 0
    moved_to: str = ""
    pin: str = ""


@dataclass(frozen=True, slots=True)
class NameTold:
    """A name the item was ever known by, and since when."""

    name: str
    since: int


@dataclass(frozen=True, slots=True)
class Dates:
    """When readers are told the item was published and last changed; `by` says in words who told the first."""

    published: int = 0
    by: str = ""
    updated: int = 0
    first_seen: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An item's place in a feed: the `position`th of `of`, or 0 and the first reason `why` not.

    `key` is "" where there is no such feed; `label` is the topic or provider as the story names it. `page` is the page
    of the feed's archive that holds the item, 0 for none; `via` the narrower topic that a wider one takes it in by.
    """

    key: str
    kind: str
    label: str
    position: int = 0
    of: int = 0
    why: str = ""
    page: int = 0
    via: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All there is to tell. `id` is "" for what is no item; `state` is one of the words below, and `why` explains it.

    published; coming (dated in the future); waiting (for the next build); held back; left out (its page is dead);
    withdrawn; refused (an entry that a filter keeps out); faulty (a record that cannot be published).

    `pending` says why the next build may change all this, "" for no reason. `leader` is the id of the item that stands
    for this one where several tell one story, and `also` what this one says of the others; `together` is each of these
    others, and in words why it is the same story.
    """

    id: str
    title: str
    state: str
    why: str = ""
    pending: str = ""
    sightings: tuple[SightingTold, ...] = ()
    fields: tuple[FieldTold, ...] = ()
    topics: tuple[TopicTold, ...] = ()
    names: tuple[NameTold, ...] = ()
    links: tuple[LinkTold, ...] = ()
    dates: Dates = Dates()
    feeds: tuple[Place, ...] = ()
    problems: tuple[str, ...] = ()
    leader: str = ""
    also: tuple[Mention, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
