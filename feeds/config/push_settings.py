"""The `push` settings: the WebSub hubs that hear of changed feeds. Must never name one by itself."""

from typing import Annotated

from pydantic import Field

from feeds.config.checks import SomeUrl
from feeds.config.section import Section

Hubs = Annotated[tuple[SomeUrl, ...], Field(strict=False)]


class PushSettings(Section):
    """Who is told when a feed changes."""

    hubs: Hubs = Field((), description="The WebSub hubs that every feed names and that are told when one changes.")
    wait_seconds: int = Field(
        10, ge=1, le=300, description="How long `feeds build` waits for hubs at most, after everything is published."
    )
