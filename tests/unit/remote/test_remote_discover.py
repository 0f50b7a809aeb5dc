import pytest

from feeds.remote.discover import discover

PAGE = "https://ex.org/blog/"


RSS = 'rel="alternate" type="application/rss+xml"'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<link {RSS} title="Main" href="/feed">', [("https://ex.org/feed", "Main")]),
        (
            "<LINK REL='Alternate Home' TYPE='application/atom+xml; charset=utf-8' HREF=atom.xml>",
            [("https://ex.org/blog/atom.xml", "")],
        ),
        (
            '<link rel="alternate" type="application/feed+json" href="f.json"><link rel="feed" href="x">',
            [("https://ex.org/blog/f.json", ""), ("https://ex.org/blog/x", "")],
        ),
        (
            f'<base href="https://cdn.org/a/"><link {RSS} href="f?a=1&amp;utm_source=x">',
            [("https://cdn.org/a/f?a=1&utm_source=x", "")],
        ),
        (
            f'<link {RSS} href="feed://ex.org/f" title="a &lt;b&gt;c&lt;/b&gt;"><link {RSS} href="http://ex.org/f">',
            [("http://ex.org/f", "a c")],
        ),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">', []),
        ('<link rel="alternate" type="text/xml" href="/rss">', [("https://ex.org/rss", "")]),
        ('<link rel="stylesheet" type="application/rss+xml" href="/feed">', []),
        ('<link rel="alternate" hreflang="de" href="/feed">', []),
        (f'<link {RSS} href="javascript:alert(1)">', []),
        (f'<link {RSS} href="/blog/">', []),
        # no link element: links that look like feeds
        (
            '<a href="/about">About</a><a href="/feed/"><b>Our</b> feed</a><a href="news.rss">n</a>',
            [("https://ex.org/feed/", "Our feed"), ("https://ex.org/blog/news.rss", "n")],
        ),
        (
            '<a href="/index.xml">x</a><a href="/?feed=rss2">r</a>',
            [("https://ex.org/index.xml", "x"), ("https://ex.org/?feed=rss2", "r")],
        ),
        (
            '<a href="/feedback">f</a><a href="/rssfan">r</a><a href="mailto:feed@ex.org">m</a><a href="/atomic">a</a>',
            [],
        ),
        (f'<link {RSS} href="/feed"><a href="/rss">r</a>', [("https://ex.org/feed", "")]),
        ("", []),
        ("<", []),
        ("<div>" * 50_000 + '<a href="/feed">f</a>', []),
    ],
)
def test_feeds_a_page_names(html: str, expected: list[tuple[str, str]]) -> None:
    assert list(discover(html.encode(), "text/html", PAGE)) == expected


def test_a_page_in_another_encoding() -> None:
    html = '<meta charset="iso-8859-1"><link rel="alternate" type="application/rss+xml" title="Café" href="/f">'
    assert discover(html.encode("latin-1"), "text/html", PAGE) == (("https://ex.org/f", "Café"),)


def test_twenty_feeds_are_enough() -> None:
    html = "".join(f'<link rel="alternate" type="application/rss+xml" href="/f{number}">' for number in range(50))
    assert len(discover(html.encode(), "text/html", PAGE)) == 20
