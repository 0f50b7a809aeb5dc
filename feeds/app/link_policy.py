"""What the settings say the verdicts of links do to items: needed by every build, so it imports next to nothing."""

from typing import TYPE_CHECKING

from feeds.links.policy import DAY, Policy

if TYPE_CHECKING:
    from feeds.config.load import Loaded


def link_policy(loaded: "Loaded") -> Policy:
    """Return what the settings say verdicts do."""
    links = loaded.settings.links
    return Policy(
        on_dead=links.on_dead,
        on_suspect=links.on_suspect,
        on_blocked=links.on_blocked,
        follow_moves=links.follow_moves,
        archive=bool(links.archive_url),
        flag_after=links.flag_after_days * DAY,
    )
