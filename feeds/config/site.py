"""The `site` settings: what all feeds say about who publishes them.

This module must never hold anything about single feeds.
"""

from pydantic import Field

from feeds.config.checks import Language, Text, WebUrl
from feeds.config.section import Section


class SiteSettings(Section):
    """What the head of every feed says."""

    title: Text = Field("Feeds", description="The name of the site; it begins the title of every feed.")
    description: str = Field("", description="One line on what the site is about.")
    language: Language = Field("en", description="The language of the feeds, as a BCP 47 tag such as en or pt-BR.")
    author: str = Field("", description="Who publishes the feeds: a person or an organisation.")
    rights: str = Field(
        "Excerpts and images belong to their publishers.", description="The notice on rights in every feed."
    )
    image: WebUrl = Field("", description="The URL of a GIF, JPEG or PNG that stands for the site.")
    id: str = Field(
        "",
        description="What tells these feeds from all others in their ids; the host of base_url where it is not set. "
        "Set it to the old host when the site moves, so that readers know the feeds again.",
    )
    home_url: WebUrl = Field("", description="The URL of the web site that the feeds belong to, if there is one.")
