"""What robots.txt allows (RFC 9309), read with protego, kept for a day.

It must never answer for a host it could not ask: unreachable is a word of its own.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from protego import Protego

from feeds.web.addresses import next_url, origin_of, url_refusal
from feeds.web.client import Answer

Gate = Callable[[str], Awaitable[None]]
"""Awaited with a URL before each request to it."""

_DAY = 86_400.0  # the longest a copy may be used, section 2.4
_RETRY = 3_600.0  # for one that could not be had
_CAP = 512_000  # the least that must be read, section 2.5
_REDIRECTS = 5  # section 2.3.1.2
_HOSTS = 512


class Ruling(StrEnum):
    """What robots.txt says of one URL. UNREACHABLE forbids as well, but says nothing about the URL."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    UNREACHABLE = "unreachable"


class Asker(Protocol):
    """What fetches the files: a `WebClient`."""

    async def request(self, method: str, url: str, *, body_cap: int | None = None) -> Answer:
        """Return the answer to one request; never raises for a fault of the far side."""


@dataclass(frozen=True, slots=True)
class _Rules:
    until: float
    parsed: Protego | None = None
    ruling: Ruling = Ruling.ALLOWED
    wish: str = ""


class RobotsBook:
    """The robots.txt of many hosts; `name` is our product token, `clock` counts seconds."""

    def __init__(self, client: Asker, name: str = "feeds", clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._client = client
        self._clock = clock
        self._rules: OrderedDict[str, _Rules] = OrderedDict()

    async def ruling(self, url: str, gate: Gate) -> Ruling:
        """Return whether we may GET a URL that `url_refusal` lets pass; asks its host where we do not know."""
        origin = origin_of(url)
        rules = self._known(origin) or await self._fetched(origin, gate)
        if rules.parsed is None:
            return rules.ruling
        return Ruling.ALLOWED if rules.parsed.can_fetch(url, self.name) else Ruling.DISALLOWED

    def take_wish(self, url: str) -> str:
        """Return the Retry-After that the host of `url` sent in place of its robots.txt, "" for none; tells it once."""
        origin = origin_of(url)
        rules = self._rules.get(origin)
        if rules is None or not rules.wish:
            return ""
        self._rules[origin] = replace(rules, wish="")
        return rules.wish

    def crawl_delay(self, url: str) -> float:
        """Return the Crawl-delay for us in seconds, 0 where none is known; asks nobody."""
        rules = self._known(origin_of(url))
        return float(rules.parsed.crawl_delay(self.name) or 0) if rules and rules.parsed else 0.0

    def _known(self, origin: str) -> _Rules | None:
        rules = self._rules.get(origin)
        if rules is None or rules.until < self._clock():
            return None
        self._rules.move_to_end(origin)
        return rules

    async def _fetched(self, origin: str, gate: Gate) -> _Rules:
        # Nobody waits for the request of another here: who waits may hold the very turn that the other needs.
        await gate(origin + "/robots.txt")
        if rules := self._known(origin):
            return rules  # fetched while we stood in line
        answer = await self._followed(origin + "/robots.txt", gate)
        rules = self._rules[origin] = _rules(answer, self._clock())
        self._rules.move_to_end(origin)
        while len(self._rules) > _HOSTS:
            self._rules.popitem(last=False)
        return rules

    async def _followed(self, url: str, gate: Gate) -> Answer:
        for _ in range(_REDIRECTS + 1):
            answer = await self._client.request("GET", url, body_cap=_CAP)
            url = next_url(url, answer.status, answer.headers.get("location", ""))
            if not url:
                return answer
            if url_refusal(url):
                break
            await gate(url)
        return Answer(status=404)  # too many redirects: unavailable, as if there were none (section 2.3.1.2)


def _rules(answer: Answer, now: float) -> _Rules:
    if 200 <= answer.status < 300:
        # What was cut off at the end may have forbidden something.
        if answer.error:
            return _Rules(now + _RETRY, ruling=Ruling.UNREACHABLE)
        return _Rules(now + _DAY, Protego.parse(answer.body.decode("utf-8-sig", "ignore")))
    if answer.status == 429 or answer.status >= 500 or not answer.status:
        wish = answer.headers.get("retry-after", "")
        return _Rules(now + _RETRY, ruling=Ruling.UNREACHABLE, wish=wish)  # sections 2.3.1.3 and 2.3.1.4
    return _Rules(now + _DAY)
