"""What the editors and the operator decided about turning records into items."""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from feeds.items.urls import DEFAULT_TRACKING, Tracking
from feeds.model.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that change what an item says; two equal sets of rules give equal items.

    `zone` is the one dates without a zone are meant in; `relative_to` the URL relative addresses are meant from.
    """

    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    zone: tzinfo = UTC
    related: bool = True
    include_unpublished: bool = False
    undated_kinds: frozenset[str] = frozenset()
    relative_to: str = ""
    tracking: Tracking = DEFAULT_TRACKING
