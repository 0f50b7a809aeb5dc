"""What a reader is shown of a remote entry: its headline, its excerpt, its text, its date.

This module must never say anything that the entry does not.
"""

from datetime import UTC, datetime, timedelta

from feeds.items.text import clean_line, shorten
from feeds.items.urls import DEFAULT_TRACKING, Tracking, clean_url, identity_key
from feeds.model.remote import RemoteEntry

_TITLE, _HEADLINE, _EXCERPT = 300, 120, 500
# An excerpt is found in the first part of the text, so that a text of any size costs the same.
_HEAD = 8_192
_SKEW = timedelta(days=1)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # as parse_date, and the W3C validator's ImplausibleDate


def headline(entry: RemoteEntry) -> str:
    """Return the title (at most 300 characters), else the first words of the text; "" where there are neither."""
    return shorten(entry.title, _TITLE) or shorten(excerpt(entry), _HEADLINE)


def excerpt(entry: RemoteEntry) -> str:
    """Return the summary, else the beginning of the text, as plain text of at most 500 characters.

    It is "" where it would only say the title again.
    """
    text = entry.summary or clean_line(entry.content[:_HEAD])
    return "" if text == entry.title else shorten(text, _EXCERPT)


def page(entry: RemoteEntry, tracking: Tracking = DEFAULT_TRACKING) -> tuple[str, str]:
    """Return the entry's page without tracking parameters and its identity key, or two empty strings."""
    link = clean_url(entry.link, "", tracking)[0] if entry.link else ""
    return link, identity_key(link) if link else ""


def told_date(entry: RemoteEntry, now: int) -> datetime | None:
    """Return when the entry says it was published, else changed; None where neither can be true at `now`.

    A date up to a day ahead is the local time of a clock in another zone, and means `now`.
    """
    moment = datetime.fromtimestamp(now, UTC)
    for told in (entry.published, entry.updated):
        if told is not None and _EARLIEST <= told <= moment + _SKEW:
            return min(told, moment)
    return None
