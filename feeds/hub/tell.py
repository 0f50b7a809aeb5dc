"""Tell one hub of feeds that changed, in one request.

The Recommendation leaves open how a publisher does that. What Google's hub documents is the form of PubSubHubbub 0.3,
section 7.1: hub.mode=publish and one hub.url for each feed. It must never follow a redirect: that would be a POST to
somebody nobody named.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

if TYPE_CHECKING:
    from feeds.web.client import Answer  # with httpx, which costs 120 ms

# As many addresses as fit into 10 KB: servers refuse forms that are much larger.
BATCH = 100
BODY_BYTES = 4_096
SHOWN = 200

_FORM = {"content-type": "application/x-www-form-urlencoded"}


class Poster(Protocol):
    """What sends requests: a `WebClient`."""

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        content: bytes | None = None,
        body_cap: int | None = None,
    ) -> "Answer":
        """Return the answer to one request; never raises for a fault of the far side."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a hub made of it. `fault` is "" where it took the news; `wish` is its Retry-After, where it did not."""

    fault: str = ""
    wish: str = ""


async def tell(client: Poster, hub: str, urls: Sequence[str]) -> Told:
    """Tell a hub that these feeds, at most BATCH of them, have changed."""
    form = urlencode([("hub.mode", "publish"), *(("hub.url", url) for url in urls)])
    return told(await client.request("POST", hub, _FORM, content=form.encode(), body_cap=BODY_BYTES))


def told(answer: "Answer") -> Told:
    """Return what an answer means: any 2xx is good, even where its body broke off, all else is a fault."""
    if 200 <= answer.status < 300:
        return Told()
    return Told(_fault(answer), answer.headers.get("retry-after", ""))


def _fault(answer: "Answer") -> str:
    if not answer.status:
        return answer.error
    if 300 <= answer.status < 400:
        target = _shown(answer.headers.get("location", "")) or "somewhere else"
        return f"http-{answer.status}: it sends on to {target}, which is not followed; put that into push.hubs"
    is_page = "html" in answer.headers.get("content-type", "").lower()
    said = "" if is_page else _first_line(answer.body)
    return f"http-{answer.status}: {said}" if said else f"http-{answer.status}"


def _first_line(body: bytes) -> str:
    lines = (_shown(line) for line in body.decode("utf-8", "replace").splitlines())
    return next(filter(None, lines), "")


def _shown(text: str) -> str:
    """Return text of a stranger as it may stand in a terminal: no control, format or unassigned characters."""
    kept = (char if not unicodedata.category(char).startswith("C") else " " for char in text[: 4 * SHOWN])
    return " ".join("".join(kept).split())[:SHOWN]
