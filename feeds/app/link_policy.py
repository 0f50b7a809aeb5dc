"""What the settings say the verdicts of links do to items: needed by every build, so it imports next to nothing."""

from typing import TYPE_CHECKING

from feeds.app.custom import custom_feeds
from feeds.links.policy import DAY, Policy
from feeds.model.link import Verdict

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
        told=_told(loaded),
    )


def _told(loaded: "Loaded") -> frozenset[Verdict]:
    """Return the verdicts that pages show or queries ask for."""
    if any(feed.query.asks_links for feed in custom_feeds(loaded)):
        return frozenset(Verdict)
    return frozenset({Verdict.DEAD, Verdict.SUSPECT}) if loaded.settings.pages.enabled else frozenset()
