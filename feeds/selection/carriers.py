"""Name the feeds that carry a story."""

from dataclasses import dataclass

from feeds.items.slugs import fold
from feeds.model.item import Story


@dataclass(frozen=True, slots=True)
class Carrier:
    """A feed as a story names it: its kind, what tells it from others of its kind, and the name it was given.

    `ref` is "" for the feed of everything, the folded name of a topic, the domain of a provider.
    """

    kind: str
    ref: str
    label: str


def carriers(story: Story, *, topics: bool = True, providers: bool = True) -> tuple[Carrier, ...]:
    """Return the feeds that carry the story, each once; one that follows another stands in its provider's feed only."""
    found = [] if story.follows else [Carrier("all", "", "")]
    if topics and not story.follows:
        found += [Carrier("topic", fold(name), name) for name in story.topics]
    if providers and story.provider.domain:
        found.append(Carrier("provider", story.provider.domain, story.provider.name))
    return tuple({(carrier.kind, carrier.ref): carrier for carrier in found}.values())
