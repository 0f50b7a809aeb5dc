"""The words a feed shows, and what it says where an item or a feed says nothing. Must never return "" for a title."""

from dataclasses import dataclass
from html import escape

from feeds.model import FeedSpec, Item, Provider, Site
from feeds.render.addresses import provider_url
from feeds.render.also import also_line


@dataclass(frozen=True, slots=True)
class Words:
    """What every format says of one item, plain text but for two. `authors` are (name, URL or "") and never none.

    `summary` and `content` are the excerpt and the whole text as HTML, each ending with who else reports the story; ""
    where there is none. `language` is "" where it is the site's.
    """

    title: str
    excerpt: str
    publisher: str
    authors: tuple[tuple[str, str], ...]
    summary: str
    content: str
    language: str


def words_of(item: Item, site: Site) -> Words:
    """Return the words of an item.

    Where it has no title, its publisher is one (RFC 4287 4.1.2 requires a title). Its authors are the persons who wrote
    it, else its publisher.
    """
    story, excerpt = item.story, item.story.summary.strip()
    publisher = _publisher(story.provider, site)
    persons = tuple((name, "") for name in story.authors if name.strip())
    authors = persons or ((publisher, provider_url(story.provider)),)
    also = also_line(story) if story.also else ""
    # HTML: readers put an RSS description and an Atom summary into a page, where a bare `a<b` would vanish.
    content = _ending_with(also, story.content.strip()) if story.content else ""
    summary = _ending_with(also, escape(excerpt, quote=False)) if excerpt or not content else ""
    language = story.language
    if language and language.lower() == site.language.lower():
        language = ""
    return Words(story.title.strip() or publisher, excerpt, publisher, authors, summary, content, language)


def site_title(site: Site) -> str:
    """Return the title of the site, or its address."""
    return site.title.strip() or site.base_url


def site_author(site: Site) -> str:
    """Return who answers for the feeds."""
    return site.author.strip() or site_title(site)


def feed_title(spec: FeedSpec, site: Site) -> str:
    """Return the title of a feed, or the site's."""
    return spec.title.strip() or site_title(site)


def feed_description(spec: FeedSpec, site: Site) -> str:
    """Return what a feed is about: its own words, the site's for the feed of everything, or a sentence."""
    own = spec.description.strip() or (site.description.strip() if spec.kind == "all" else "")
    title, whole = feed_title(spec, site), site_title(site)
    return own or (f"The newest from {whole}." if title == whole else f"The newest of {title} from {whole}.")


def _ending_with(line: str, html: str) -> str:
    # The space keeps two words apart where a reader drops the tags.
    return f"{html} {line}" if html and line else html or line


def _publisher(provider: Provider, site: Site) -> str:
    return provider.name.strip() or provider.domain or site_title(site)
