"""Dates, numbers and addresses as pages write them. Must never write a time as seen from now: pages have no clock."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from feeds.model import FeedSpec, Site
from feeds.model.feed import without_site
from feeds.render.wording import feed_title, site_title

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Longer than any excerpt that was written as one; whole articles end here.
EXCERPT = 480
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")


class Moment(NamedTuple):
    """A time as a machine reads it and as people do, in UTC."""

    iso: str
    text: str


def moment(when: datetime) -> Moment:
    """Return a time as pages write it."""
    return Moment(f"{when:%Y-%m-%dT%H:%M:%SZ}", f"{when.day} {MONTHS[when.month - 1]} {when.year}")


def moment_at(seconds: int) -> Moment | None:
    """Return a time given in seconds since 1970, None for 0."""
    return moment(datetime.fromtimestamp(seconds, UTC)) if seconds else None


def number(count: int, one: str, many: str) -> str:
    """Return `1 feed` or `1,234 feeds`."""
    return f"{count:,} {one if count == 1 else many}"


def web_address(url: str) -> str:
    """Return `url` if a page may link to it, else ""."""
    return url if url.startswith(("https://", "http://")) and not _UNSAFE.search(url) else ""


def host_of(url: str) -> str:
    """Return the host of an http(s) address as people read it."""
    return url.split("/", 3)[2].rpartition("@")[2].removeprefix("www.")


def shortened(text: str) -> str:
    """Return plain text of a length that suits a list."""
    if len(text) <= EXCERPT:
        return text
    words, _, _ = text[:EXCERPT].rpartition(" ")
    return f"{(words or text[:EXCERPT]).rstrip(' ,;:.')} …"


def short_title(spec: FeedSpec, site: Site) -> str:
    """Return the title of a feed without the site's, which every page shows anyway."""
    title = feed_title(spec, site)
    return without_site(title, site_title(site)) or title
