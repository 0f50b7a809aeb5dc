"""The ASGI application over a tree: looks up a name, sends what is in memory. Must never open what a request names.

Raw ASGI and no framework: answers are made when a file is read, so that a request costs a look-up and two sends.
A server that knows `at_once` may ask that first, and write what it gets as it is.
"""

import asyncio
import gzip
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import brotli

from feeds.serve.answer import (
    Answer,
    Form,
    Rules,
    answer,
    fields_of,
    form_of,
    not_acceptable,
    not_allowed,
    not_found,
    options,
    withdrawn,
)
from feeds.serve.archive import Page, feed_of, page_at, read_page
from feeds.serve.negotiation import chosen
from feeds.serve.scan import Stamp
from feeds.serve.tree import Entry, Tree, read

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Sent in pieces, a large body waits here and not once more in the buffer of each slow connection.
PIECE = 65_536
# As much as may wait for a slow connection that is sent pieces: one in the buffer above its high-water mark.
AT_ONCE = 2 * PIECE
# 2 ms for 50 KB; the best quality would take 80 for a tenth less.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
READERS = 4


class _Wanted(NamedTuple):
    """A form of a file that has to be made or read first."""

    entry: Entry
    coding: str
    fields: Mapping[bytes, bytes]


class _Paged(NamedTuple):
    """A page of an archive that may be on the disk."""

    page: Page
    fields: Mapping[bytes, bytes]


class TreeApp:
    """Serves one tree at a time; `take` changes it between two requests.

    Pages of archives come from the folder `root`.
    """

    def __init__(self, rules: Rules, memory_bytes: int, root: str) -> None:
        self.counts: Counter[int] = Counter()  # answers by status
        self._rules = rules
        self._room = memory_bytes
        self._root = root
        self._tree = Tree()
        self._held = 0
        self._making: dict[tuple[Entry, str], asyncio.Task[Form]] = {}
        self._reading = asyncio.Semaphore(READERS)
        self._answers = _Answers.of(rules)

    @property
    def tree(self) -> Tree:
        """The tree being served."""
        return self._tree

    def take(self, tree: Tree) -> None:
        """Serve this tree from now on."""
        self._held = tree.held
        self._tree = tree

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI
        """Answer one request."""
        answered = self._decided(scope["method"], scope["path"], scope["headers"])
        if not isinstance(answered, Answer):
            answered = await (self._paged(*answered) if isinstance(answered, _Paged) else self._later(*answered))
        status, headers, body, _ = answered
        self.counts[status] += 1
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if len(body) <= PIECE or scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": body})
            return
        for start in range(0, len(body), PIECE):
            more = start + PIECE < len(body)
            await send({"type": "http.response.body", "body": body[start : start + PIECE], "more_body": more})

    def at_once(self, path: str, headers: list[tuple[bytes, bytes]]) -> Answer | None:
        """Return what GET gets, None where that takes reading, compressing or sending in pieces."""
        answered = self._decided("GET", path, headers)
        if not isinstance(answered, Answer) or len(answered.body) > AT_ONCE:
            return None
        self.counts[answered.status] += 1
        return answered

    def _decided(self, method: str, path: str, headers: list[tuple[bytes, bytes]]) -> Answer | _Wanted | _Paged:
        """Return the answer, or what has to be made or read for it."""
        if method not in ("GET", "HEAD"):
            return self._answers.options if method == "OPTIONS" else self._answers.not_allowed
        tree = self._tree
        entry = tree.files.get(path)
        if entry is None:
            page = page_at(path, tree)
            return _Paged(page, fields_of(headers)) if page else self._answers.missing(tree, feed_of(path))
        fields = fields_of(headers)
        coding = chosen(fields.get(b"accept-encoding"), entry.codings)
        if coding is None:
            return self._answers.not_acceptable
        form = entry.forms.get(coding)
        return answer(form, fields) if form else _Wanted(entry, coding, fields)

    async def _later(self, entry: Entry, coding: str, fields: Mapping[bytes, bytes]) -> Answer:
        form = await self._form(entry, coding)
        return answer(form, fields) if form else self._answers.missing(self._tree, f"/{entry.path}")

    async def _paged(self, page: Page, fields: Mapping[bytes, bytes]) -> Answer:
        try:
            async with self._reading:
                entry = await asyncio.to_thread(read_page, self._root, page.path, int(time.time()), self._rules)
        except OSError:
            return self._answers.missing(self._tree, page.feed)
        coding = chosen(fields.get(b"accept-encoding"), entry.codings)
        return self._answers.not_acceptable if coding is None else answer(entry.forms[coding], fields)

    async def _form(self, entry: Entry, coding: str) -> Form | None:
        if entry.body is not None:
            return await self._made(entry, coding)
        async with self._reading:
            return await asyncio.to_thread(_read_now, entry, coding, self._rules)

    async def _made(self, entry: Entry, coding: str) -> Form:
        """Compress a file once for all who ask at the same time."""
        if self._held >= self._room:
            return entry.forms[""]
        task = self._making.get((entry, coding))
        if task is None:
            task = self._making[entry, coding] = asyncio.create_task(self._make(entry, coding))
        return await asyncio.shield(task)

    async def _make(self, entry: Entry, coding: str) -> Form:
        try:
            form = await asyncio.to_thread(_compressed, entry, coding, self._rules)
        finally:
            del self._making[entry, coding]
        entry.forms[coding] = form
        self._held += len(form.fine.body)
        return form


def _compressed(entry: Entry, coding: str, rules: Rules) -> Form:
    """Return a file under a coding, or as it is where that is not larger."""
    body = entry.body or b""
    packed = (
        brotli.compress(body, quality=BROTLI_QUALITY) if coding == "br" else gzip.compress(body, GZIP_LEVEL, mtime=0)
    )
    if len(packed) >= len(body):
        return entry.forms[""]
    return form_of(entry.path, packed, coding, entry.kind, entry.modified, rules, vary=True)


def _read_now(entry: Entry, coding: str, rules: Rules) -> Form | None:
    """Return a file that is not kept, with the validators of the bytes that are there now, or None if it has gone."""
    found = entry.found
    if found is None:
        return None
    wanted = found._replace(siblings={name: stamp for name, stamp in found.siblings.items() if name == coding})
    try:
        now = read(entry.path, wanted, _ever(found.stamp), rules)
    except OSError:
        return None
    return now.forms.get(coding) or now.forms[""]


def _ever(stamp: Stamp) -> int:
    """Return a moment by which the file's time is past."""
    return stamp.mtime_ns


@dataclass(frozen=True, slots=True)
class _Answers:
    """Answers that are the same for everybody."""

    options: Answer
    not_allowed: Answer
    not_acceptable: Answer
    not_found: Answer
    unpublished: Answer
    withdrawn: Answer

    @classmethod
    def of(cls, rules: Rules) -> "_Answers":
        """Return them under these rules."""
        missing = not_found(rules, published=True), not_found(rules, published=False)
        return cls(options(), not_allowed(), not_acceptable(), *missing, withdrawn(rules))

    def missing(self, tree: Tree, path: str) -> Answer:
        """Return what a path gets that names no file."""
        if tree.is_withdrawn(path):
            return self.withdrawn
        return self.not_found if tree.is_published else self.unpublished
