"""One item as pages show it, rendered once and joined into every page that shows it.

Must never depend on the page: nothing in it is relative to where the page is.
"""

from typing import Any

from feeds.model import Item, Site, Story
from feeds.model.look import Look
from feeds.render.pages.press import printed
from feeds.render.pages.wording import host_of, moment, shortened, web_address

_MARKS = {"dead": "dead", "suspect": "suspect"}


def render_card(item: Item, site: Site, look: Look, verdict: str) -> str:
    """Return the card of an item as HTML; `verdict` is what is known of its page."""
    story = item.story
    publisher = story.provider.name.strip() or story.provider.domain
    return printed(
        look,
        "card.html",
        {
            "id": item.id,
            "title": story.title.strip() or publisher or site.title,
            "link": web_address(story.link),
            "language": story.language or site.language,
            "provider": publisher,
            "kind": story.kind.replace("-", " ").replace("_", " ").capitalize(),
            "published": moment(item.published),
            "mark": _MARKS.get(verdict, ""),
            "excerpt": shortened(story.summary.strip()),
            "picture": _picture(story, look) if story.images else None,
            "media": _media(story) if story.enclosure else None,
            "also": _also(story) if story.also else (),
        },
    )


def _picture(story: Story, look: Look) -> dict[str, Any] | None:
    image = story.images[0]
    url = web_address(image.url)
    if not url or look.images == "hide":
        return None
    sized = image.width and image.height and image.width > 0 and image.height > 0
    return {
        "url": url,
        "host": host_of(url),
        "width": image.width if sized else None,
        "height": image.height if sized else None,
        "ask": look.images == "ask",
    }


def _media(story: Story) -> dict[str, str] | None:
    enclosure = story.enclosure
    if enclosure is None or not (url := web_address(enclosure.url)):
        return None
    kind = {"audio": "Listen", "video": "Watch"}.get(enclosure.type.partition("/")[0], "Attachment")
    minutes = round((story.duration or 0) / 60)
    return {"url": url, "label": f"{kind} ({minutes:,} min)" if minutes else kind}


def _also(story: Story) -> list[dict[str, str]]:
    told = [(mention, mention.name or mention.domain or mention.title) for mention in story.also]
    return [{"name": name.strip(), "url": web_address(each.url)} for each, name in told if name.strip()]
