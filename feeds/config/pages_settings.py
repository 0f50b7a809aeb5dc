"""The `pages` settings: whether feeds have web pages, and what these show.

This module must never read a template; it carries where they are.
"""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from feeds.config.section import Section
from feeds.model.look import Reader

READERS = {
    "feedly": Reader("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
    "inoreader": Reader("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    "newsblur": Reader("NewsBlur", "https://www.newsblur.com/?url={url}"),
    "theoldreader": Reader("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
    "app": Reader("Feed app", "feed:{address}"),
}


def _reader(value: str) -> str:
    if value not in READERS:
        name, _, link = value.partition("=")
        own = urlsplit(link.strip())
        if not name.strip() or own.scheme not in {"http", "https"} or not own.netloc or "{url}" not in link:
            known = ", ".join(READERS)
            raise ValueError(
                f"must be one of {known}, or like Miniflux=https://rss.example.org/bookmarklet?uri={{url}}"
            )
    return value


ReaderName = Annotated[str, AfterValidator(_reader)]
Readers = Annotated[tuple[ReaderName, ...], Field(strict=False)]


class PagesSettings(Section):
    """Which web pages are published beside the feeds."""

    enabled: bool = Field(default=True, description="Publish a front page and a page for each feed.")
    images: Literal["ask", "show", "hide"] = Field(
        "ask",
        description="Pictures of items come from other hosts: load one when a reader opens it (ask), load all that are "
        "in sight (show), or leave them out (hide).",
    )
    items: int = Field(20, ge=1, le=500, description="How many of its newest items the page of a feed shows.")
    readers: Readers = Field(
        tuple(READERS),
        description="The programs that a page can send a feed to: names known here, and NAME=LINK with {url} for the "
        "address of the feed.",
    )
    templates: str = Field(
        "", description="The folder with templates, styles and scripts that take the place of our own."
    )
    health: bool = Field(
        default=False,
        description="Publish health.html too, which tells everybody what is wrong with records, links and sources.",
    )


def readers_of(settings: PagesSettings) -> tuple[Reader, ...]:
    """Return the programs that pages offer to send a feed to."""
    return tuple(READERS.get(each) or _own(each) for each in settings.readers)


def _own(value: str) -> Reader:
    name, _, link = value.partition("=")
    return Reader(name.strip(), link.strip())
