"""Ask one URL and say what was seen: HEAD, then GET where a HEAD is not to be believed.

It must never judge: one look is no verdict. Faults of the far side are observations, not exceptions.
"""

import math
import time
from collections.abc import Container
from dataclasses import dataclass

from feeds.links.classify import classify, needs_get
from feeds.links.hosts import retry_after
from feeds.model.link import Observation, Seen
from feeds.probe.follow import Asker, Permit, Trail, follow
from feeds.probe.ports import Gate, Target
from feeds.web.robots import RobotsBook, Ruling

_ALIVE = frozenset((Seen.ALIVE, Seen.MOVED, Seen.TEMPORARY))
# A HEAD may be sent in circles, or to the front page, where a GET is not.
_DOUBTFUL = frozenset((Seen.LOOP, Seen.SOFT))
_ROBOTS = {Ruling.ALLOWED: "", Ruling.DISALLOWED: "robots-disallowed", Ruling.UNREACHABLE: "robots-unreachable"}
_LONGEST_FIELD = 256


async def probe_one(
    client: Asker,
    target: Target,
    now: int,
    gate: Gate,
    *,
    robots: RobotsBook | None = None,
    proof: bool = False,
    crowded: Container[str] = (),
) -> Observation:
    """Return what is seen of a URL; `now` is in seconds since 1970.

    `gate` is awaited before every request, those for robots.txt too, and what it raises is let through. `proof` asks
    for a GET even where a HEAD was answered well; `crowded` as for `classify`. `retry_at` and `millis` of the
    observation are those of `final_url`, the host that answered last.
    """
    probe = _Probe(client, target, gate, crowded)
    start = time.monotonic()
    found = await probe.see("HEAD", Trail(target.url), _permit_all)
    if _wants_get(found, target, proof=proof):
        found = await _confirmed(probe, found, robots)
    if found.seen is Seen.TLS:
        found = await probe.see_unverified(found.trail)
    wish = robots.take_wish(found.trail.url) if robots else ""
    return _observation(target, found, now + math.ceil(time.monotonic() - start), wish)


@dataclass(frozen=True, slots=True)
class _Found:
    trail: Trail
    seen: Seen
    reason: str
    status: int


@dataclass(frozen=True, slots=True)
class _Probe:
    client: Asker
    target: Target
    gate: Gate
    crowded: Container[str]

    async def see(self, method: str, start: Trail, permit: Permit) -> _Found:
        return self._found(await follow(self.client, method, start, _validators(self.target), self.gate, permit))

    async def see_unverified(self, trail: Trail) -> _Found:
        """Look whether anything is there behind a certificate that is not to be trusted."""
        await self.gate(trail.url)
        answer = await self.client.request("HEAD", trail.url, verify=False)
        return self._found(trail, answer.status)

    def _found(self, trail: Trail, status: int | None = None) -> _Found:
        status = trail.answer.status if status is None else status
        url, role = self.target.url, self.target.role
        headers, hops = trail.answer.headers, trail.hops
        seen, reason = classify(url, role, status, headers, hops, trail.error, crowded=self.crowded)
        return _Found(trail, seen, reason, status)


async def _confirmed(probe: _Probe, head: _Found, robots: RobotsBook | None) -> _Found:
    start = Trail(probe.target.url) if head.seen in _DOUBTFUL else head.trail
    found = await probe.see("GET", start, _permit_by(robots, probe.gate))
    if found.trail.error not in _ROBOTS.values() or not found.trail.error:
        return found
    # What robots.txt forbids we do not learn; what a HEAD alone can tell for certain still holds. A host that answers
    # neither is down, and not merely shy.
    is_down = head.seen is Seen.TRANSIENT and found.trail.error == "robots-unreachable"
    return head if head.seen in _ALIVE or is_down else found


def _wants_get(head: _Found, target: Target, *, proof: bool) -> bool:
    headers, answer = head.trail.answer.headers, head.trail.answer
    if head.seen in {Seen.REFUSED, Seen.LOCAL, Seen.TLS, Seen.NO_HOST}:
        return False
    waits = answer.status >= 400 and "retry-after" in headers
    if answer.status != 429 and not waits and (head.seen in _DOUBTFUL or (proof and head.seen in _ALIVE)):
        return True
    is_known = _length(head.trail) is not None, bool(_type(head.trail))
    return needs_get(answer.status, head.trail.error, target.role, *is_known, retry_after=waits)


def _permit_by(robots: RobotsBook | None, gate: Gate) -> Permit:
    async def permit(url: str) -> str:
        return _ROBOTS[await robots.ruling(url, gate)] if robots else ""

    return permit


async def _permit_all(url: str) -> str:  # noqa: ARG001 - the signature of a permit
    return ""


def _validators(target: Target) -> dict[str, str]:
    fields = {"if-none-match": target.etag, "if-modified-since": target.last_modified}
    return {name: value for name, value in fields.items() if value}


def _observation(target: Target, found: _Found, now: int, robots_wish: str) -> Observation:
    trail = found.trail
    headers, is_whole = trail.answer.headers, trail.answer.status == 200
    # A host that sent away whoever asked for its robots.txt wants to be left alone as a whole.
    wish = robots_wish or (headers.get("retry-after", "") if trail.answer.status >= 400 else "")
    return Observation(
        url=target.url,
        seen=found.seen,
        reason=found.reason,
        status=found.status,
        hops=trail.hops,
        retry_at=retry_after(wish, now) if wish else 0,
        length=_length(trail),
        type=_type(trail),
        etag=_short(headers.get("etag", "")) if is_whole else "",
        last_modified=_short(headers.get("last-modified", "")) if is_whole else "",
        millis=trail.answer.millis,
    )


def _length(trail: Trail) -> int | None:
    """Return the size of the content in bytes, None where the answer does not tell it or tells that of its coding."""
    answer = trail.answer
    if answer.status != 200 or answer.headers.get("content-encoding", "identity").lower() != "identity":
        return None
    told = answer.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


def _type(trail: Trail) -> str:
    """Return the media type of the content in lower case without parameters, "" where unknown."""
    kind = trail.answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind if trail.answer.status == 200 and kind.count("/") == 1 and len(kind) <= 127 else ""


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_FIELD and value.isascii() and value.isprintable() else ""
