import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.remote.opml import NotOpml, Outline, read_opml, write_opml

LIST = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- exported --><opml version="1.0"><head><title>Mine</title>
<dateCreated>Thu, 04 Feb 2021 17:45:00 GMT</dateCreated></head>
<body>
  <outline text="Tech">
    <outline text="AI &amp; ML">
      <outline type="rss" text="caf\xe9" xmlUrl="https://a.org/feed?x=1&amp;utm_source=y"
        htmlUrl="https://a.org/" language="fr"/>
    </outline>
    <outline type="rss" title="B" text="b" xmlurl="feed://b.org/rss"/>
  </outline>
  <outline text="News"><outline text="again" xmlUrl="https://a.org/feed?x=1&amp;utm_source=y"/></outline>
  <outline text="c" xmlUrl=" https://c.org/atom " category="/x/y, /z"/>
  <outline text="no feed" type="link" url="https://d.org/"/>
  <outline text="bad" xmlUrl="file:///etc/passwd"/>
  <outline text="bad" xmlUrl="javascript:alert(1)"/>
  <outline text="relative" xmlUrl="/feed"/>
</body></opml>
"""


def test_a_list_with_folders_and_a_feed_in_two_of_them() -> None:
    assert read_opml(LIST) == (
        Outline(
            "https://a.org/feed?x=1&utm_source=y",
            "café",
            "https://a.org/",
            "fr",
            (("Tech", "AI & ML"), ("News",)),
        ),
        Outline("http://b.org/rss", "B", categories=(("Tech",),)),
        Outline("https://c.org/atom", "c", categories=(("x", "y"), ("z",))),
    )


@pytest.mark.parametrize(
    ("data", "urls"),
    [
        (
            b'<opml><body><outline xmlUrl="https://a.org/?a=1&b=2" text="x & y"><outline xmlUrl="https://b.org/f"',
            ["https://a.org/?a=1&b=2", "https://b.org/f"],
        ),
        (b'<OPML><BODY><OUTLINE xmlURL="https://a.org/f"/></BODY></OPML>', ["https://a.org/f"]),
        (b'<opml><body><outline text="&undefined;" xmlUrl="https://a.org/f"/></body></opml>', ["https://a.org/f"]),
        (b"<opml/>", []),
    ],
)
def test_broken_lists_are_read_as_far_as_they_go(data: bytes, urls: list[str]) -> None:
    outlines = read_opml(data)
    assert not isinstance(outlines, NotOpml)
    assert [outline.url for outline in outlines] == urls


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither XML nor OPML"),
        (b"https://a.org/feed\n", "neither XML nor OPML"),
        (b"<rss version='2.0'/>", "<rss> is no OPML"),
        (b"<!DOCTYPE html><html></html>", "<html> is no OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body/></opml>', "declares entities"),
        (
            b"<opml><body><outline " + b" ".join(b"a%d='1'" % number for number in range(60_000)) + b"/></body></opml>",
            "has an element with more than 256 attributes",
        ),
        (b"<opml><body>" + b"<outline>" * 500_000, "has more than 200,000 elements"),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body/></opml>', "declares entities"),
    ],
)
def test_what_is_no_list(data: bytes, reason: str) -> None:
    outlines = read_opml(data)
    assert isinstance(outlines, NotOpml)
    assert outlines.reason.startswith(reason)


def test_what_is_written() -> None:
    outlines = [
        Outline("https://a.org/f?x=1&y=2", 'A "quoted" <b>', "https://a.org/", "en", (("Tech", "AI"), ("News",))),
        Outline("https://b.org/f"),
        Outline("https://c.org/f", "C\x0b", categories=(("Tech",),)),
    ]
    assert write_opml("My & list", outlines).decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>My &amp; list</title>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="Tech">\n'
        '      <outline text="AI">\n'
        '        <outline type="rss" text="A &quot;quoted&quot;" title="A &quot;quoted&quot;"'
        ' xmlUrl="https://a.org/f?x=1&amp;y=2" htmlUrl="https://a.org/" language="en"/>\n'
        "      </outline>\n"
        '      <outline type="rss" text="C" title="C" xmlUrl="https://c.org/f"/>\n'
        "    </outline>\n"
        '    <outline text="News">\n'
        '      <outline type="rss" text="A &quot;quoted&quot;" title="A &quot;quoted&quot;"'
        ' xmlUrl="https://a.org/f?x=1&amp;y=2" htmlUrl="https://a.org/" language="en"/>\n'
        "    </outline>\n"
        '    <outline type="rss" text="https://b.org/f" xmlUrl="https://b.org/f"/>\n'
        "  </body>\n"
        "</opml>\n"
    )


def test_an_empty_list_is_a_list() -> None:
    assert read_opml(write_opml("", [])) == ()


_NAMES = st.text(st.sampled_from("ab &<>\"'/,é中\u00a0"), min_size=1, max_size=6).map(lambda name: "n" + name.strip())
_OUTLINES = st.lists(
    st.builds(
        Outline,
        url=st.integers(0, 9).map(lambda number: f"https://h{number}.org/f?a=1&b={number}"),
        title=_NAMES,
        home=st.sampled_from(["", "https://h.org/"]),
        language=st.sampled_from(["", "pt-BR"]),
        categories=st.lists(st.lists(_NAMES, min_size=1, max_size=3).map(tuple), max_size=2, unique=True).map(tuple),
    ),
    max_size=6,
    unique_by=lambda outline: outline.url,
)


@settings(max_examples=150, deadline=None)
@given(_OUTLINES)
def test_what_is_read_is_what_is_written_again(outlines: list[Outline]) -> None:
    first = read_opml(write_opml("T", outlines))
    assert not isinstance(first, NotOpml)
    assert {outline.url for outline in first} == {outline.url for outline in outlines}
    written = write_opml("T", first)
    again = read_opml(written)
    assert not isinstance(again, NotOpml)
    assert set(again) == {*first}
    assert write_opml("T", again) == write_opml("T", read_again(written))
    assert etree.fromstring(written).get("version") == "2.0"


def read_again(data: bytes) -> tuple[Outline, ...]:
    outlines = read_opml(data)
    assert not isinstance(outlines, NotOpml)
    return outlines
