"""Turn topics.yaml into topic entries: their slugs, their aliases, and parents that exist and do not go in circles.

This module must never invent a name; a slug that is not written is worked out from the name.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from feeds.config.checks import Text, WebUrl
from feeds.config.document import Document
from feeds.config.entries import Claims, Names, entries
from feeds.config.faults import Fault, suggestion
from feeds.config.keys import Loc, dotted
from feeds.config.section import Section
from feeds.items.slugs import assign, fold
from feeds.model import TopicEntry

# A file name is at most 255 bytes; 80 leave room for the folder, the ending and percent-encoding in a URL.
SLUG_BYTES = 80


def _slug(value: str) -> str:
    if not value or not all(char.isalnum() or char in "-_" for char in value):
        raise ValueError(f"must be letters, digits, - and _ only, not {value!r}")
    if len(value.encode()) > SLUG_BYTES:
        raise ValueError(f"must be at most {SLUG_BYTES} bytes long, not {len(value.encode())}")
    return value


Slug = Annotated[str, AfterValidator(_slug)]


class TopicSettings(Section):
    """One topic."""

    name: Text = Field(description="The name of the topic as feeds show it.")
    slug: Slug | None = Field(None, description="The file name of its feeds; worked out from the name if not given.")
    aliases: Names = Field((), description="Other names that mean the same topic.")
    parent: str = Field("", description="The name of the wider topic this one is part of.")
    description: str = Field("", description="One line on what the topic is about.")
    keywords: Names = Field((), description="Words that belong to the topic.")
    image: WebUrl = Field("", description="The URL of a picture for the topic.")
    include_children: bool = Field(
        default=False, description="Whether its feed also carries the items of the topics below it."
    )


class TopicsFile(Section):
    """What topics.yaml may hold."""

    topics: Annotated[tuple[TopicSettings, ...], Field(strict=False)] = Field((), description="The topics.")


def topics_of(document: Document) -> tuple[dict[str, TopicEntry], list[Fault]]:
    """Return the topics by folded name and folded alias, and what is wrong with them."""
    topics, faults = entries(document, TopicsFile, "topics", TopicSettings)
    names, slugs = Claims(document, "name or alias"), Claims(document, "slug")
    for index, topic in topics.items():
        names.claim(fold(topic.name), topic.name, ("topics", index, "name"))
        for number, alias in enumerate(topic.aliases):
            names.claim(fold(alias), alias, ("topics", index, "aliases", number))
        if topic.slug:  # two slugs that differ in case are one file on some disks
            slugs.claim(topic.slug.casefold(), topic.slug, ("topics", index, "slug"))
    known = _entries(list(topics.values()))
    # With an entry left out for a fault of its own, a parent may only seem to be missing.
    parents = [] if faults else _parent_faults(document, topics, known)
    return known, [*faults, *names.faults, *slugs.faults, *parents]


def _entries(topics: list[TopicSettings]) -> dict[str, TopicEntry]:
    canonical = {fold(alias): topic.name for topic in topics for alias in (*topic.aliases, topic.name)}
    written = {fold(topic.name): topic.slug for topic in topics if topic.slug}
    given = assign(
        [topic.name for topic in topics if not topic.slug], {name: slug.casefold() for name, slug in written.items()}
    )
    slugs = given | written
    known: dict[str, TopicEntry] = {}
    for topic in topics:
        parent = canonical.get(fold(topic.parent), "")
        entry = TopicEntry(
            topic.name,
            slugs[fold(topic.name)],
            topic.aliases,
            parent,
            topic.description,
            topic.keywords,
            topic.image,
            topic.include_children,
        )
        for name in (topic.name, *topic.aliases):
            known.setdefault(fold(name), entry)
    return known


def _parent_faults(document: Document, topics: dict[int, TopicSettings], known: dict[str, TopicEntry]) -> list[Fault]:
    faults = []
    circled: set[str] = set()
    for index, topic in topics.items():
        circle = _circle(topic.name, known)
        if topic.parent and fold(topic.parent) not in known:
            near = suggestion(topic.parent, [entry.name for entry in known.values()])
            reason = f"{topic.parent!r} is no topic{near or '; add it to the topics'}"
        elif circle and circle[0] not in circled:
            circled.update(circle)
            reason = f"the parents go in a circle: {' > '.join((*circle, circle[0]))}; remove one of them"
        else:
            continue
        loc: Loc = ("topics", index, "parent")
        faults.append(Fault(document.place(loc), dotted(loc), reason))
    return faults


def _circle(name: str, known: dict[str, TopicEntry]) -> list[str]:
    """Return the topics on the way from `name` through its parents back to `name`, or nothing."""
    way = [known[fold(name)].name]
    while (parent := known[fold(way[-1])].parent) and parent not in way:
        way.append(parent)
    return way if parent == way[0] else []
