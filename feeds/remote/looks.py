"""Tell whether a remote entry looks different to a reader, and not merely to a program.

This module must never be used to find an entry again: two entries may look the same.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b

from msgspec.json import encode

from feeds.items.slugs import fold
from feeds.items.urls import DEFAULT_TRACKING, Tracking, clean_url
from feeds.model.remote import RemoteEntry
from feeds.remote.shown import excerpt, headline, page

_TAG = re.compile(r"\s*<(/?)([A-Za-z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\"<>])*+)>\s*")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ADDRESSES = frozenset(("href", "src", "poster", "cite"))


def digest(entry: RemoteEntry, *, full_text: bool = False, tracking: Tracking = DEFAULT_TRACKING) -> str:
    """Return a hash of what a reader sees of the entry.

    White space, the order of attributes and categories, and tracking parameters are not seen; nor are dates, since the
    one that is shown is fixed at first sight. The text counts only where it is shown (`full_text`).
    """

    def address(url: str) -> str:
        return clean_url(url, "", tracking)[0] or url

    enclosure = entry.enclosure
    seen = (
        (_spaced(headline(entry)), _spaced(excerpt(entry)), page(entry, tracking)[0]),
        tuple(map(_spaced, entry.authors)),
        sorted({fold(category) for category in entry.categories}),
        [(address(image.url), image.width, image.height) for image in entry.images],
        (address(enclosure.url), enclosure.type, enclosure.length) if enclosure else None,
        entry.duration,
        _markup(entry.content, tracking) if full_text else "",
    )
    return blake2b(encode(seen), digest_size=12).hexdigest()


def _markup(html: str, tracking: Tracking) -> str:
    def tag(match: re.Match[str]) -> str:
        close, name, rest = match.groups()
        attributes = " ".join(sorted(_attributes(rest, tracking))) if rest else ""
        return f"<{close}{name.lower()} {attributes}>"

    return _TAG.sub(tag, _spaced(_COMMENT.sub("", html)))


def _attributes(written: str, tracking: Tracking) -> Iterator[str]:
    for name, *values in _ATTRIBUTE.findall(written):
        value = "".join(values)
        if name.lower() in _ADDRESSES:
            value = value.replace("&amp;", "&")
            # Without a query there is nothing to remove; with one, this is half of what a text costs.
            value = clean_url(value, "", tracking)[0] or value if "?" in value else value
        yield f'{name.lower()}="{value}"'


def _spaced(text: str) -> str:
    return " ".join(text.split())
