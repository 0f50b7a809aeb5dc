"""Lists of our feeds as OPML 2.0 (opml.org/spec2.opml), for readers who want to subscribe to many of them at once.

Must never name a feed that is not made, and must never hold a time, not even that of the newest item: the list changes
when a feed comes or goes, and not whenever one of them does.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from feeds.model import Artifact, FeedSummary, Site
from feeds.render.addresses import feed_url
from feeds.render.markup import empty, html_in, quoted
from feeds.render.wording import feed_description, feed_title

_FOLDERS = {"all": "", "custom": "Custom feeds", "topic": "Topics", "provider": "Providers"}
# What a parser of HTML takes for the beginning of a reference, a tag or a comment, or stumbles over.
_MISREAD = re.compile(r"&(?=[^\s&<])|<")


def render_opml(
    name: str, title: str, summaries: Sequence[FeedSummary], site: Site, *, pages: bool = False
) -> Artifact:
    """Return the list of these feeds as the file `name`, one feed a line, in their order.

    Feeds of several kinds stand in folders: that of everything before them, then custom feeds, topics and providers.
    With `pages` each feed has a page beside it, which `htmlUrl` names.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head>",
        html_in("title", _html(title)),
        "</head>",
        "<body>",
        # An empty body is not valid, and who links to the list should not find it gone.
        *(_body(summaries, site, pages) if summaries else [empty("outline", {"text": "No feeds yet"})]),
        "</body>",
        "</opml>",
        "",
    ]
    return Artifact(name, "\n".join(lines).encode())


def _body(summaries: Sequence[FeedSummary], site: Site, pages: bool) -> Iterator[str]:  # noqa: FBT001  passed on
    kinds = {each.spec.kind for each in summaries}
    if len(kinds) == 1:
        yield from (_outline(each, site, pages) for each in summaries)
        return
    for kind in (*_FOLDERS, *sorted(kinds - _FOLDERS.keys())):
        inside = [_outline(each, site, pages) for each in summaries if each.spec.kind == kind]
        if folder := _FOLDERS.get(kind, kind) if inside else "":
            yield f'<outline text="{quoted(folder)}">'
            yield from inside
            yield "</outline>"
        else:
            yield from inside


def _outline(summary: FeedSummary, site: Site, pages: bool) -> str:  # noqa: FBT001  passed on
    """Return a feed as an outline of the type rss, also where it is Atom or JSON.

    The type says that `xmlUrl` is a feed; which format it has, readers find out from the feed itself, and an outline
    of any other type they pass over.
    """
    spec, title = summary.spec, _html(feed_title(summary.spec, site))
    told = {
        "type": "rss",
        "text": title,
        "title": title,
        "description": _html(feed_description(spec, site)),
        "xmlUrl": feed_url(site, spec.key, site.formats[0]),
        "htmlUrl": feed_url(site, spec.key, "html") if pages else "",
    }
    return empty("outline", told)


def _html(text: str) -> str:
    """Return plain text as HTML that means it; what HTML reads the same stays, since many readers show it as it stands.

    The standard lets `text` hold markup: `AT&T` is not HTML to the W3C validator, and `List<b>` would lose its end.
    """
    return _MISREAD.sub(lambda found: escape(found[0]), " ".join(text.split()))
