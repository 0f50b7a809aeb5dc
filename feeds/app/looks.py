"""The look of the web pages as the settings want it: needed by every build, so it imports next to nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from feeds.config.pages_settings import readers_of
from feeds.errors import PublishError
from feeds.model.tree import FRONT
from feeds.publish import digest
from feeds.theme.theme import read_look

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.model.look import Look


# Stands in the head of every page that we make.
_OURS = b'name="generator" content="feeds"'
_HEAD = 4096


def look_of(loaded: "Loaded") -> "Look | None":
    """Return the look of the pages, None where there are none. Raises ThemeError."""
    return health_look(loaded) if loaded.settings.pages.enabled else None


def health_look(loaded: "Loaded") -> "Look":
    """Return the look of the page for the operator, who may see it where there are no others. Raises ThemeError."""
    pages = loaded.settings.pages
    folder = loaded.project / pages.templates if pages.templates else None
    return read_look(pages.images, readers_of(pages), folder)


def front_of_others(out: Path, *, wanted: bool) -> str:
    """Return the digest of a front page that does not say it is ours, "" where there is none of that kind.

    Raises PublishError where one is wanted and what is there cannot be read.
    """
    try:
        with (out / FRONT).open("rb") as stream:
            head = stream.read(_HEAD)
            return "" if _OURS in head else digest(head + stream.read())
    except FileNotFoundError:
        return ""
    except OSError as error:
        if not wanted:
            return ""
        raise PublishError(
            f"{out / FRONT} cannot be read: {error.strerror}; mend that, or turn pages.enabled off"
        ) from error
