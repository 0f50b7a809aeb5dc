"""Tell where each thing that a story shows comes from, and what else was said about it.

Must never have rules of its own: whose word counts is decided in `feeds.items.merge`, which is asked here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from feeds.items.merge import Placed, speaker, topic_voices, voices
from feeds.items.slugs import fold
from feeds.model.item import Enclosure, Image, Provider

# What readers can see of a story, in the order in which they see it; copies are shown where the page is dead.
FIELDS = (
    *("title", "link", "summary", "date", "provider", "authors", "kind", "language", "images", "enclosure"),
    *("duration", "content", "amp", "cdn_amp"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one sighting says of a field, in words; `file` is the document it stands in."""

    file: str
    value: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A field as the story tells it, and the document it comes from; `others` say something else, best first.

    `value` is "" where whose word counts says nothing.
    """

    field: str
    value: str
    file: str
    others: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicOrigin:
    """A topic and the documents that name it; `counts` is False where none of them has a say in the topics."""

    topic: str
    files: tuple[str, ...]
    counts: bool


def origins(sightings: Iterable[Placed]) -> tuple[Origin, ...]:
    """Return where each field comes from that anybody says something about; a story held back is told likewise."""
    ordered = voices(sightings)
    found = (_origin(name, ordered) for name in FIELDS) if ordered else ()
    return tuple(origin for origin in found if origin.value or origin.others)


def _origin(name: str, ordered: Sequence[Placed]) -> Origin:
    chosen = speaker(ordered, name)
    value = _value(chosen, name)
    others = {Said(placed.file, _value(placed, name)): None for placed in ordered if placed is not chosen}
    return Origin(name, value, chosen.file, tuple(said for said in others if said.value not in {"", value}))


def topic_origins(sightings: Iterable[Placed]) -> tuple[TopicOrigin, ...]:
    """Return who names which topic: those that the story has, in its order, before those that nobody listens to."""
    ordered = voices(sightings)
    heard = topic_voices(ordered)
    deaf = [placed for placed in ordered if placed not in heard]
    named = _named(heard)
    unheard = {key: value for key, value in _named(deaf).items() if key not in named}
    told = [TopicOrigin(topic, tuple(files), counts=True) for topic, files in named.values()]
    return (*told, *(TopicOrigin(topic, tuple(files), counts=False) for topic, files in unheard.values()))


def _named(speakers: Sequence[Placed]) -> dict[str, tuple[str, dict[str, None]]]:
    """Return topics by folded name: as first written, and the files that name them."""
    named: dict[str, tuple[str, dict[str, None]]] = {}
    for placed in speakers:
        for topic in placed.sighting.story.topics:
            named.setdefault(fold(topic), (topic, {}))[1][placed.file] = None
    return named


def _value(placed: Placed, name: str) -> str:
    return in_words(getattr(placed.sighting.story, name))


def in_words(value: object) -> str:
    """Return the value of a field as people read it, "" for one that says nothing."""
    match value:
        case tuple():
            said = ", ".join(map(in_words, value))
        case datetime():
            said = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        case Provider():
            said = f"{value.name} ({value.domain})" if value.name and value.domain else value.name or value.domain
        case Image():
            said = f"{value.url} ({value.width}x{value.height})" if value.width and value.height else value.url
        case Enclosure():
            said = " ".join(filter(None, (value.url, value.type, f"{value.length} bytes" if value.length else "")))
        case int():
            said = f"{value} seconds" if value else ""
        case _:
            said = str(value or "")
    return said
