"""The `feeds` settings: which feeds there are, in which formats, and how much each one holds.

This module must never choose items; it carries the limits that `feeds.selection` applies.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from feeds.config.section import Section

Format = Literal["rss", "atom", "json"]
FORMATS: tuple[Format, ...] = ("rss", "atom", "json")


def _in_order(value: tuple[Format, ...]) -> tuple[Format, ...]:
    """Return each format once and always in the same order, so that the files do not depend on how it was typed."""
    return tuple(each for each in FORMATS if each in value)


Encoding = Literal["gzip", "br"]
ENCODINGS: tuple[Encoding, ...] = ("gzip", "br")


def _each_once(value: tuple[Encoding, ...]) -> tuple[Encoding, ...]:
    return tuple(each for each in ENCODINGS if each in value)


Encodings = Annotated[tuple[Encoding, ...], Field(strict=False), AfterValidator(_each_once)]
Formats = Annotated[tuple[Format, ...], Field(strict=False, min_length=1), AfterValidator(_in_order)]


class FeedsSettings(Section):
    """Which feeds are published and how long they are."""

    topics: bool = Field(default=True, description="Publish one feed for each topic.")
    providers: bool = Field(default=True, description="Publish one feed for each provider.")
    formats: Formats = Field(default=FORMATS, description="The formats each feed is published in.")
    group_same_stories: bool | None = Field(
        None,
        description="Carry a story that several providers tell once: the others are named below it, and stand in their "
        "providers' feeds. If not given, this is done where there are remote feeds.",
    )
    limit: int = Field(50, ge=1, description="The most items a feed holds; the newest stay.")
    max_age_days: int | None = Field(
        None, ge=1, description="Leave out items published more than this many days ago; empty keeps them all."
    )
    provider_cap: int | None = Field(
        None, ge=1, description="The most items of one provider in the feed of everything or a topic; empty for no cap."
    )
    interleave: bool = Field(
        default=False,
        description="Leave more room to providers that publish little: an item counts as a day older for each newer "
        "one of its provider when a feed is filled. The order stays newest first.",
    )
    archives: bool = Field(
        default=True,
        description="Keep what leaves a feed on pages of an archive that readers can walk back through (RFC 5005). "
        "Feeds that drop items by age or order them by score have none.",
    )
    tombstone_days: int = Field(
        30,
        ge=0,
        description="How many days Atom feeds say of a withdrawn item that it is gone (RFC 6721); 0 for not at all.",
    )
    ttl: int = Field(60, ge=1, description="How many minutes a reader may keep a feed before it asks again.")
    encodings: Encodings = Field(
        (), description="The compressed forms to write beside each file, for web servers that send them as they are."
    )
