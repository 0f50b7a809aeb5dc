"""The page of a feed: what it is, how to subscribe, how lively it is, its newest items."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from feeds.model import Artifact, Site
from feeds.model.look import Look
from feeds.render.pages.chart import chart_of
from feeds.render.pages.facts import PageFacts
from feeds.render.pages.frame import frame_of
from feeds.render.pages.press import printed
from feeds.render.pages.wording import moment, number, short_title
from feeds.render.wording import feed_description


def render_page(facts: PageFacts, cards: Sequence[str], site: Site, look: Look) -> Artifact:
    """Return the page that stands beside the files of a feed; `cards` are its newest items, as they were rendered."""
    spec = facts.spec
    path = f"{spec.key}.html"
    frame = frame_of(path, spec, site, look)
    address = frame["formats"][0]["url"]
    variables = {
        **frame,
        "feed": {"title": short_title(spec, site), "description": feed_description(spec, site), "kind": spec.kind},
        "address": address,
        "readers": [{"name": each.name, "url": _sent(each.link, address)} for each in look.readers],
        "total": number(facts.total, "item", "items"),
        "count": facts.count,
        "shown": len(cards),
        "updated": moment(facts.updated) if facts.updated else None,
        "chart": chart_of(facts.activity, facts.newest),
        "health": health_line(facts, len(cards)),
        "cards": "".join(cards),
    }
    return Artifact(path, printed(look, "page.html", variables).encode())


def health_line(facts: PageFacts, shown: int) -> dict[str, Any] | None:
    """Return a sentence on the pages of the stories shown and whether some are missing, None where none is shown."""
    if not shown:
        return None
    if facts.dead:
        text = f"Of the stories shown, {number(facts.dead, 'page does', 'pages do')} not answer."
    else:
        text = "No page of the stories shown is known to be gone."
    return {"text": text, "bad": bool(facts.dead)}


def _sent(link: str, address: str) -> str:
    return link.replace("{url}", quote(address, safe="")).replace("{address}", address)
