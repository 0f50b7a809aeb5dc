"""A feed that the operator asks for by a query."""

from dataclasses import dataclass
from typing import Literal

from feeds.selection.query import Query

Sort = Literal["newest", "score", "quality", "heat"]


@dataclass(frozen=True, slots=True)
class CustomFeed:
    """One custom feed: `name` is its key. `half_life` is in seconds; None stands for what other feeds have."""

    name: str
    title: str
    description: str
    image: str
    query: Query
    sort: Sort = "newest"
    half_life: int = 3 * 86_400
    limit: int | None = None
    cap: int | None = None
