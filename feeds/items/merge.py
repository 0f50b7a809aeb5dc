"""Make one item of all that is said about one story, and decide what a reader is told has changed.

Pure, and blind to the order in which the sightings arrived.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from msgspec.json import encode

from feeds.items.slugs import fold
from feeds.model.item import Item, Story
from feeds.model.problem import Problem, Severity
from feeds.model.sighting import Sighting

# What others may say in the place of a leader that says nothing about it; all else is the leader's alone.
COMPLETED = ("summary", "images", "amp", "cdn_amp", "enclosure", "duration", "authors", "content")


@dataclass(frozen=True, slots=True)
class Placed:
    """A sighting and the file it stands in."""

    file: str
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the state knows of an item: the times a reader was shown, and the digest of what the records told."""

    published: int
    updated: int
    told: str


def merge(sightings: Sequence[Placed]) -> Story | None:
    """Return the story as its sightings tell it together, or None where it must not be shown.

    A record of ours wins over any mention, a mention over a remote entry, and a record that is held back holds the
    story back.
    """
    own = [placed for placed in sightings if placed.sighting.own and not placed.sighting.remote]
    if not sightings or any(placed.sighting.held for placed in own):
        return None
    if len(sightings) == 1:
        return sightings[0].sighting.story
    ordered = voices(sightings)
    return _complete(ordered, _topics(topic_voices(ordered)))


def voices(sightings: Iterable[Placed]) -> list[Placed]:
    """Return the sightings in the order in which they are believed."""
    return sorted(sightings, key=_rank)


def speaker(ordered: Sequence[Placed], name: str) -> Placed:
    """Return whose word a field of the story is: the leader's, but what it leaves empty the next best may complete.

    `ordered` are all sightings of the story, as `voices` returns them. Topics are no field of one voice.
    """
    if name == "language":  # that of the title, or of the whole text where nobody says
        return ordered[0] if ordered[0].sighting.story.language else speaker(ordered, "content")
    if name not in COMPLETED:
        return ordered[0]
    return next((placed for placed in ordered if getattr(placed.sighting.story, name)), ordered[0])


def topic_voices(ordered: Sequence[Placed]) -> list[Placed]:
    """Return who names the topics: our records, else those that mention the story; others only where these name none.

    `ordered` is as `voices` returns it.
    """
    ours = [placed for placed in ordered if not placed.sighting.remote]
    own = [placed for placed in ours if placed.sighting.own] or ours
    if any(placed.sighting.story.topics for placed in own):
        return own
    return [*own, *(placed for placed in ordered if placed.sighting.remote)]


def _rank(placed: Placed) -> tuple[bool, bool, int, int, str, str, bytes]:
    """Order by who is believed first: our records, what they mention, the best rated, the most told, the first by name.

    One file can mention a story twice under one title: what else it says settles that.
    """
    story = placed.sighting.story
    said = encode(story)
    return (
        placed.sighting.remote,
        not placed.sighting.own,
        -(story.quality or 0),
        -len(story.summary),
        placed.file,
        story.title,
        said,
    )


def _topics(speakers: Sequence[Placed]) -> tuple[str, ...]:
    named: dict[str, str] = {}
    for placed in speakers:
        for topic in placed.sighting.story.topics:
            named.setdefault(fold(topic), topic)
    return tuple(named.values())


def _complete(ordered: Sequence[Placed], topics: tuple[str, ...]) -> Story:
    told: dict[str, Any] = {
        name: getattr(speaker(ordered, name).sighting.story, name) for name in (*COMPLETED, "language")
    }
    return replace(ordered[0].sighting.story, topics=topics, **told)


def digest(story: Story, published: int) -> str:
    """Return a hash of what a reader can see of the story, and of nothing else.

    `quality`, `heat` and the AMP copies are not shown: of 2,245 edits to real records 2,215 touched only such fields.
    Whole text, language and other reports count only where there are any: no story of an older state seems changed.
    """
    enclosure = story.enclosure
    seen = (
        (story.title, story.summary, story.link, story.kind, story.provider.name, story.provider.domain, story.topics),
        tuple((image.url, image.width, image.height) for image in story.images),
        (enclosure.url, enclosure.type, enclosure.length) if enclosure else None,
        (story.duration, story.authors, published),
    )
    also = tuple((mention.name, mention.domain, mention.url, mention.title) for mention in story.also)
    more = (story.content, story.language, also)
    return blake2b(encode((*seen, more) if any(more) else seen), digest_size=12).hexdigest()


def date(story: Story, remembered: Remembered | None, now: int) -> tuple[int, int, str]:
    """Return when the story was published and last changed (seconds since 1970), and its digest.

    `published` is fixed the moment a reader could have seen it; a date that is still to come may be moved.
    """
    shown = remembered is not None and remembered.published <= now
    if remembered is not None and shown:
        published = remembered.published
    else:
        published = int(story.date.timestamp()) if story.date else now
    seen = digest(story, published)
    if remembered is None or not shown:
        return published, published, seen
    if remembered.told == seen:
        return published, remembered.updated, seen
    return published, max(now, remembered.updated), seen


def item(item_id: str, story: Story, published: int, updated: int) -> Item:
    """Return the item of these values; times are seconds since 1970."""
    return Item(item_id, datetime.fromtimestamp(published, UTC), datetime.fromtimestamp(updated, UTC), story)


def doubled(sightings: Sequence[Placed]) -> tuple[Problem, ...]:
    """Return a problem for every record of ours after the first that tells the same story."""
    files = sorted({placed.file for placed in sightings if placed.sighting.own and not placed.sighting.remote})
    return tuple(
        Problem(file, 1, 1, "duplicate-story", f"the same story as {files[0]}; published as one", Severity.WARNING)
        for file in files[1:]
    )
