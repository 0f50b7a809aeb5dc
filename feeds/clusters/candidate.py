"""What a search for equal stories needs to know of an item, and the limits it keeps to."""

from dataclasses import dataclass

HOUR = 3_600
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item as clusters see it; `published` in seconds since 1970, title and summary plain text.

    `curated` is true for our own records; `quality` is None where nobody rated the item.
    """

    id: str
    title: str
    summary: str
    provider_domain: str
    published: int
    curated: bool = False
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """When two items are one story; bench/CLUSTERS.md tells how the figures were chosen.

    Scores run from 0 to 1. Titles must score `join` to put a new pair together and `stay` to leave one together; they
    must share words of the weight `least`, and equal titles of less than `sparse` need summaries with a word in common.
    Where titles score `hint`, summaries may decide: `lead` is the share of the shorter one's beginning that must be in
    the other; from a title score of `near` on, one word of it has to be in the titles, else two.

    `window` is the longest time between two items of a cluster, `own_window` that between two of one provider
    (seconds). `margin` is how much better rated a newcomer must be to take the lead. `common` are words that tell
    little here, as `words_of` returns them: those of the names of topics.

    The rest bounds the work: an item is looked up under its rarest words until `looks` others were seen, `postings` for
    each word; those that share a word fewer than `rare` have, or two others, and `share` of the words of the shorter
    title, are candidates, and the best `trials` of them are compared.
    """

    join: float = 0.86
    stay: float = 0.7
    near: float = 0.55
    hint: float = 0.25
    window: int = 4 * DAY
    own_window: int = 12 * HOUR
    least: float = 2.3
    sparse: float = 3.5
    lead: float = 0.5
    postings: int = 50
    rare: int = 8
    looks: int = 100
    share: float = 0.3
    trials: int = 8
    margin: int = 5
    common: frozenset[str] = frozenset()


DEFAULT_POLICY = Policy()
