"""The `custom_feeds` settings: feeds of whatever a query finds.

This module must never ask a query anything; it sees to it that each can be read.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from feeds.config.checks import WebUrl
from feeds.config.section import Section
from feeds.config.topics import Slug
from feeds.selection.custom import CustomFeed, Sort
from feeds.selection.query import parse_query

DAY = 86_400
# A bonus is at most ten of them (`GREATEST` in selection/score.py) in seconds, and PostgreSQL keeps 31 bits of it.
LONGEST_HALF_LIFE = 2_400
# What else stands in the output folder under a name without a folder.
RESERVED = frozenset(
    {"all", "archive", "assets", "feeds", "health", "index", "providers", "robots", "sitemap", "topics"}
)


def _free(value: str) -> str:
    if value.casefold() in RESERVED:
        raise ValueError(f"{value!r} is taken by a file of our own; choose another name")
    return value


def _readable(value: str) -> str:
    parse_query(value)
    return value


class CustomFeedSettings(Section):
    """One custom feed."""

    name: Annotated[Slug, AfterValidator(_free)] = Field(description="The file name of the feed, such as top-ai.")
    title: str = Field("", description="What readers see; the name if not given.")
    description: str = Field("", description="One line on what the feed holds.")
    image: WebUrl = Field("", description="The URL of a picture for the feed.")
    query: Annotated[str, AfterValidator(_readable)] = Field("", description="Which items it holds; all if not given.")
    sort: Sort = Field(
        "newest",
        description="The newest items, or those of the highest score: `score` is quality and heat together.",
    )
    half_life_days: float = Field(
        3.0,
        gt=0,
        le=LONGEST_HALF_LIFE,
        description="How long it takes for a score to count half; the newest need none.",
    )
    limit: int | None = Field(None, ge=1, description="The most items it holds; feeds.limit if not given.")
    provider_cap: int | None = Field(
        None, ge=1, description="The most items of one provider in it; feeds.provider_cap if not given."
    )


def _each_once(value: tuple[CustomFeedSettings, ...]) -> tuple[CustomFeedSettings, ...]:
    first: dict[str, int] = {}
    for number, each in enumerate(value):
        other = first.setdefault(each.name.casefold(), number)
        if other != number:
            raise ValueError(
                f"custom_feeds[{number}] and custom_feeds[{other}] have the same name {each.name!r}; "
                "give one of them another name"
            )
    return value


CustomFeeds = Annotated[tuple[CustomFeedSettings, ...], Field(strict=False), AfterValidator(_each_once)]


def custom_feed(given: CustomFeedSettings) -> CustomFeed:
    """Return a custom feed as the core sees it."""
    return CustomFeed(
        given.name,
        given.title,
        given.description,
        given.image,
        parse_query(given.query),
        given.sort,
        round(given.half_life_days * DAY),
        given.limit,
        given.provider_cap,
    )
