"""The compressed forms that stand beside published files, for web servers that send them without looking at the file.

The same bytes give the same form in every process: no time, no name. Must never touch a file.
"""

from collections.abc import Mapping

# Content codings (RFC 9110 8.4.1, RFC 7932) and what nginx and Caddy put behind the name of a file to find its form.
SUFFIXES: Mapping[str, str] = {"gzip": ".gz", "br": ".br"}
# Pictures are compressed already.
TEXTS = (".rss", ".atom", ".json", ".html", ".opml", ".css", ".js", ".svg")

# Measured with a feed of 52 KB in docs/adr/0015: gzip 9 costs a tenth more than 6, brotli 9 ten times as much as 6.
_GZIP_LEVEL, _BROTLI_QUALITY = 9, 6
_GZIP_FORMAT = 31  # zlib's word for a window of 32 KB in a gzip header with neither time nor name (RFC 1952 2.3)


def forms(path: str, body: bytes, encodings: tuple[str, ...]) -> dict[str, bytes]:
    """Return what should stand beside the file at `path`, by suffix; nothing for what is no text."""
    if not path.endswith(TEXTS):
        return {}
    return {SUFFIXES[encoding]: compress(encoding, body) for encoding in encodings}


def compress(encoding: str, body: bytes) -> bytes:
    """Return the body in this content coding."""
    if encoding == "gzip":
        import zlib  # noqa: PLC0415  where nothing is compressed, neither is needed

        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
        return packer.compress(body) + packer.flush()
    import brotli  # noqa: PLC0415

    packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return packed


def plain(path: str) -> str:
    """Return the file that a compressed form belongs to, any other path as it is."""
    for suffix in SUFFIXES.values():
        if path.endswith(suffix):
            return path.removesuffix(suffix)
    return path
