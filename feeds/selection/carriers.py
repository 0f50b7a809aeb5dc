"""Name the feeds that carry a story."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from feeds.items.slugs import fold
from feeds.model.item import Story
from feeds.model.taxonomy import Taxonomy
from feeds.selection.custom import CustomFeed
from feeds.selection.query import NEVER, Facts, ages, encode
from feeds.selection.score import bonus


@dataclass(frozen=True, slots=True)
class Carrier:
    """A feed as a story names it: its kind, what tells it from others of its kind, and the name it was given.

    `ref` is "" for the feed of everything, the folded name of a topic, the domain of a provider, the name of a custom
    feed. `via` is the narrower topic by which a wider one takes the story in. `bonus` and `ages` are those of a place
    in a custom feed (see `WindowRow`).
    """

    kind: str
    ref: str
    label: str
    via: str = ""
    bonus: int = 0
    ages: str = ""


@dataclass(frozen=True, slots=True)
class Lineup:
    """Which feeds there are: one for each topic and provider or not, and those of the settings.

    `language` is the site's, for stories that name none.
    """

    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    topics: bool = True
    providers: bool = True
    custom: tuple[CustomFeed, ...] = ()
    language: str = "en"


def carriers(story: Story, lineup: Lineup, verdict: str = "") -> tuple[Carrier, ...]:
    """Return the feeds that carry the story, each once; one that follows another stands in its provider's feed only.

    `verdict` is what is known of the story's page, "" for nothing. A feed whose query depends on the age of an item
    carries it from the beginning, where there is an age at which it does.
    """
    found = [] if story.follows else [Carrier("all", "", "")]
    if lineup.topics and not story.follows:
        found += _topics(story, lineup.taxonomy)
    if lineup.providers and story.provider.domain:
        found.append(Carrier("provider", story.provider.domain, story.provider.name))
    if lineup.custom and not story.follows:
        found += _custom(story, lineup, verdict)
    once: dict[tuple[str, str], Carrier] = {}
    for carrier in found:
        once.setdefault((carrier.kind, carrier.ref), carrier)
    return tuple(once.values())


def _topics(story: Story, taxonomy: Taxonomy) -> Iterator[Carrier]:
    """Yield the topics of a story, and after them the wider ones that take it in."""
    yield from (Carrier("topic", fold(name), name) for name in story.topics)
    for name in story.topics if taxonomy.topics else ():
        yield from (Carrier("topic", fold(wide), wide, via=name) for wide in wider(name, taxonomy))


def wider(topic: str, taxonomy: Taxonomy) -> Iterator[str]:
    """Yield the topics above this one that take in what is below them, the nearest first."""
    entry = taxonomy.topics.get(fold(topic))
    while entry and entry.parent:
        entry = taxonomy.topics.get(fold(entry.parent))
        if entry and entry.include_children:
            yield entry.name


def facts_of(story: Story, lineup: Lineup, verdict: str = "") -> Facts:
    """Return what a query may ask of a story."""
    names = [*story.topics, *(wide for name in story.topics for wide in wider(name, lineup.taxonomy))]
    return Facts(story, frozenset(map(fold, names)), story.language or lineup.language, verdict or "unknown")


def _custom(story: Story, lineup: Lineup, verdict: str) -> Iterator[Carrier]:
    facts = facts_of(story, lineup, verdict)
    for feed in lineup.custom:
        belongs = ages(feed.query, facts)
        if belongs != NEVER:
            score = bonus(story, feed.sort, feed.half_life)
            yield Carrier("custom", feed.name, "", bonus=score, ages=encode(belongs))
