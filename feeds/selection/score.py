"""How much younger a score makes an item."""

from math import log2

from feeds.model.item import Story
from feeds.selection.custom import Sort

# A bound on what a number in a record can do: 1,024 and more make an item ten half-lives younger.
GREATEST = 10


def bonus(story: Story, sort: Sort, half_life: int) -> int:
    """Return by how many seconds an item counts as younger than it is: one half-life for each doubling of its score.

    A missing score counts as 0, and 0 as 1.
    """
    if sort == "newest":
        return 0
    quality = (story.quality or 0) if sort in {"score", "quality"} else 0
    heat = (story.heat or 0) if sort in {"score", "heat"} else 0
    return round(half_life * log2(min(max(quality + heat, 1), 2**GREATEST)))
