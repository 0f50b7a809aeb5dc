"""What a record says once it is cleaned, and what is said about what had to be left out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.encoding import decode_sighting, encode_sighting
from feeds.items.normalise import normalise
from feeds.items.rules import Rules
from feeds.model import (
    Enclosure,
    Image,
    Problem,
    Provider,
    ProviderEntry,
    Record,
    RecordProvider,
    Severity,
    Sighting,
    Taxonomy,
    TopicEntry,
)
from feeds.model.record import RecordEnclosure, RecordImage
from feeds.records import parse

SEEDS = Path(__file__).parents[3] / "seeds"
RECORD = Record(title="T", date="2021-02-04T17:45:00Z", original_url="https://news.example/a")
PLAIN = Rules()
RULES = Rules(
    taxonomy=Taxonomy(
        topics={
            "ai": (ai := TopicEntry("AI", "ai", ("artificial intelligence",))),
            "artificial intelligence": ai,
        },
        providers={
            "reuters.com": (reuters := ProviderEntry("Reuters", "reuters.com", ("uk.reuters.com", "thomson reuters"))),
            "uk.reuters.com": reuters,
            "thomson reuters": reuters,
        },
    ),
    undated_kinds=frozenset({"course", "article"}),
)


def line_of(path: tuple[str | int, ...]) -> tuple[int, int]:
    """Stand in for the file: the path itself, where it can be seen in a Problem."""
    return 1, len(path)


def read(record: Record, rules: Rules = PLAIN) -> tuple[tuple[Sighting, ...], tuple[Problem, ...]]:
    return normalise(record, "r.md", line_of, rules)


def told(rules: Rules = PLAIN, **fields: Any) -> Sighting:
    sightings, _ = read(replace(RECORD, **fields), rules)
    return sightings[0]


def codes(record: Record, rules: Rules = PLAIN) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity.value) for problem in read(record, rules)[1]]


def test_a_plain_record():
    (sighting,), problems = read(RECORD)
    assert problems == ()
    assert (sighting.own, sighting.held, sighting.keys) == (True, False, ("news.example/a",))
    story = sighting.story
    assert (story.title, story.link, story.kind) == ("T", "https://news.example/a", "article")
    assert story.provider == Provider("news.example", "news.example")
    assert story.date == datetime(2021, 2, 4, 17, 45, tzinfo=UTC)


FAULTY = [
    ("no title", {"title": ""}, [("title-missing", "error")]),
    ("a title of markup", {"title": "<b> </b>"}, [("title-missing", "error")]),
    ("no date", {"date": ""}, [("date-missing", "error")]),
    ("a blank date", {"date": " "}, [("date-missing", "error")]),
    ("no date in a video", {"date": "", "kind": "Video"}, [("date-missing", "error")]),
    ("no such date", {"date": "2021-02-30"}, [("date", "error")]),
    ("not a date", {"date": "soon"}, [("date", "error")]),
    ("a date before the web", {"date": "1970-01-01"}, [("date", "error")]),
    ("a script", {"original_url": "javascript:alert(1)"}, [("url", "warning"), ("link-missing", "error")]),
    ("a relative URL", {"original_url": "/a"}, [("url", "warning"), ("link-missing", "error")]),
    ("nothing at all", {"title": "", "date": ""}, [("date-missing", "error"), ("title-missing", "error")]),
]


@pytest.mark.parametrize(("fields", "expected"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY])
def test_what_costs_the_story(fields, expected):
    record = replace(RECORD, **fields)
    assert read(record)[0] == ()
    assert sorted(codes(record)) == sorted(expected)


DATED = [
    ("course", "", None, ()),
    ("Course ", "", None, ()),
    ("", "", None, ()),
    ("course", "2021-02-04", datetime(2021, 2, 4, tzinfo=UTC), ()),
    ("course", "soon", None, ("date",)),
    ("video", "", None, ("date-missing",)),
]


@pytest.mark.parametrize(("kind", "date", "expected", "problems"), DATED)
def test_some_kinds_need_no_date(kind, date, expected, problems):
    sightings, found = read(replace(RECORD, kind=kind, date=date), RULES)
    assert tuple(problem.code for problem in found) == problems
    assert [sighting.story.date for sighting in sightings] == ([] if problems else [expected])


def test_a_date_without_a_zone_is_in_the_zone_of_the_rules():
    berlin = Rules(zone=ZoneInfo("Europe/Berlin"))
    assert told(berlin, date="2021-07-01").story.date == datetime(2021, 6, 30, 22, tzinfo=UTC)


def test_what_is_said_of_a_bad_date_can_be_shown():
    record = replace(RECORD, date="\x1b[2J\x00" + "9" * 5000)
    (problem,) = read(record)[1]
    assert problem.detail.isprintable()
    assert len(problem.detail) < 250
    assert read(replace(RECORD, date="2021-02-30"))[1][0].detail == "'2021-02-30' is not usable: no such date"


LINKS = [
    ({"original_url": "https://a.example/1", "web_url": "https://b.example/2"}, "https://a.example/1", []),
    ({"original_url": "", "web_url": "https://b.example/2"}, "https://b.example/2", []),
    ({"original_url": "data:,x", "web_url": "https://b.example/2"}, "https://b.example/2", [("url", "warning")]),
    ({"original_url": "https://a.example/1?utm_source=x"}, "https://a.example/1", []),
    ({"original_url": "", "web_url": ""}, "", []),
    ({"amp_url": "javascript:1"}, "https://news.example/a", [("url", "warning")]),
    ({"cdn_amp_url": "/x"}, "https://news.example/a", [("url", "warning")]),
]


@pytest.mark.parametrize(("fields", "link", "problems"), LINKS)
def test_which_page_is_linked(fields, link, problems):
    record = replace(RECORD, **fields)
    (sighting,), _ = read(record)
    assert sighting.story.link == link
    assert codes(record) == problems


def test_relative_addresses_are_meant_from_where_the_rules_say():
    rules = Rules(relative_to="https://site.example/blog/")
    sighting = told(rules, original_url="../a", amp_url="b", images=(RecordImage("c.png"),))
    assert sighting.story.link == "https://site.example/a"
    assert sighting.story.amp == "https://site.example/blog/b"
    assert sighting.story.images == (Image("https://site.example/blog/c.png"),)


def test_without_it_an_image_is_relative_to_its_page_and_a_link_to_nothing():
    assert told(images=(RecordImage("/c.png"),)).story.images == (Image("https://news.example/c.png"),)
    record = Record("T", date="2021-02-04", images=(RecordImage("c.png"),))
    assert codes(record) == [("image-url", "warning")]


KNOWN_BY = [
    ({}, ("news.example/a",)),
    ({"web_url": "https://b.example/2"}, ("news.example/a", "b.example/2")),
    ({"web_url": "http://www.news.example/a/"}, ("news.example/a",)),
    ({"amp_url": "https://news.example/a?amp"}, ("news.example/a",)),
    ({"web_url": "https://b.example/"}, ("news.example/a",)),
    ({"original_url": "https://news.example/"}, ("news.example",)),
    ({"original_url": ""}, ()),
    ({"original_url": "", "amp_url": "https://amp.example/a"}, ("amp.example/a",)),
    ({"original_url": "data:,x", "web_url": "https://b.example/2"}, ("b.example/2",)),
]


@pytest.mark.parametrize(("fields", "keys"), KNOWN_BY)
def test_what_a_story_is_known_by(fields, keys):
    assert told(**fields).keys == keys


PROVIDERS = [
    (RecordProvider("Name", "name.example"), Provider("Name", "name.example")),
    (RecordProvider(), Provider("news.example", "news.example")),
    (RecordProvider("Name"), Provider("Name", "news.example")),
    (RecordProvider("", "name.example"), Provider("name.example", "name.example")),
    (RecordProvider("Name", "not a domain"), Provider("Name", "news.example")),
    (RecordProvider("Name", "https://www.Name.example/x"), Provider("Name", "name.example")),
    (RecordProvider("Other", "reuters.com"), Provider("Reuters", "reuters.com")),
    (RecordProvider("", "uk.reuters.com"), Provider("Reuters", "reuters.com")),
    (RecordProvider("Thomson  REUTERS"), Provider("Reuters", "reuters.com")),
    (RecordProvider("Thomson Reuters", "name.example"), Provider("Thomson Reuters", "name.example")),
    (RecordProvider("<i>Name</i> &amp; Sons", "name.example"), Provider("Name & Sons", "name.example")),
]


@pytest.mark.parametrize(("given_provider", "expected"), PROVIDERS)
def test_who_published_it(given_provider, expected):
    assert told(RULES, provider=given_provider).story.provider == expected


def test_a_provider_is_known_by_the_host_of_the_link():
    assert told(RULES, original_url="https://uk.reuters.com/a").story.provider == Provider("Reuters", "reuters.com")
    assert told(original_url="https://www.x.example:8080/a").story.provider.domain == "x.example"
    assert told(original_url="").story.provider == Provider("", "")


def test_topics_are_those_of_the_taxonomy_each_once():
    topics = ("ai", "Artificial  Intelligence", "Law", "law", " ", "R&amp;D")
    assert told(RULES, topics=topics).story.topics == ("AI", "Law", "R&D")


def test_texts_are_cleaned():
    story = told(
        title="A&#038;B  <b>c</b>",
        excerpt="Don’t â€œpanicâ€\x9d",
        kind=" V\x01ideo ",
        provider=RecordProvider(authors=("Jane <x@y.z>", " ", "Zoë\x02")),
    ).story
    assert (story.title, story.summary, story.kind) == ("A&B c", "Don’t “panic”", "video")
    assert story.authors[-1] == "Zoë"
    assert len(story.authors) == 2


def test_without_an_excerpt_the_body_opens():
    assert told(body="# Head\n\nFirst *words*.\n\nMore").story.summary == "First words."
    assert told(body="First", excerpt="Excerpt").story.summary == "Excerpt"


def test_images_are_told_once_and_sized_only_by_two_numbers():
    images = (
        RecordImage("https://i.example/a.png?w=1&#038;h=2", "1024", "682"),
        RecordImage("https://i.example/a.png?w=1&h=2", "1", "1"),
        RecordImage("https://i.example/b.png", "10", ""),
        RecordImage("https://i.example/c.png", "-1", "4"),
        RecordImage("https://i.example/d.png", "4.5", "4"),
        RecordImage("data:image/png;base64,AAAA", "1", "1"),
    )
    (sighting,), (problem,) = read(replace(RECORD, images=images))
    assert sighting.story.images == (
        Image("https://i.example/a.png?w=1&h=2", 1024, 682),
        *(Image(f"https://i.example/{name}.png") for name in "bcd"),
    )
    assert (problem.code, problem.column, problem.severity) == ("image-url", 3, Severity.WARNING)


MP3 = "https://cdn.example/a.mp3"
ENCLOSURES = [
    (None, "https://news.example/a", None),
    (None, MP3, Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure(MP3, "audio/x-special", "12"), "", Enclosure(MP3, "audio/x-special", 12)),
    (RecordEnclosure(MP3), "", Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure(MP3, " Audio/MPEG "), "", Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure(MP3, 'a/\x01"><x'), "", Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure(MP3, "", "-1"), "", Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure(MP3, "", "1.5"), "", Enclosure(MP3, "audio/mpeg")),
    (RecordEnclosure("https://cdn.example/a"), "", Enclosure("https://cdn.example/a", "application/octet-stream")),
    (RecordEnclosure("/a.mp3"), "https://news.example/b", Enclosure("https://news.example/a.mp3", "audio/mpeg")),
]


@pytest.mark.parametrize(("named", "link", "expected"), ENCLOSURES)
def test_what_is_attached(named, link, expected):
    assert told(enclosure=named, original_url=link).story.enclosure == expected


def test_an_attachment_that_cannot_be_had_is_left_out():
    record = replace(RECORD, enclosure=RecordEnclosure("ftp://x.example/a"))
    assert codes(record) == [("url", "warning")]
    assert told(enclosure=record.enclosure).story.enclosure is None


def test_numbers_and_durations():
    story = told(quality="51", heat="-1", length="PT1M").story
    assert (story.quality, story.heat, story.duration) == (51, -1, 60)
    story = told(quality="4.5", heat="hot", length="long").story
    assert (story.quality, story.heat, story.duration) == (None, None, None)


BROKEN = Record("", date="soon", original_url="data:,x", related=(Record("R", web_url="https://r.example/1"),))


def test_a_held_record_is_silent_and_holds_back_whatever_it_lacks():
    sightings, problems = read(replace(BROKEN, held=True, web_url="https://b.example/1"))
    assert problems == ()
    assert [(s.own, s.held, s.keys) for s in sightings] == [(True, True, ("b.example/1",))]


def test_a_held_record_speaks_where_drafts_are_shown():
    record = replace(RECORD, held=True, topics=("AI",), related=(replace(RECORD, title="R"),))
    sightings, problems = read(record, Rules(include_unpublished=True))
    assert [(s.own, s.held) for s in sightings] == [(True, False), (False, False)]
    assert problems == ()
    assert codes(replace(BROKEN, held=True), Rules(include_unpublished=True))


RELATED = replace(RECORD, title="R", original_url="", web_url="https://r.example/1")


def test_related_stories_follow_with_the_topics_of_the_record():
    other = replace(RELATED, web_url="https://r.example/2", topics=("Law",))
    sightings, problems = read(replace(RECORD, topics=("AI",), related=(RELATED, other)))
    assert problems == ()
    assert [(s.own, s.keys[0], s.story.topics) for s in sightings] == [
        (True, "news.example/a", ("AI",)),
        (False, "r.example/1", ("AI",)),
        (False, "r.example/2", ("Law",)),
    ]


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"date": ""}, {"date": "x"}, {"web_url": "data:,x"}, {"title": "", "date": ""}]
)
def test_a_faulty_related_story_costs_only_itself(fields):
    record = replace(RECORD, related=(replace(RELATED, **fields), RELATED))
    sightings, problems = read(record)
    assert [s.keys for s in sightings] == [("news.example/a",), ("r.example/1",)]
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    assert all(problem.detail.startswith("related story: ") for problem in problems)
    assert all(problem.column >= 2 for problem in problems), "the place is below related, N"


def test_a_related_story_that_is_held_or_has_no_address_is_passed_over():
    record = replace(RECORD, related=(replace(RELATED, held=True), replace(RELATED, web_url="")))
    (sighting,), problems = read(record)
    assert sighting.own
    assert problems == ()


def test_a_faulty_record_still_names_its_related_stories():
    sightings, problems = read(replace(RECORD, title="", topics=("AI",), related=(RELATED,)))
    assert [(s.own, s.story.topics) for s in sightings] == [(False, ("AI",))]
    assert [problem.severity for problem in problems] == [Severity.ERROR]


def test_related_stories_can_be_switched_off():
    assert len(read(replace(RECORD, related=(RELATED,)), Rules(related=False))[0]) == 1


def test_the_seeds_are_clean():
    said = []
    for path in sorted(SEEDS.glob("*.txt")):
        parsed = parse(path.read_bytes(), path.name, ".txt")
        assert not isinstance(parsed, Problem)
        sightings, problems = normalise(parsed.record, path.name, parsed.place, Rules(include_unpublished=True))
        assert problems == ()
        said += sightings
    assert sum(sighting.own for sighting in said) == 5
    assert len(said) > 5
    texts = [text for s in said for text in (s.story.title, s.story.summary)]
    assert not any("â€" in text or "&#" in text for text in texts)
    assert any("“identification through facial" in text for text in texts)
    urls = [image.url for sighting in said for image in sighting.story.images]
    assert any("?w=1024&h=670" in url for url in urls)
    assert not any("&#038;" in url for url in urls)


TEXT = st.text(max_size=12) | st.sampled_from(
    ["https://a.example/b", "2021-02-04", "-1", "9" * 5000, "//x", "\0", "PT9M"]
)
RECORDS = st.builds(
    Record,
    title=TEXT,
    excerpt=TEXT,
    body=TEXT,
    date=TEXT,
    original_url=TEXT,
    web_url=TEXT,
    amp_url=TEXT,
    cdn_amp_url=TEXT,
    kind=TEXT,
    held=st.booleans(),
    provider=st.builds(RecordProvider, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple)),
    topics=st.lists(TEXT, max_size=2).map(tuple),
    images=st.lists(st.builds(RecordImage, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    length=TEXT,
    quality=TEXT,
    heat=TEXT,
    enclosure=st.none() | st.builds(RecordEnclosure, TEXT, TEXT, TEXT),
)


@given(RECORDS, RECORDS, st.sampled_from([RULES, Rules(relative_to="https://site.example/", include_unpublished=True)]))
def test_no_record_is_too_bad_and_all_that_is_said_can_be_kept(record, mention, rules):
    sightings, problems = read(replace(record, related=(mention,)), rules)
    for sighting in sightings:
        assert decode_sighting(encode_sighting(sighting)) == sighting
    for problem in problems:
        assert problem.detail.isprintable()
        assert problem.detail.encode()


def test_what_is_too_long_is_cut_and_said():
    record = replace(RECORD, title="Word " * 300, excerpt="x" * 10_001, kind="k" * 201)
    (seen,), problems = read(replace(record, provider=RecordProvider(name="p" * 201)))
    story = seen.story
    assert story.title == " ".join(["Word"] * 200) + "…"
    assert [len(text) for text in (story.summary, story.kind, story.provider.name)] == [10_000, 200, 200]
    assert [(each.code, each.severity) for each in problems] == [("too-long", Severity.WARNING)] * 4
    assert problems[0].detail == "'title' is cut to 1,000 characters"


def test_what_is_too_many_is_left_out_and_said():
    topics = tuple(f"topic {number} {'x' * 300}" for number in range(101))
    images = tuple(RecordImage(f"https://i.example/{number}.jpg") for number in range(101))
    (seen,), problems = read(replace(RECORD, topics=topics, images=images))
    assert len(seen.story.topics) == len(seen.story.images) == 100
    assert {len(topic) for topic in seen.story.topics} <= set(range(1, 201))
    assert sorted({each.detail for each in problems}) == [
        "'topics' is cut to 200 characters",
        "of 101 'images' the first 100 count",
        "of 101 'topics' the first 100 count",
    ]


def test_what_is_just_within_bounds_stays_as_it_is():
    record = replace(RECORD, title="t" * 1_000, excerpt="x" * 10_000, topics=tuple(map(str, range(100))))
    (seen,), problems = read(record)
    assert (seen.story.title, seen.story.summary) == (record.title, record.excerpt)
    assert seen.story.topics == record.topics
    assert problems == ()
