"""The one client that this program asks the web with, as the settings want it."""

from typing import TYPE_CHECKING

from feeds import __version__
from feeds.web.client import WebClient
from feeds.web.guard import networks
from feeds.web.limits import Limits

if TYPE_CHECKING:
    from feeds.config.load import Loaded


def web_client(loaded: "Loaded", allow: tuple[str, ...] = (), limits: Limits | None = None) -> WebClient:
    """Return a client that tells who we are and contacts public addresses, those allowed by settings, and `allow`."""
    links = loaded.settings.links
    agent = f"feeds/{__version__} (+{links.contact})" if links.contact else f"feeds/{__version__}"
    allowed = networks((*links.allow_networks, *allow))
    return WebClient(agent, allowed=allowed, limits=limits or Limits(), proxy=links.proxy)
