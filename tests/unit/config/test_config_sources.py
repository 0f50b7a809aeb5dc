"""The sources of feeds.yaml and of the OPML file beside it, and how lists are read and written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.config.faults import FILE, Fault, Place
from feeds.config.listed_source import MAX_BYTES, ListedSource, address_key
from feeds.config.source_outlines import NAMESPACE, read_outlines, write_outlines
from feeds.config.source_settings import PublisherSettings, SourceSettings
from feeds.config.sources import SourcesFile, read_source_file, read_sources
from feeds.items.text import clean_line
from feeds.remote.opml import read_opml

URL = "https://example.org/feed.xml"


def opml(*outlines, head=f'<opml version="2.0" xmlns:feeds="{NAMESPACE}">'):
    """Return a list with one outline a line, the first in line 3."""
    return "\n".join(('<?xml version="1.0"?>', f"{head}<body>", *outlines, "</body></opml>", "")).encode()


def read(*outlines):
    sources, faults = read_outlines(opml(*outlines), "s.opml")
    return sources, [str(each) for each in faults]


def at(line):
    return Place(FILE, "s.opml", line, 1)


def test_all_that_an_outline_can_say():
    sources, faults = read(
        f'<outline type="rss" text="x" title="Example: AI" xmlUrl="{URL}" htmlUrl="https://example.org/" '
        'language="en-GB" category="AI,Health" feeds:id="example" feeds:provider="Example" feeds:domain="example.org"/>'
    )
    settings = SourceSettings(
        url=URL,
        id="example",
        provider=PublisherSettings(name="Example", domain="example.org"),
        topics=("AI", "Health"),
        language="en-GB",
    )
    assert sources == (ListedSource(settings, at(3), "Example: AI", "https://example.org/"),)
    assert faults == []


LISTS = {
    "an address is enough": ([f'<outline xmlUrl="{URL}"/>'], [(URL, ())]),
    "folders are topics, the outer ones too": (
        ['<outline text="Science"><outline text="AI">', f'<outline xmlUrl="{URL}"/>', "</outline></outline>"],
        [(URL, ("Science", "AI"))],
    ),
    "a feed in two folders is one source": (
        [
            f'<outline text="AI"><outline xmlUrl="{URL}"/></outline>',
            f'<outline text="Health"><outline xmlUrl="{URL}"/></outline>',
        ],
        [(URL, ("AI", "Health"))],
    ),
    "a topic counts once": (
        [f'<outline text="ai"><outline xmlUrl="{URL}" category="/AI,/ai/x"/></outline>'],
        [(URL, ("ai", "x"))],
    ),
    "our own topics outweigh folders": (
        [f'<outline text="AI"><outline xmlUrl="{URL}" feeds:topics="A/B&#10;C, D"/></outline>'],
        [(URL, ("A/B", "C, D"))],
    ),
    "the order stays": (
        [f'<outline xmlUrl="https://{name}.example/"/>' for name in "cab"],
        [("https://c.example/", ()), ("https://a.example/", ()), ("https://b.example/", ())],
    ),
    "a bare ampersand": (['<outline xmlUrl="https://a.example/?a=1&b=2"/>'], [("https://a.example/?a=1&b=2", ())]),
    "any case": (['<OUTLINE TEXT="a" XMLURL="https://a.example/"/>'], [("https://a.example/", ())]),
    "a link that is no feed": (['<outline type="link" text="a" url="https://a.example/"/>'], []),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists(name):
    outlines, expected = LISTS[name]
    sources, faults = read(*outlines)
    assert [(each.settings.url, each.settings.topics) for each in sources] == expected
    assert faults == []


FAULTS = {
    "no address": ('<outline type="rss" text="A"/>', "'A': is of type rss and has no xmlUrl"),
    "no web address": (
        '<outline text="A" xmlUrl="ftp://a.example/"/>',
        "'A': xmlUrl is no address of a feed: ftp: is not http or https",
    ),
    "a password": (
        '<outline text="A" xmlUrl="https://me:secret@a.example/"/>',
        "holds a user name or password; write this source into feeds.yaml, with username_env and password_env",
    ),
    "an odd id": (
        '<outline xmlUrl="https://a.example/" feeds:id="My Feed"/>',
        "id: must be a-z, 0-9, dots, - and _ only, at most 80 of them, not 'My Feed'",
    ),
    "no domain": (
        '<outline xmlUrl="https://a.example/" feeds:domain="localhost"/>',
        "provider.domain: must be a domain such as example.org, not 'localhost'",
    ),
    "broken XML": (
        '<outline text="A" text="B" xmlUrl="x"/>',
        "broken XML: Attribute text redefined; what stands behind it may be missing",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_used_is_told_with_its_line_and_costs_no_other(name):
    outline, fault = FAULTS[name]
    sources, faults = read(f'<outline xmlUrl="{URL}"/>', "", outline, "<outline xmlUrl='https://b.example/'/>")
    assert faults[0] == f"s.opml:5:1: {fault}"
    assert {URL, "https://b.example/"} <= {each.settings.url for each in sources}


def test_no_fault_tells_a_password():
    _, faults = read('<outline xmlUrl="https://me:secret@a.example/"/>', '<outline xmlUrl="x://me:secret@a.example/"/>')
    assert len(faults) == 2
    assert "secret" not in "".join(faults)


REFUSED = {
    "nothing": (b"", "s.opml: is no list of feeds: neither XML nor OPML; give an OPML file"),
    "a feed": (b"<rss><channel/></rss>", "s.opml: is no list of feeds: <rss> is no OPML; give an OPML file"),
    "entities": (
        b'<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY b "&a;&a;">]><opml><body/></opml>',
        "s.opml: is no list of feeds: declares entities, which no list needs: refused unread; give an OPML file",
    ),
    "100 MB": (b"<opml>" + b" " * MAX_BYTES, "s.opml: is larger than 8 MiB; a list of feeds is smaller"),
    "too many elements": (
        opml("<a/>" * 500_000),
        "s.opml: has more than 200,000 elements; a list of feeds has not",
    ),
    "too many attributes": (
        opml("<outline " + " ".join(f'a{number}="1"' for number in range(300_000)) + "/>"),
        "s.opml: has an element with more than 256 attributes; a list of feeds has not",
    ),
    "nesting": (
        opml("<outline text='a'>" * 300 + f"<outline xmlUrl='{URL}'/>" + "</outline>" * 300),
        "s.opml:3:1: refused: nested too deeply, or a text in it is endless",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_lists_are_refused_as_a_whole(name):
    data, reason = REFUSED[name]
    found = read_outlines(data, "s.opml")
    assert isinstance(found, Fault)
    assert str(found) == reason


def test_a_document_type_leads_nowhere(tmp_path):
    (tmp_path / "x").write_text('<!ENTITY name "secret">', encoding="utf-8")
    data = f'<!DOCTYPE opml SYSTEM "{tmp_path}/x"><opml><body><outline text="&name;" xmlUrl="{URL}"/></body></opml>'
    [source], _ = read_outlines(data.encode(), "s.opml")
    assert "secret" not in source.title


# --- writing


def listed(url=URL, **said):
    place = said.pop("place", at(3))
    names = {key: said.pop(key) for key in ("title", "home") if key in said}
    return ListedSource(SourceSettings(url=url, **said), place, **names)


def written(*sources, folders=False):
    return write_outlines("Mine & yours", sources, folders=folders)


PLAIN = """<?xml version='1.0' encoding='utf-8'?>
<opml xmlns:feeds="urn:x-feeds:sources" version="2.0">
  <head>
    <title>Mine &amp; yours</title>
  </head>
  <body>
    <outline type="rss" text="Example: AI" title="Example: AI" xmlUrl="https://example.org/feed.xml" \
htmlUrl="https://example.org/" language="en" category="AI,Health" feeds:id="example" feeds:provider="Example"/>
    <outline type="rss" text="https://b.example/?a=1&amp;b=2" xmlUrl="https://b.example/?a=1&amp;b=2" \
feeds:id="b-example-a-1-b-2"/>
  </body>
</opml>
"""
EXAMPLE = {
    "id": "example",
    "provider": PublisherSettings(name="Example"),
    "topics": ("AI", "Health"),
    "language": "en",
    "title": "Example: AI",
    "home": "https://example.org/",
}


def test_the_file_has_one_line_a_source_and_every_id():
    assert written(listed(**EXAMPLE), listed("https://b.example/?a=1&b=2")).decode() == PLAIN


def test_other_programs_get_topics_as_folders():
    root = etree.fromstring(written(listed(**EXAMPLE), listed("https://b.example/"), folders=True))
    paths = [
        (one.getparent().get("text"), one.get("xmlUrl"), one.get(f"{{{NAMESPACE}}}id"), one.get("category"))
        for one in root.iter("outline")
        if one.get("xmlUrl")
    ]
    assert paths == [
        ("AI", URL, "example", None),
        ("Health", URL, "example", None),
        (None, "https://b.example/", "b-example", None),
    ]


def test_only_what_is_in_a_namespace_goes_beyond_opml():
    allowed = {"type", "text", "title", "xmlUrl", "htmlUrl", "language", "category"}
    for folders in (False, True):
        root = etree.fromstring(written(listed(**EXAMPLE), listed(topics=("A/B",), id="b"), folders=folders))
        for one in root.iter("outline"):
            assert {name for name in one.attrib if not name.startswith("{")} <= allowed
            assert one.get("text")


# Topics are written as lists have them; what no list can carry (white space at the ends, markup) is cleaned before.
TOPICS = st.lists(
    st.text("aZ é/,&<>;\"'新|", min_size=1, max_size=8).map(clean_line).filter(bool),
    max_size=4,
    unique_by=str.casefold,
).map(tuple)


@given(topics=TOPICS, name=st.sampled_from(["", "P & Q", 'a "b"']))
def test_what_is_written_is_read_back(topics, name):
    source = listed(topics=topics, provider=PublisherSettings(name=name), title="T", place=at(7))
    named = replace(source, settings=source.settings.model_copy(update={"id": source.name}))
    assert read_outlines(written(source), "s.opml") == ((named,), [])
    assert written(named) == written(source)


def test_other_readers_of_lists_find_topics_too():
    outlines = read_opml(written(listed(topics=("AI", "Health"))))
    assert outlines[0].categories == (("AI",), ("Health",))


# --- both places


def both(tmp_path, given, *outlines):
    (tmp_path / "s.opml").write_bytes(opml(*outlines))
    place = [Place(FILE, "feeds.yaml", 2 + number, 5) for number in range(len(given))]
    sources, faults = read_sources(given, place.__getitem__, SourcesFile(tmp_path / "s.opml", "s.opml"))
    return [(each.name, each.place.origin) for each in sources], [str(each) for each in faults]


def test_those_of_the_settings_come_first(tmp_path):
    given = [SourceSettings(url="https://z.example/"), SourceSettings(url="https://y.example/")]
    assert both(tmp_path, given, f'<outline xmlUrl="{URL}"/>') == (
        [("z-example", "feeds.yaml:2"), ("y-example", "feeds.yaml:3"), ("example-org-feed-xml", "s.opml:3")],
        [],
    )


DOUBLED = {
    "one id": (
        {"url": "https://a.example/", "id": "x"},
        f'<outline xmlUrl="{URL}" feeds:id="x"/>',
        "s.opml:3:1: 'x' has the id of the source at feeds.yaml:2:5; remove one of them, or change its id",
    ),
    "one address": (
        {"url": URL, "id": "x"},
        '<outline xmlUrl="http://www.example.org/feed.xml" feeds:id="y"/>',
        "s.opml:3:1: 'y' has the address of the source at feeds.yaml:2:5; remove one of them",
    ),
    "both": (
        {"url": URL},
        f'<outline xmlUrl="{URL}"/>',
        "s.opml:3:1: 'example-org-feed-xml' has the address of the source at feeds.yaml:2:5; remove one of them",
    ),
}


@pytest.mark.parametrize("name", DOUBLED)
def test_a_source_in_both_places_is_a_fault_that_tells_both(tmp_path, name):
    given, outline, fault = DOUBLED[name]
    assert both(tmp_path, [SourceSettings(**given)], outline)[1] == [fault]


def test_two_addresses_of_one_feed_in_the_settings(tmp_path):
    given = [SourceSettings(url=URL, id="a"), SourceSettings(url="http://example.org/feed.xml", id="b")]
    assert both(tmp_path, given)[1] == [
        "feeds.yaml:3:5: 'b' has the address of the source at feeds.yaml:2:5; remove one of them"
    ]


ADDRESSES = [
    ("http://www.example.org/feed/", "https://example.org/feed", True),
    ("https://example.org/a-b", "https://example.org/a/b", False),
    ("https://example.org/Feed", "https://example.org/feed", False),
    ("https://example.org/?feed=rss", "https://example.org/?feed=atom", False),
]


@pytest.mark.parametrize(("one", "other", "same"), ADDRESSES)
def test_addresses_of_one_feed(one, other, same):
    assert (address_key(one) == address_key(other)) is same


def test_no_file_is_no_source_and_no_fault(tmp_path):
    file = SourcesFile(tmp_path / "s.opml", "s.opml")
    assert read_source_file(file) == ((), [])
    assert read_sources((), lambda _: at(1), file) == ((), [])


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    _, [fault] = read_source_file(SourcesFile(tmp_path, "config"))
    assert str(fault) == "config: cannot be read: Is a directory; name another file with sources_file"


def test_a_file_that_is_no_list_is_a_fault(tmp_path):
    (tmp_path / "s.opml").write_text("- url: https://a.example/", encoding="utf-8")
    _, [fault] = read_source_file(SourcesFile(tmp_path / "s.opml", "s.opml"))
    assert str(fault) == "s.opml: is no list of feeds: neither XML nor OPML; give an OPML file"
