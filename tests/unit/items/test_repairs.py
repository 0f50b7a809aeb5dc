from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.normalise import normalise
from feeds.items.provenance import in_words
from feeds.items.repairs import Mended, date_repairs, line_repairs, listed_as, part_of, record_repairs, url_repairs
from feeds.items.rules import Rules
from feeds.items.slugs import fold
from feeds.items.text import clean_line
from feeds.items.urls import clean_url
from feeds.model.item import Story
from feeds.model.record import Record, RecordEnclosure, RecordImage, RecordProvider
from feeds.model.taxonomy import ProviderEntry, Taxonomy, TopicEntry

BERLIN = ZoneInfo("Europe/Berlin")
BASE = "https://x.com/news/"
LINES = [
    ("Clean", ()),
    ("x < 3", ()),
    (" A  title\n", ("white space folded",)),
    ("Law &amp; order", ("entities decoded",)),
    ("Law &amp;amp; order", ("entities decoded",)),
    ("<b>Law</b>", ("tags removed",)),
    ("<p>Law</p>", ("tags removed",)),
    ("&lt;p&gt;Law&lt;/p&gt;", ("entities decoded", "tags removed")),
    ("  <p>Law</p>", ("tags removed", "white space folded")),
    ("CafÃ© au lait", ("mojibake repaired",)),
    ("A\x07\u200bB", ("control characters and invisible marks removed",)),
    ("Cafe\u0301", ("letters and accents put together (NFC)",)),
    ("x<y and z>w", ("space put behind what looks like a tag",)),
    ("\u200d", ("nothing visible was left",)),
]


@pytest.mark.parametrize(("written", "names"), LINES)
def test_each_step_that_changed_a_line_is_named(written: str, names: tuple[str, ...]) -> None:
    assert line_repairs(written) == names


PARTS = ["&amp;", "&lt;", "<b>", "</b>", "<p ", "a", " ", "Ã©", "\u200b", "\u0301", ">", "x", "&#60;", "\ud800"]


@given(st.lists(st.sampled_from(PARTS)).map("".join) | st.text())
def test_a_line_has_repairs_where_it_reads_otherwise_and_only_there(written: str) -> None:
    assert bool(line_repairs(written)) == (clean_line(written) != written)


URLS = [
    ("https://x.com/a", ()),
    ("https://x.com/a#part", ()),
    ("javascript:x", ()),
    (" https://x.com/a\n", ("white space and control characters removed",)),
    ("https://x.com/?a=1&amp;b=2", ("entities decoded",)),
    ("//x.com/a", ("https: put before it",)),
    ("www.x.com/a", ("https:// put before it",)),
    ("../b", (f"resolved against {BASE}",)),
    ("b", (f"resolved against {BASE}",)),
    ("HTTPS://x.com/a", ("scheme lower-cased",)),
    ("https://X.com/a", ("host lower-cased",)),
    ("https://x.com./a", ("dot behind the host removed",)),
    ("https://faß.de/", ("host written in ASCII",)),
    ("https://me:secret@x.com/", ("user name and password removed",)),
    ("http://x.com:80/", ("port 80 removed: it goes without saying",)),
    ("http://x.com:/", ("port (empty) removed: it goes without saying",)),
    ("http://x.com:08080/", ("port written as a number",)),
    ("https://x.com", ("/ put behind the host",)),
    ("https://x.com/a/../b", ("dots in the path resolved",)),
    ("https://x.com/a b", ("characters escaped that no URL may hold",)),
    ("https://x.com/?q=%zz", ("characters escaped that no URL may hold",)),
    ("https://x.com/?utm_source=a&id=1&fbclid=b&utm_source=c", ("tracking parameters removed: utm_source, fbclid",)),
    (
        "Https://X.com:443/é?utm_source=a#b",
        (
            "scheme lower-cased",
            "host lower-cased",
            "port 443 removed: it goes without saying",
            "characters escaped that no URL may hold",
            "tracking parameters removed: utm_source",
        ),
    ),
]


@pytest.mark.parametrize(("written", "names"), URLS)
def test_each_step_that_changed_a_url_is_named(written: str, names: tuple[str, ...]) -> None:
    assert url_repairs(written, BASE) == names


PIECES = [
    "https://",
    "HTTP://",
    "x.com",
    "X.com.",
    ":",
    "80",
    "/a",
    "/../",
    "?",
    "&amp;",
    "utm_id=1",
    "#",
    "é",
    "%",
    " ",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_a_url_has_repairs_where_it_reads_otherwise_and_only_there(written: str) -> None:
    url = clean_url(written, BASE)[0]
    assert bool(url_repairs(written, BASE)) == bool(url and url != written)


DATES = [
    ("2021-02-04T17:45:00Z", ()),
    ("2021-02-04 17:45:00+00:00", ()),
    ("2021-02-04T17:45:00+01:00", ("turned into UTC",)),
    ("2021-02-04 17:45", ("no time zone written: read in Europe/Berlin",)),
    ("2021-02-04", ("no time of day written: midnight", "no time zone written: read in Europe/Berlin")),
    (" 2021-02-04T17:45:00Z", ("white space removed",)),
    ("2021-02-04T17:45:00.25Z", ("fraction of a second cut",)),
    ("2016-12-31T23:59:60Z", ("leap second taken for the one before",)),
    ("Thu, 04 Feb 2021 17:45:00 GMT", ("read as a date of e-mail (RFC 822)",)),
    ("yesterday", ()),
]


@pytest.mark.parametrize(("written", "names"), DATES)
def test_what_was_read_in_a_date_is_named(written: str, names: tuple[str, ...]) -> None:
    assert date_repairs(written, BERLIN) == names


# --- whole records

PLAIN = Record(
    "A title",
    excerpt="Words",
    date="2021-02-04T17:45:00Z",
    original_url="https://news.example/a",
    kind="article",
    provider=RecordProvider("News", "news.example", ("Ann",)),
)
RULES = Rules()


def own(record: Record, rules: Rules = RULES) -> Story:
    return normalise(record, "a.md", lambda _: (1, 1), rules)[0][0].story


def mended(record: Record, rules: Rules = RULES) -> dict[str, Mended]:
    return record_repairs(record, own(record, rules), rules)


def test_a_record_without_a_fault_has_no_repairs() -> None:
    assert mended(PLAIN) == {}


MENDED = [
    ({"title": "A &amp; B"}, "title", Mended("A &amp; B", "A & B", ("entities decoded",))),
    (
        {"original_url": "http://News.example:80/a"},
        "link",
        Mended(
            "http://News.example:80/a",
            "http://news.example/a",
            ("host lower-cased", "port 80 removed: it goes without saying"),
        ),
    ),
    (
        {"original_url": "ftp://x", "web_url": "https://b.example/a?utm_id=1"},
        "link",
        Mended(
            "https://b.example/a?utm_id=1",
            "https://b.example/a",
            (
                "'originalUrl' is not usable: ftp: is not http or https",
                "tracking parameters removed: utm_id",
            ),
        ),
    ),
    ({"kind": "Video"}, "kind", Mended("Video", "video", ("lower-cased",))),
    ({"kind": ""}, "kind", Mended("", "article", ("no type written: article",))),
    (
        {"date": "2021-02-04"},
        "date",
        Mended(
            "2021-02-04",
            "2021-02-04 00:00:00 UTC",
            ("no time of day written: midnight", "no time zone written: read in UTC"),
        ),
    ),
    (
        {"provider": RecordProvider("News", "https://WWW.News.example/", ("Ann",))},
        "provider",
        Mended("News (https://WWW.News.example/)", "News (news.example)", ("domain cleaned",)),
    ),
    (
        {"provider": RecordProvider("News", "", ("Ann",))},
        "provider",
        Mended("News", "News (news.example)", ("its domain taken from the link",)),
    ),
    (
        {"provider": RecordProvider("", "news.example", ("Ann",))},
        "provider",
        Mended("news.example", "news.example (news.example)", ("named by its domain",)),
    ),
    (
        {"provider": RecordProvider("News", "news.example", (" Ann", "B &amp; C"))},
        "authors",
        Mended(" Ann, B &amp; C", "Ann, B & C", ("white space folded", "entities decoded")),
    ),
    (
        {"images": (RecordImage("/1.jpg"),)},
        "images",
        Mended("/1.jpg", "https://news.example/1.jpg", ("resolved against https://news.example/a",)),
    ),
    (
        {"images": tuple(map(RecordImage, ("https://i.example/1", "HTTPS://i.example/1", "data:x")))},
        "images",
        Mended(
            "https://i.example/1, HTTPS://i.example/1, data:x",
            "https://i.example/1",
            (
                "image 2: scheme lower-cased",
                "an image is left out: data: is not http or https",
                "1 left out: there already",
            ),
        ),
    ),
    (
        {"original_url": "https://news.example/a.mp3"},
        "enclosure",
        Mended("", "https://news.example/a.mp3 audio/mpeg", ("the link is itself a file to download",)),
    ),
    (
        {"enclosure": RecordEnclosure("//news.example/a.mp3", "", "7")},
        "enclosure",
        Mended(
            "//news.example/a.mp3 7",
            "https://news.example/a.mp3 audio/mpeg 7 bytes",
            ("https: put before it", "type by the ending of its URL"),
        ),
    ),
    (
        {"enclosure": RecordEnclosure("https://news.example/a", "sound")},
        "enclosure",
        Mended("https://news.example/a sound", "https://news.example/a application/octet-stream", ("no type known",)),
    ),
    (
        {"amp_url": "news.example/amp"},
        "amp",
        Mended("news.example/amp", "https://news.example/amp", ("https:// put before it",)),
    ),
]


@pytest.mark.parametrize(("change", "field", "expected"), MENDED)
def test_what_was_mended_of_a_field(change: dict[str, object], field: str, expected: Mended) -> None:
    record = replace(PLAIN, **change)
    assert mended(record)[field] == expected
    assert in_words(getattr(own(record), field)) == expected.value


def test_a_summary_from_the_body_says_so_and_where_it_is_cut() -> None:
    short = mended(replace(PLAIN, excerpt="", body="# Head\n\nSome *words* here."))["summary"]
    assert (short.value, short.repairs) == (
        "Some words here.",
        ("no excerpt written: the first paragraph of the body", "Markdown and markup removed"),
    )
    long = mended(replace(PLAIN, excerpt="", body="word " * 200))["summary"]
    assert long.repairs[1:] == (f"cut to {len(long.value)} characters",)
    assert len(long.value) <= 500


def test_a_provider_is_named_as_the_list_has_it() -> None:
    entry = ProviderEntry("The News", "news.example")
    rules = Rules(taxonomy=Taxonomy(providers={"news.example": entry, fold("The News"): entry}))
    assert mended(PLAIN, rules)["provider"].repairs == ("named as the list of providers has it",)
    listed = replace(PLAIN, provider=RecordProvider("The News", "news.example", ("Ann",)))
    assert mended(listed, rules) == {}


def test_a_topic_is_listed_under_another_name() -> None:
    ai = TopicEntry("AI", "ai", ("Machine Learning",))
    rules = Rules(taxonomy=Taxonomy(topics={fold(name): ai for name in ("AI", "Machine Learning")}))
    record = replace(PLAIN, topics=("Law &amp; order", "machine learning", "Tech"))
    names = {topic: listed_as(record, topic, rules) for topic in (*own(record, rules).topics, "Sports")}
    assert names == {"Law & order": "Law &amp; order", "AI": "machine learning", "Tech": "", "Sports": ""}


def test_of_a_field_that_says_something_else_by_now_nothing_is_told() -> None:
    before = own(replace(PLAIN, title="A &amp; B", kind="Video"))
    now = replace(PLAIN, title="C &amp; D", kind="Video")
    assert record_repairs(now, before, RULES).keys() == {"kind"}


def test_the_part_of_a_record_that_tells_a_story() -> None:
    related = [
        replace(PLAIN, title=f"B &amp; {number}", original_url=f"https://News.example/{number}") for number in range(3)
    ]
    record = replace(PLAIN, related=tuple(related))
    sightings = normalise(record, "a.md", lambda _: (1, 1), RULES)[0]
    parts = [part_of(record, seen.story, RULES, own=seen.own) for seen in sightings]
    assert parts == [record, *related]
    assert record_repairs(related[1], sightings[2].story, RULES).keys() == {"title", "link"}
    assert part_of(PLAIN, sightings[2].story, RULES, own=False) is None


def test_dates_are_read_in_the_zone_of_the_rules() -> None:
    assert mended(replace(PLAIN, date="2021-02-04 10:00"), Rules(zone=BERLIN))["date"] == Mended(
        "2021-02-04 10:00", "2021-02-04 09:00:00 UTC", ("no time zone written: read in Europe/Berlin",)
    )
