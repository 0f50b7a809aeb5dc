"""What reading a remote feed costs, beside what feedparser alone takes for it: `python bench/parsing.py`.

CPU seconds of this process, the best of some turns, one feed after the other so that both meet the same machine. The
first figure of a changed source is this one; what fetching and storing add is not measured here.
"""

import json
import sys
from collections.abc import Callable
from html import escape
from io import BytesIO
from time import process_time

import feedparser

from feeds.model.remote import RemoteFeed
from feeds.remote.parse import parse_feed

TURNS = 5
ENTRIES = 200
URL = "https://news.example.org/feed"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def article(number: int, paragraphs: int) -> str:
    """Return the HTML of an article, a third of its links relative."""
    text = (
        '<p class="a">A paragraph with <a href="{link}?a=1&amp;b=2" target="_blank">a link</a>, <strong>bold</strong> '
        "text and words that go on for a while, as they do.</p>"
    )
    hosts = ("https://news.example.org/story", "/story", "https://other.example.com/page")
    body = "".join(text.format(link=f"{hosts[place % 3]}/{number}/{place}") for place in range(paragraphs))
    return (
        f'{body}<img src="/i/{number}.png" width="1200" height="630" srcset="/i/{number}.png 1x, /i/{number}b.png 2x">'
    )


def rss(paragraphs: int) -> bytes:
    """Return an RSS 2.0 feed as a publisher writes it."""
    items = "".join(
        f"<item><title>Story number {number} &amp; what came of it</title><link>https://news.example.org/s/{number}</link>"
        f'<guid isPermaLink="false">tag:news.example.org,2021:{number}</guid><dc:creator>Jane Doe</dc:creator>'
        f"<pubDate>Thu, 04 Feb 2021 17:{number % 60:02}:00 GMT</pubDate><category>AI</category><category>Law</category>"
        f"<description>&lt;p&gt;An excerpt of story {number}.&lt;/p&gt;</description>"
        f"<content:encoded><![CDATA[{article(number, paragraphs)}]]></content:encoded>"
        f'<media:thumbnail url="https://news.example.org/i/{number}.jpg" width="640" height="360"/></item>'
        for number in range(ENTRIES)
    )
    head = "<title>News</title><link>https://news.example.org/</link><language>en</language><ttl>60</ttl>"
    return f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{head}{items}</channel></rss>'.encode()


def atom(paragraphs: int) -> bytes:
    """Return the same feed as Atom 1.0."""
    entries = "".join(
        f"<entry><title>Story number {number} &amp; what came of it</title><id>tag:news.example.org,2021:{number}</id>"
        f'<link href="https://news.example.org/s/{number}"/><published>2021-02-04T17:{number % 60:02}:00Z</published>'
        f"<updated>2021-02-04T18:{number % 60:02}:00Z</updated><author><name>Jane Doe</name></author>"
        f'<category term="AI"/><summary>An excerpt of story {number}.</summary>'
        f'<content type="html">{escape(article(number, paragraphs))}</content></entry>'
        for number in range(ENTRIES)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entries}</feed>'.encode()


def json_feed(paragraphs: int) -> bytes:
    """Return the same feed as JSON Feed 1.1."""
    items = [
        {
            "id": str(number),
            "url": f"https://news.example.org/s/{number}",
            "title": f"Story number {number} & what came of it",
            "content_html": article(number, paragraphs),
            "date_published": f"2021-02-04T17:{number % 60:02}:00Z",
        }
        for number in range(ENTRIES)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items}).encode()


def alone(body: bytes) -> None:
    """Let feedparser read the feed as its manual says, sanitised and with absolute URLs."""
    feedparser.parse(BytesIO(body), response_headers={"content-type": "application/xml", "content-location": URL})


def ours(body: bytes) -> None:
    """Read the feed as the program does."""
    parsed = parse_feed(body, "application/xml", URL)
    if not isinstance(parsed, RemoteFeed) or len(parsed.entries) != ENTRIES:
        raise SystemExit(f"the feed was not read: {parsed}")


def best(read: Callable[[bytes], None], body: bytes) -> float:
    """Return the least CPU time of some turns, in milliseconds."""
    taken = []
    for _ in range(TURNS):
        start = process_time()
        read(body)
        taken.append(process_time() - start)
    return min(taken) * 1000


def main() -> int:
    """Print a row for each feed."""
    print(f"{ENTRIES} entries a feed, CPU ms, best of {TURNS}")
    print(f"{'feed':<28}{'kB':>7}{'feedparser':>12}{'feeds':>8}{'ratio':>7}")
    kinds = {"RSS 2.0": rss, "Atom 1.0": atom, "RSS 2.0, never closed": lambda size: rss(size)[:-6]}
    for paragraphs in (2, 30):
        for name, made in kinds.items():
            body = made(paragraphs)
            theirs, mine = best(alone, body), best(ours, body)
            print(f"{name:<28}{len(body) // 1000:>7}{theirs:>12.0f}{mine:>8.0f}{mine / theirs:>7.2f}")
        body = json_feed(paragraphs)
        print(f"{'JSON Feed 1.1':<28}{len(body) // 1000:>7}{'-':>12}{best(ours, body):>8.0f}{'-':>7}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
