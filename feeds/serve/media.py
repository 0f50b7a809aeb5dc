"""What kind of file this is, for the Content-Type field and for compression. Must never look at the disk."""

from feeds.model.tree import CATALOGUE

FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))
UNKNOWN = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"

_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/json",
    # A text type without a charset counts as US-ASCII (RFC 2046 4.1.2); XML and JSON say for themselves.
    "opml": "text/x-opml; charset=utf-8",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
    "xslt": "application/xslt+xml",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "txt": TEXT,
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "gz": "application/gzip",
}
_COMPRESSIBLE = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")
# JSON Feed 1.1: `version` is a URL of this kind; it stands in the first lines of what we write.
_JSON_FEED = b"https://jsonfeed.org/version/"
_JSON_HEAD = 512


def media_type(path: str, body: bytes) -> str:
    """Return the Content-Type of a file; what is in a JSON file decides whether it is a feed."""
    kind = _TYPES.get(path.rpartition(".")[2].lower(), UNKNOWN)
    if kind == "application/json" and path != CATALOGUE and _JSON_FEED in body[:_JSON_HEAD].replace(b"\\/", b"/"):
        return "application/feed+json"
    return kind


def is_compressible(kind: str) -> bool:
    """Tell whether compressing files of this type is worth it: pictures and archives are compressed already."""
    return kind in FEED_TYPES or kind.startswith(_COMPRESSIBLE) or kind == "application/xslt+xml"


def may_be_compressible(path: str) -> bool:
    """Tell the same of a file that was not read."""
    return is_compressible(_TYPES.get(path.rpartition(".")[2].lower(), UNKNOWN))
