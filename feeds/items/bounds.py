"""Keep what one record says within bounds: it is written into every feed that carries it.

One record of 1 MiB, with a title and topics without end, filled the disk with 24 GB of feeds. The bounds are far above
what real records hold: titles of 127 characters, summaries of 725, three topics.
"""

from dataclasses import replace
from typing import TypeVar

from feeds.items.fields import Note
from feeds.items.text import shorten
from feeds.model.item import Story

T = TypeVar("T")

TITLE, NAME, SUMMARY, MANY = 1_000, 200, 10_000, 100


def bounded(story: Story, note: Note) -> Story:
    """Return the story with what is too long cut short and what is too many left out, noting each."""
    # Looked at first: to cut nothing from each of 44,000 stories would cost more than all else that is done here.
    return story if _is_within(story) else _cut(story, note)


def _is_within(story: Story) -> bool:
    return (
        len(story.title) <= TITLE
        and len(story.summary) <= SUMMARY
        and max(len(story.topics), len(story.images), len(story.authors)) <= MANY
        and max(map(len, (story.kind, story.provider.name, *story.topics, *story.authors))) <= NAME
    )


def _cut(story: Story, note: Note) -> Story:
    def text(value: str, limit: int, field: str) -> str:
        if len(value) > limit:
            note("too-long", f"'{field}' is cut to {limit:,} characters", (field,))
        return shorten(value, limit)

    def few(values: tuple[T, ...], field: str) -> tuple[T, ...]:
        if len(values) > MANY:
            note("too-many", f"of {len(values):,} '{field}' the first {MANY} count", (field,))
        return values[:MANY]

    return replace(
        story,
        title=text(story.title, TITLE, "title"),
        summary=text(story.summary, SUMMARY, "excerpt"),
        kind=text(story.kind, NAME, "type"),
        provider=replace(story.provider, name=text(story.provider.name, NAME, "provider")),
        topics=tuple(dict.fromkeys(text(topic, NAME, "topics") for topic in few(story.topics, "topics"))),
        images=few(story.images, "images"),
        authors=tuple(text(author, NAME, "authors") for author in few(story.authors, "authors")),
    )
