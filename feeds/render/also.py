"""Who else reports a story: a line at the end of its text, and a link to each report where the format has a relation.

Must never be given an address that is not http(s), nor take a name for markup: both come from other people's feeds.
"""

from collections.abc import Iterable
from html import escape

from feeds.model import Story
from feeds.model.item import Mention
from feeds.render.markup import numbered, quoted


def also_line(story: Story) -> str:
    """Return a paragraph of HTML that names who else reports the story, "" where nobody does."""
    told_by = ", ".join([_linked(name, mention.url) for mention in story.also if (name := _name(mention))])
    return f"<p>Also reported by: {told_by}</p>" if told_by else ""


def related_links(element: str, mentions: Iterable[Mention]) -> str:
    """Return a link with the relation `related` for each report (RFC 4287 4.2.7.2), under the element's name."""
    return "".join([_related(element, mention) for mention in mentions if mention.url])


def _related(element: str, mention: Mention) -> str:
    # The W3C validator takes the `&amp;1` of "1&1" for an entity in this attribute too.
    title = numbered(mention.title.strip() or _name(mention)).replace('"', "&quot;")
    return f'<{element} href="{quoted(mention.url)}" rel="related" title="{title}"/>'


def _name(mention: Mention) -> str:
    told = (mention.name, mention.domain, mention.title, mention.url)
    return next(filter(None, map(str.strip, told)), "")


def _linked(name: str, url: str) -> str:
    name = escape(name, quote=False)
    return f'<a href="{quoted(url)}">{name}</a>' if url else name
