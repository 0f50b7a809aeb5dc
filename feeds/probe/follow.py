"""Follow a chain of redirects by hand: every hop is paced, permitted and checked like the first request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from feeds.links.classify import MOST_HOPS
from feeds.probe.cookies import ChainCookies
from feeds.probe.ports import Gate
from feeds.web.addresses import next_url, url_refusal
from feeds.web.client import Answer

NO_ANSWER = Answer()
Permit = Callable[[str], Awaitable[str]]
"""Returns why a URL may not be asked, "" if it may."""


class Asker(Protocol):
    """What sends requests: a `WebClient`."""

    async def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, *, verify: bool = True
    ) -> Answer:
        """Return the answer to one request; never raises for a fault of the far side."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a chain has come to: the URL asked last, its answer, and the hops that led there.

    `error` is that of the answer, or why the chain was not followed further.
    """

    url: str
    hops: tuple[tuple[int, str], ...] = ()
    answer: Answer = NO_ANSWER
    error: str = ""


async def follow(
    client: Asker, method: str, start: Trail, fields: Mapping[str, str], gate: Gate, permit: Permit
) -> Trail:
    """Ask the URL that `start` has come to and go where the answers lead, MOST_HOPS hops in all at most."""
    trail = replace(start, answer=NO_ANSWER, error=url_refusal(start.url))
    cookies = ChainCookies()
    seen: set[tuple[str, str]] = set()
    while not trail.error:
        if reason := await permit(trail.url):
            return replace(trail, error=reason)
        cookie = cookies.field_for(trail.url)
        seen.add((_page(trail.url), cookie))
        await gate(trail.url)
        answer = await client.request(method, trail.url, {**fields, "cookie": cookie} if cookie else fields)
        cookies.take(trail.url, answer.headers.get("set-cookie", ""))
        target = next_url(trail.url, answer.status, answer.headers.get("location", ""))
        if not target:
            return replace(trail, answer=answer, error=answer.error)
        again = (_page(target), cookies.field_for(target)) in seen
        hops = (*trail.hops, (answer.status, target))
        trail = Trail(target, hops, answer, _stopped(target, len(hops), again=again))
    return trail


def _stopped(target: str, hops: int, *, again: bool) -> str:
    if hops > MOST_HOPS:
        return "too-many-redirects"
    return "redirect-loop" if again else url_refusal(target)


def _page(url: str) -> str:
    return url.partition("#")[0]
