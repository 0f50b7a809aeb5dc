from pathlib import Path

import pytest

from feeds.model.remote import NotAFeed, RemoteFeed
from feeds.remote.mend import BROKEN_OFF
from feeds.remote.parse import MAX_ENTRIES, parse_feed

URL = "https://ex.org/blog/feed.xml"


def read(body: str | bytes, content_type: str = "application/xml") -> RemoteFeed:
    parsed = parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)
    assert isinstance(parsed, RemoteFeed), parsed
    return parsed


def rss(channel: str) -> str:
    return f'<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>{channel}</channel></rss>'


ROOT, END = "<rss version='2.0'><channel><title>N</title>", "</channel></rss>"

BROKEN = {
    "ampersands": (
        "<rss version='2.0'><channel><title>AT&T</title><item><title>a&nbsp;b</title><link>/?a=1&b=2</link></item>"
        + END,
        "AT&T",
        ["a b"],
        "ampersands",
    ),
    "unclosed": (
        ROOT + "<item><title>One</title></item><item><title>Two</title><link>ht",
        "N",
        ["One", "Two"],
        "not well-formed XML at line 1",
    ),
    "mismatched": (
        ROOT + "\n<item><title>One</title><description>x</item>\n<item><title>Two</title></item>" + END,
        "N",
        ["One", "Two"],
        "not well-formed XML at line 2",
    ),
    "mismatched title": (
        "<rss version='2.0'>\n<channel><title>N</title>\n<item><title>One</titel></item><item><title>Two</title></item>"
        + END,
        "N",
        ["One", "Two"],
        "not well-formed XML at line 3",
    ),
    "warnings of PHP": (
        "<br />\n<b>Warning</b>: x in y\n<?xml version='1.0'?>" + ROOT + END,
        "N",
        [],
        "other text in front",
    ),
    "blank lines": ("\n\n <?xml version='1.0'?>" + ROOT + END, "N", [], None),
    "controls": (
        "<rss version='2.0'><channel><title>a\x08b&#1;&#x0;</title><item><title>\x00x&#x1F600;&#55357;</title></item>"
        + END,
        "ab",
        ["x😀"],
        "XML forbids",
    ),
    "undeclared prefix": (ROOT + "<item><title>T</title><x:y>z</x:y></item>" + END, "N", ["T"], "unbound prefix"),
    "junk behind": (ROOT + "<item><title>T</title></item></channel></rss><script>x</script>", "N", ["T"], "junk after"),
    "character beyond Unicode": (
        "<rss version='2.0'><channel><title>N&#99999999999;</title><item><title>T<b></title></item></channel></rss>",
        "N",
        ["T"],
        "XML forbids",
    ),
}


@pytest.mark.parametrize(("body", "title", "titles", "fault"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_xml_is_read_and_told(body: str, title: str, titles: list[str] | None, fault: str | None) -> None:
    parsed = read(body)
    assert parsed.title == title
    if titles is not None:
        assert [entry.title for entry in parsed.entries] == titles
    assert fault in " ".join(parsed.faults) if fault else parsed.faults == ()


def _encoded(text: str, named: str, encoding: str) -> bytes:
    declared = f' encoding="{named}"' if named else ""
    return f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><title>{text}</title></channel></rss>'.encode(
        encoding
    )


@pytest.mark.parametrize(
    ("body", "content_type", "title", "fault"),
    [
        (_encoded("café", "utf-8", "utf-8"), "text/xml", "café", ""),
        (_encoded("café", "", "utf-8"), "application/rss+xml", "café", ""),
        (_encoded("café", "utf-16", "utf-16"), "application/xml", "café", ""),
        (_encoded("café", "utf-16", "utf-16-be"), "application/xml", "café", ""),
        (_encoded("café", "iso-8859-1", "utf-8"), "application/xml", "café", "is UTF-8"),
        (_encoded("café", "utf-8", "utf-8"), "text/xml; charset=iso-8859-1", "café", "is UTF-8"),
        (_encoded("café “x”", "utf-8", "cp1252"), "application/xml", "café “x”", "read as Windows-1252"),
        (_encoded("café", "iso-8859-1", "latin-1"), "application/xml", "café", ""),
        (_encoded("中文", "gb2312", "gb2312"), "text/xml", "中文", ""),
        (_encoded("新闻", "", "gb18030"), "text/xml; charset=GBK", "新闻", ""),
        (_encoded("日本", "iso-2022-jp", "iso-2022-jp"), "text/xml", "日本", ""),
        (_encoded("日本", "Shift_JIS", "cp932"), "text/xml", "日本", ""),
        (_encoded("привет", "windows-1251", "cp1251"), "text/xml", "привет", ""),
        (_encoded("x", "utf-7", "ascii"), "application/xml", "x", ""),
        (_encoded("éèêëàâ ï", "utf-8", "utf-8").replace("ï".encode(), b"\xefx"), "text/xml", "éèêëàâ x", "no UTF-8"),
    ],
)
def test_encodings(body: bytes, content_type: str, title: str, fault: str) -> None:
    parsed = read(body, content_type)
    assert parsed.title == title
    assert fault in " ".join(parsed.faults) if fault else parsed.faults == ()


ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(12)
)

NO_FEEDS = {
    "empty": (b"", "the body is empty"),
    "blank": (b" \n\t", "the body is empty"),
    "text": (b"hello world", "neither XML nor JSON"),
    "a path": (b"/etc/passwd", "neither XML nor JSON"),
    "an address": (b"https://127.0.0.1:9/feed", "neither XML nor JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither XML nor JSON"),
    "another vocabulary": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg> is no feed"),
    "OPML": (b"<opml version='2.0'><head/><body/></opml>", "this is an OPML list"),
    "a site map": (b"<urlset/>", "this is a site map"),
    "billion laughs": (
        f'<!DOCTYPE rss [{ENTITIES}]><rss version="2.0"><channel><title>&m;</title></channel></rss>'.encode(),
        "declares entities",
    ),
    "billion laughs in UTF-16": (
        f'<!DOCTYPE rss [{ENTITIES}]><rss version="2.0"><channel/></rss>'.encode("utf-16"),
        "declares entities",
    ),
    "behind a comment": (
        b"<!DOCTYPE r [<!-- ]> --><!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel>&x;</channel></rss>",
        "declares entities",
    ),
    "outside entity": (
        b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&x;</title></channel></rss>",
        "declares entities",
    ),
    "outside parameters": (
        b"<!DOCTYPE r [<!entity % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;]><rss><channel/></rss>",
        "declares entities",
    ),
    "elements": (b"<rss version='2.0'><channel>" + b"<a>" * 500_000, "has more than 200,000 elements"),
    "elements that are empty": (
        b"<rss version='2.0'><channel><item>" + b"<a/>" * 200_001 + b"</item></channel></rss>",
        "has more than 200,000 elements",
    ),
    "lines": (
        b"<rss version='2.0'><channel><title>" + b"\n" * 1_000_001 + b"</title></channel></rss>",
        "has more than 1,000,000 lines",
    ),
    "attributes": (
        b"<rss version='2.0'><channel><item " + b" ".join(b"a%d='1'" % number for number in range(60_000)) + b"/>",
        "has an element with more than 256 attributes",
    ),
    "categories": (
        b"<rss version='2.0'><channel><item>"
        + b"".join(b"<category>%d</category>" % number for number in range(60_000))
        + b"</item></channel></rss>",
        "has an entry with more than 500 categories",
    ),
    "document types": (b"<!DOCTYPE " * 200_000, "neither XML nor JSON"),
}


@pytest.mark.parametrize(("body", "reason"), NO_FEEDS.values(), ids=NO_FEEDS.keys())
def test_what_is_no_feed(body: bytes, reason: str) -> None:
    parsed = parse_feed(body, "application/rss+xml", URL)
    assert isinstance(parsed, NotAFeed)
    assert parsed.reason.startswith(reason)


@pytest.mark.parametrize(
    "prolog", ["", "\n<!-- a -->\n", '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML" "x">']
)
def test_a_web_page_tells_where_its_feeds_are(prolog: str) -> None:
    page = (
        f'{prolog}<html><head><link rel="alternate" type="application/rss+xml" href="/feed" title="Main"></head></html>'
    )
    parsed = parse_feed(page.encode(), "application/rss+xml", URL)
    assert parsed == NotAFeed("this is a web page, not a feed", (("https://ex.org/feed", "Main"),))


LINK = '<link rel="alternate" type="application/rss+xml" href="/feed" title="Main">'


@pytest.mark.parametrize(
    ("page", "content_type"),
    [
        (LINK, "text/html"),
        (LINK, "application/octet-stream"),
        (f"<!-- a --> <title>A</title>{LINK}", "text/html; charset=utf-8"),
        (f"<my-page>{LINK}</my-page>", "Text/HTML"),
    ],
)
def test_a_web_page_may_leave_out_that_it_is_one(page: str, content_type: str) -> None:
    parsed = parse_feed(page.encode(), content_type, URL)
    assert parsed == NotAFeed("this is a web page, not a feed", (("https://ex.org/feed", "Main"),))


WHOLE = rss("<title>N</title><item><title>One</title></item><item><title>Two</title></item>")
ATOM = "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>T</a:title></a:entry></a:feed>"


@pytest.mark.parametrize(
    ("body", "is_cut"),
    [
        (WHOLE, False),
        (WHOLE + "<!-- cached --><b>", False),
        (WHOLE.replace("</item></channel>", "</itm></channel>"), False),
        (WHOLE.removesuffix("</rss>"), True),
        (WHOLE.removesuffix("ss>"), True),
        (WHOLE[: WHOLE.index("Two")], True),
        ("<rss version='2.0'/>", False),
        (ATOM, False),
        (ATOM.removesuffix("</a:feed>"), True),
    ],
)
def test_a_feed_that_breaks_off_is_told(body: str, is_cut: bool) -> None:
    assert (BROKEN_OFF in read(body, "text/html").faults) is is_cut


def test_a_body_that_names_a_file_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<title>secret</title>"))
    assert isinstance(parse_feed(str(secret).encode(), "", URL), NotAFeed)
    assert isinstance(parse_feed(secret.as_uri().encode(), "", URL), NotAFeed)


def test_a_document_type_without_entities_is_dropped() -> None:
    parsed = read(
        '<!DOCTYPE rss [<!ELEMENT rss ANY>]>\n<rss version="2.0"><channel><title>&eacute;</title></channel></rss>'
    )
    assert (parsed.title, parsed.faults) == ("é", ())


def test_the_newest_entries_are_taken() -> None:
    items = "".join(
        f"<item><guid>https://ex.org/{number}</guid><pubDate>{2000 + number // 250}-01-01T00:00:00Z</pubDate></item>"
        for number in range(2_500)
    )
    parsed = read(rss(items))
    assert len(parsed.entries) == MAX_ENTRIES
    assert (parsed.entries[0].guid, parsed.entries[-1].guid) == ("https://ex.org/500", "https://ex.org/2499")
    assert parsed.faults == ("has 2500 entries; the newest 2000 are taken",)


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>N</title>" + "<item><title>T</title></item>" * 20_000),
        "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry><title>T</title></entry>" * 20_000 + "</feed>",
    ],
)
def test_of_a_huge_feed_the_first_entries_are_parsed(body: str) -> None:
    parsed = read(body)
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.faults[0] == "has more than 4,000 entries; the first entries are read"
    assert not any("well-formed" in fault for fault in parsed.faults)


def test_of_entries_with_very_many_elements_the_first_ones_are_parsed() -> None:
    items = f"<item><title>T</title>{'<x:a/>' * 300}<content><![CDATA[{'<p>' * 300}]]></content></item>" * 700
    parsed = read(rss("<title>N</title>" + items).replace("<rss", "<rss xmlns:x='https://x.example/'"))
    assert (len(parsed.entries), parsed.title) == (660, "N")
    assert parsed.faults == ("has more than 200,000 elements; the first entries are read",)


def test_an_entry_of_many_elements_is_read() -> None:
    parsed = read(rss(f"<item><title>T</title>{'<a/>' * 150_000}</item><item><title>U</title></item>"))
    assert [entry.title for entry in parsed.entries] == ["T", "U"]


def test_endless_keywords_are_cut() -> None:
    words = ",".join(f"k{number}" for number in range(100_000))
    for value in (words, f"<![CDATA[{words}]]>"):
        parsed = read(rss(f"<item><title>T</title><itunes:keywords>{value}</itunes:keywords></item>"))
        assert parsed.entries[0].categories[:2] == ("k0", "k1")
        assert parsed.faults == ("has keywords longer than 2,000 characters; they are cut",)


def test_a_huge_entry_is_cut_and_told() -> None:
    text = "&lt;p&gt;one two&lt;/p&gt;" * 60_000
    parsed = read(rss(f"<item><title>T</title><description>{text}</description></item>"))
    assert parsed.entries[0].content.startswith("<p>one two</p>")
    assert parsed.faults == ("has entries longer than what is kept of one; they are cut",)
