"""Pages of archives: read when asked for, since there may be tens of thousands that hardly anybody asks for.

Must never open what a request names: the feed is one that is served, the page a number, and no step may be a link.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from feeds.model.tree import ARCHIVE
from feeds.serve.answer import Rules, form_of
from feeds.serve.media import is_compressible, media_type
from feeds.serve.scan import SIBLINGS
from feeds.serve.tree import NS, PLAIN, Entry, Tree, read_file

_PAGE = re.compile(rf"/{ARCHIVE}(.+)/([1-9][0-9]{{0,8}})(\.[a-z]+)")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Page(NamedTuple):
    """A page that may be there: where in the published folder, and the path of the feed that it belongs to."""

    path: str
    feed: str


def page_at(path: str, tree: Tree) -> Page | None:
    """Return what the path of a request names, None for no page of a feed in this tree."""
    parts = _PAGE.fullmatch(path)
    feed = tree.files.get(feed_of(path)) if parts else None
    if parts is None or feed is None or feed.found is None:
        return None
    return Page(f"{ARCHIVE}{feed.path.removesuffix(parts[3])}/{parts[2]}{parts[3]}", f"/{feed.path}")


def feed_of(path: str) -> str:
    """Return the path of the feed whose page a request names: with the feed, its archive is withdrawn."""
    parts = _PAGE.fullmatch(path)
    return f"/{parts[1]}{parts[3]}" if parts else path


def read_page(root: str, path: str, now: int, rules: Rules) -> Entry:
    """Return a page as it is now (seconds since 1970); raises OSError where there is none.

    It has those forms that the publisher made: compressing pages for whoever walks through an archive is not for us.
    """
    *folders, name = path.split("/")
    with _opened(root, folders) as folder:
        body, mtime_ns = read_file(name, folder)
        kind = media_type(path, body)
        bodies = {**dict(_siblings(name, folder, mtime_ns)), "": body} if is_compressible(kind) else {"": body}
    codings = tuple(bodies) if len(bodies) > 1 else PLAIN
    modified = mtime_ns // NS
    told = modified if modified <= now else None
    forms = {
        coding: form_of(path, each, coding, kind, told, rules, vary=len(codings) > 1) for coding, each in bodies.items()
    }
    return Entry(path, kind, None, codings, body, told, forms=forms)


@contextmanager
def _opened(root: str, folders: list[str]) -> Iterator[int]:
    """Open a folder step by step: with the whole path at once, only its last step is kept from being a link."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in folders:
            inner = os.open(name, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _siblings(name: str, folder: int, mtime_ns: int) -> Iterator[tuple[str, bytes]]:
    """Yield the compressed forms of the very same time, as the publisher writes them."""
    for coding, ending in SIBLINGS.items():
        try:
            body, own_ns = read_file(name + ending, folder)
        except FileNotFoundError:
            continue
        if own_ns == mtime_ns:
            yield coding, body
