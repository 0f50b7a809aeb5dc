from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model.item import Enclosure, Image
from feeds.model.remote import RemoteEntry, RemoteFeed
from feeds.remote.parse import parse_feed

URL = "https://ex.org/blog/feed.xml"
FEB_4 = datetime(2021, 2, 4, 17, 45, tzinfo=UTC)
FEB_5 = datetime(2021, 2, 5, 17, 45, tzinfo=UTC)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def read(body: str | bytes, content_type: str = "application/xml") -> RemoteFeed:
    parsed = parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)
    assert isinstance(parsed, RemoteFeed), parsed
    return parsed


def rss(channel: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {NAMESPACES}><channel>{channel}</channel></rss>'


def item(inner: str) -> RemoteEntry:
    return read(rss(f"<title>F</title><item>{inner}</item>")).entries[0]


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://ex.org/"><title>N</title><link>https://ex.org/</link><description>d</description></channel>
<item rdf:about="https://ex.org/1"><title>T</title><link>https://ex.org/1</link><description>short</description>
<dc:date>2021-02-04T18:45:00+01:00</dc:date><dc:creator>Jane</dc:creator><dc:subject>AI</dc:subject>
<dc:language>fr</dc:language>
<content:encoded><![CDATA[<p>Hi <img src="/a.png" width="3" height="2"></p>]]></content:encoded>
</item></rdf:RDF>"""
NETSCAPE = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>N</title><link>https://ex.org/</link></channel>'
    "<item><title>T</title><link>https://ex.org/1</link></item></rdf:RDF>"
)
ATOM_03 = """<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en"><title>N</title>
<link rel="alternate" type="text/html" href="https://ex.org/"/><entry><title>T</title>
<link rel="alternate" type="text/html" href="https://ex.org/1"/><id>tag:ex.org,2021:1</id>
<issued>2021-02-04T17:45:00Z</issued><modified>2021-02-05T17:45:00Z</modified><author><name>J</name></author>
<content type="text/html" mode="escaped">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>"""
ATOM_10 = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://ex.org/b/">
<title type="html">N &amp;amp; &lt;b>M&lt;/b></title><author><name>Feed Author</name></author>
<link rel="self" href="https://ex.org/feed"/><link href="/"/>
<entry xml:base="https://ex.org/c/"><title type="text">a &lt;b and c</title>
<link rel="related" href="x"/><link href="p"/>
<id>tag:ex.org,2021:1</id><published>2021-02-04T17:45:00Z</published><updated>2021-02-05T17:45:00Z</updated>
<category term="t1" label="Topic One"/><link rel="enclosure" type="audio/mpeg" length="-5" href="a.mp3"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Hi <a href="z">z</a><script>x</script></p></div></content>
</entry></feed>"""
OLD = "<rss version='{}'><channel><title>N</title><item><title>T</title><link>/1</link></item></channel></rss>"

RDF_FEED = RemoteFeed(
    title="N",
    home="https://ex.org/",
    version="rss10",
    entries=(
        RemoteEntry(
            guid="https://ex.org/1",
            link="https://ex.org/1",
            title="T",
            summary="short",
            content='<p>Hi <img src="https://ex.org/a.png" width="3" height="2"></p>',
            published=FEB_4,
            authors=("Jane",),
            categories=("AI",),
            images=(Image("https://ex.org/a.png", 3, 2),),
            language="fr",
        ),
    ),
)
ATOM_10_FEED = RemoteFeed(
    title="N & M",
    home="https://ex.org/",
    language="de",
    version="atom10",
    entries=(
        RemoteEntry(
            guid="tag:ex.org,2021:1",
            link="https://ex.org/c/p",
            title="a < b and c",
            summary="Hi z",
            content='<p>Hi <a href="https://ex.org/c/z">z</a></p>',
            published=FEB_4,
            updated=FEB_5,
            authors=("Feed Author",),
            categories=("Topic One",),
            enclosure=Enclosure("https://ex.org/c/a.mp3", "audio/mpeg", 0),
            language="de",
        ),
    ),
)


@pytest.mark.parametrize(("body", "expected"), [(RDF, RDF_FEED), (ATOM_10, ATOM_10_FEED)], ids=["RSS 1.0", "Atom 1.0"])
def test_a_whole_feed(body: str, expected: RemoteFeed) -> None:
    assert read(body) == expected


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (NETSCAPE, "rss090"),
        (
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/x.dtd">\n'
            + OLD.format("0.91"),
            "rss091n",
        ),
        *(
            (OLD.format(number), version)
            for number, version in {
                "0.91": "rss091u",
                "0.92": "rss092",
                "0.93": "rss093",
                "0.94": "rss094",
                "2.0": "rss20",
                "2.0.1": "rss20",
                "3": "rss",
            }.items()
        ),
        (RDF, "rss10"),
        (ATOM_03, "atom03"),
        (ATOM_10, "atom10"),
        ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>T</a:title></a:entry></a:feed>', "atom10"),
        ("<channel><title>N</title><item><title>T</title></item></channel>", "rss"),
    ],
)
def test_every_version_is_read(body: str, version: str) -> None:
    parsed = read(body)
    assert (parsed.version, parsed.faults) == (version, ())
    assert [entry.title for entry in parsed.entries] in (["T"], ["a < b and c"])


def test_atom_03_has_its_own_names_for_dates() -> None:
    entry = read(ATOM_03).entries[0]
    assert (entry.published, entry.updated, entry.content, entry.authors) == (FEB_4, FEB_5, "<p>Hi</p>", ("J",))


def test_what_a_channel_tells_about_polling() -> None:
    parsed = read(
        rss(
            "<title>F</title><language>en-us</language><ttl> 60 </ttl>"
            "<skipHours><hour>24</hour><hour>1</hour><hour>99</hour>"
            "</skipHours><skipDays><day>sunday</day><day>Noday</day></skipDays>"
        )
    )
    assert (parsed.language, parsed.ttl, parsed.entries) == ("en-us", 60, ())
    assert (parsed.skip_hours, parsed.skip_days) == (frozenset([0, 1]), frozenset(["Sunday"]))


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "1e9", "99999999999999999999"])
def test_an_absurd_ttl_is_none(ttl: str) -> None:
    assert read(rss(f"<ttl>{ttl}</ttl>")).ttl is None


LONG = "A sentence that says something. " * 30

SHORT_AND_WHOLE = (
    "<description>Short &lt;b&gt;one&lt;/b&gt;</description>"
    "<content:encoded>&lt;p&gt;The whole long text&lt;/p&gt;</content:encoded>"
)
CAPTIONED = (
    "<description>The article itself, &lt;b&gt;whole&lt;/b&gt;</description>"
    "<media:content url='https://ex.org/i.jpg' medium='image'>"
    "<media:description>cap</media:description></media:content>"
)
PICTURES = (
    "<itunes:image href='/c.jpg'/><media:thumbnail url='/t.jpg' width='1' height='x'/>"
    "<media:content url='/m.jpg' width='640' height='360'/><description>&lt;img src='/d.jpg'&gt;</description>"
)
PIXEL = "&lt;img src='p.gif' width='1' height='1'&gt;"

FIELDS = {
    "title of markup": (
        "<title>x &amp;amp; y &lt;b&gt;z&lt;/b&gt; &lt;script&gt;a&lt;/script&gt;</title>",
        "title",
        "x & y z",
    ),
    "title in CDATA": ("<title><![CDATA[ Q&A: <i>a</i> ]]></title>", "title", "Q&A: a"),
    "title of Media RSS": ("<media:title>M</media:title><title>T</title>", "title", "T"),
    "author": ("<title>T</title><author>jane@ex.org (Jane Doe)</author>", "authors", ("Jane Doe",)),
    "address only": ("<title>T</title><author>jane@ex.org</author>", "authors", ()),
    "author of markup": (
        "<title>T</title><dc:creator>&lt;img src=x onerror=a&gt;Eve</dc:creator>",
        "authors",
        ("Eve",),
    ),
    "two authors, once each": (
        "<title>T</title><dc:creator>A</dc:creator><itunes:author>a</itunes:author>",
        "authors",
        ("A",),
    ),
    "categories": (
        "<title>T</title><category>AI</category><category domain='x'>ai</category><category/><category>P</category>",
        "categories",
        ("AI", "P"),
    ),
    "guid in any shape": ("<title>T</title><guid isPermaLink='false'> a\n b </guid>", "guid", "a b"),
    "guid that is no link": ("<title>T</title><guid>abc</guid>", "link", ""),
    "guid not made absolute": ("<title>T</title><guid>abc</guid>", "guid", "abc"),
    "guid too long": (f"<title>T</title><guid isPermaLink='false'>{'x' * 3000}</guid>", "guid", ""),
    "permalink": ("<title>T</title><guid>https://ex.org/g</guid>", "link", "https://ex.org/g"),
    "link before guid": ("<link>https://ex.org/l</link><guid>https://ex.org/g</guid>", "link", "https://ex.org/l"),
    "relative link": ("<link>../l?a=1&amp;b=2&amp;utm_medium=rss</link>", "link", "https://ex.org/l?a=1&b=2"),
    "script for a link": ("<title>T</title><link>javascript:alert(1)</link>", "link", ""),
    "file for a link": ("<title>T</title><link>file:///etc/passwd</link>", "link", ""),
    "FeedBurner": (
        "<link>https://feedproxy.org/~r/1</link><feedburner:origLink>https://ex.org/o</feedburner:origLink>",
        "link",
        "https://ex.org/o",
    ),
    "plain description": ("<description>Just text.</description>", "content", ""),
    "plain description, summary": ("<description>Just text.</description>", "summary", "Just text."),
    "long plain description": (f"<description>{LONG}</description>", "content", f"<p>{LONG.strip()}</p>"),
    "HTML description": (
        "<link>https://ex.org/a/b</link><description>&lt;p&gt;x &lt;a href='c'&gt;y&lt;/a&gt;&lt;/p&gt;</description>",
        "content",
        '<p>x <a href="https://ex.org/a/c">y</a></p>',
    ),
    "both": (
        SHORT_AND_WHOLE,
        "content",
        "<p>The whole long text</p>",
    ),
    "both, summary": (
        SHORT_AND_WHOLE,
        "summary",
        "Short one",
    ),
    "caption of Media RSS": (CAPTIONED, "content", "The article itself, <b>whole</b>"),
    "scripts": (
        "<description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;p onclick='x'&gt;t&lt;/p&gt;</description>",
        "content",
        "<p>t</p>",
    ),
    "duration": ("<title>T</title><itunes:duration>1:02:03</itunes:duration>", "duration", 3723),
    "duration in seconds": ("<title>T</title><itunes:duration>3723</itunes:duration>", "duration", 3723),
    "duration of words": ("<title>T</title><itunes:duration>an hour</itunes:duration>", "duration", None),
    "enclosure": (
        "<enclosure url='/e.mp3' length='123' type='audio/mpeg'/>",
        "enclosure",
        Enclosure("https://ex.org/e.mp3", "audio/mpeg", 123),
    ),
    "enclosure of unknown length": (
        "<enclosure url='/e.mp3' length='1:02:03' type=''/>",
        "enclosure",
        Enclosure("https://ex.org/e.mp3", "audio/mpeg", 0),
    ),
    "sound before documents": (
        "<enclosure url='/d.pdf' type='application/pdf'/><enclosure url='/e.mp3' type='audio/mpeg'/>",
        "enclosure",
        Enclosure("https://ex.org/e.mp3", "audio/mpeg", 0),
    ),
    "picture enclosed": (
        "<title>T</title><enclosure url='/i.jpg' length='5' type='image/jpeg'/>",
        "images",
        (Image("https://ex.org/i.jpg"),),
    ),
    "picture is no attachment": (
        "<title>T</title><enclosure url='/i.jpg' length='5' type='image/jpeg'/>",
        "enclosure",
        None,
    ),
    "script enclosed": ("<title>T</title><enclosure url='javascript:x' type='audio/mpeg'/>", "enclosure", None),
    "film of Media RSS": (
        "<title>T</title><media:content url='/f.mp4' type='video/mp4' fileSize='9' duration='12'/>",
        "enclosure",
        Enclosure("https://ex.org/f.mp4", "video/mp4", 9),
    ),
    "player": (
        "<title>T</title><media:content url='https://ex.org/v' type='application/x-shockwave-flash'/>",
        "enclosure",
        None,
    ),
    "pictures in order": (
        PICTURES,
        "images",
        (Image("https://ex.org/m.jpg", 640, 360), Image("https://ex.org/t.jpg"), Image("https://ex.org/c.jpg")),
    ),
    "pixel": ("<title>T</title><media:thumbnail url='/p.gif' width='1' height='1'/>", "images", ()),
    "first picture in the text": (
        f"<description>{PIXEL}&lt;img src='/d.jpg?a=1&amp;amp;b=2'&gt;x</description>",
        "images",
        (Image("https://ex.org/d.jpg?a=1&b=2"),),
    ),
}


@pytest.mark.parametrize(("inner", "field", "expected"), FIELDS.values(), ids=FIELDS.keys())
def test_a_field_of_an_item(inner: str, field: str, expected: object) -> None:
    assert getattr(item(inner), field) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Thu, 04 Feb 2021 17:45:00 GMT", FEB_4),
        ("Thu, 04 Feb 2021 18:45:00 CET", FEB_4),
        ("Thu, 4 Feb 21 12:45 EST", FEB_4),
        ("2021-02-04T18:45:00.5+01:00", FEB_4),
        ("2021-02-04 17:45:00", FEB_4),
        ("Thu Feb  4 17:45:00 2021", FEB_4),
        ("Thu, Feb 04 2021 17:45:00 GMT", FEB_4),
        ("1612460700", FEB_4),
        ("1612460700000", FEB_4),
        ("04 Feb 2021", datetime(2021, 2, 4, tzinfo=UTC)),
        ("2021-02-30T00:00:00Z", None),
        ("0000-00-00", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("2150-01-01T00:00:00Z", None),
        ("2021-035", None),
        ("01.02.2021", None),
        ("2021년 2월 4일", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_aware_or_none(written: str, expected: datetime | None) -> None:
    assert item(f"<title>T</title><pubDate>{written}</pubDate>").published == expected


def test_an_entry_that_says_nothing_is_none() -> None:
    assert read(rss("<item/><item><guid isPermaLink='false'>x</guid></item><item><title>T</title></item>")).entries == (
        RemoteEntry(guid="", link="", title="T"),
    )


_SEEDS = [RDF, NETSCAPE, ATOM_03, ATOM_10, rss("".join(f"<item>{inner}</item>" for inner, _, _ in FIELDS.values()))]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 12), st.binary(max_size=6)), max_size=8),
)
def test_no_body_raises_or_lets_markup_through(seed: str, changes: list[tuple[int, int, bytes]]) -> None:
    body = bytearray(seed.encode())
    for place, length, change in changes:
        body[place : place + length] = change
    parsed = parse_feed(bytes(body), "text/xml", URL)
    for entry in parsed.entries if isinstance(parsed, RemoteFeed) else ():
        assert "<script" not in entry.content
        assert not any(character < " " for text in (entry.title, entry.summary, entry.guid) for character in text)
        assert entry.link == "" or entry.link.startswith(("https://", "http://"))
        assert all(date is None or date.tzinfo is UTC for date in (entry.published, entry.updated))
