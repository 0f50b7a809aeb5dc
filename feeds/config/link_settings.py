"""The `links` settings: how links are checked, and what their verdicts do to items.

This module must never hold a default that would ask a private address or hurry a host.
"""

from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from feeds.config.checks import Text, WebUrl
from feeds.config.section import Section


def _network(value: str) -> str:
    """Return a network in CIDR notation as it is written everywhere."""
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise ValueError(f"must be a network such as 10.0.0.0/8 or fd00::/8, not {value!r}") from None


def _one_line(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("must be printable ASCII: it is sent in the head of every request")
    return value


Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], Field(strict=False)]
Patterns = Annotated[tuple[Text, ...], Field(strict=False)]


class HostSettings(Section):
    """What is special about one host and all below it."""

    host: Text = Field(description="The host, such as example.org; it covers its subdomains too.")
    check: bool = Field(default=True, description="Whether its links are checked at all.")
    rate: float = Field(5.0, gt=0, le=50, strict=False, description="The most requests a second.")


Hosts = Annotated[tuple[HostSettings, ...], Field(strict=False)]


class LinkSettings(Section):
    """How links are checked and what a verdict does."""

    contact: Annotated[str, AfterValidator(_one_line)] = Field(
        "", description="A URL or mail address for those whose hosts are asked; it goes into the User-Agent."
    )
    exclude: Patterns = Field((), description="URLs that are never asked; * stands for anything.")
    hosts: Hosts = Field((), description="Hosts to be treated in a way of their own.")
    allow_networks: Networks = Field((), description="Networks that may be asked though they are not public.")
    on_dead: Literal["fallback", "flag", "drop", "keep"] = Field(
        "fallback",
        description="What becomes of an item whose page is dead: a copy is linked to, it is marked, left out, "
        "or nothing.",
    )
    on_suspect: Literal["keep", "fallback", "flag", "drop"] = Field(
        "keep", description="The same for a page that fails but is not yet dead; anything but keep makes feeds flap."
    )
    on_blocked: Literal["keep", "fallback", "flag", "drop"] = Field(
        "keep", description="The same for a page whose host will not be asked; mostly it is fine in a browser."
    )
    flag_after_days: int = Field(
        30,
        ge=0,
        description="With fallback and no copy: items older than this at their page's death are marked, "
        "younger ones left out.",
    )
    follow_moves: bool = Field(
        default=True, description="Link to where a page has moved for good, once that is certain."
    )
    archive_url: WebUrl = Field(
        "https://web.archive.org/web/", description="The web archive to look for copies of dead pages; empty for none."
    )
    concurrency: int = Field(200, ge=1, le=1000, description="How many requests are under way at once at most.")
    budget_seconds: int = Field(300, ge=1, description="How long `feeds build --check` may check before it builds.")
    proxy: WebUrl = Field("", description="A proxy for all requests; those of the environment are ignored.")
