from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.items.urls import Tracking
from feeds.model.item import Enclosure, Image, Provider, Story
from feeds.model.remote import RemoteEntry, RemoteFeed
from feeds.model.sighting import Sighting
from feeds.model.source import Source
from feeds.model.taxonomy import ProviderEntry, Taxonomy
from feeds.remote.sighting import Told, Unusable, Voice, sighting, source_key, voice
from feeds.remote.topics import Reason

MOMENT = datetime(2024, 5, 1, 12, tzinfo=UTC)
NOW = int(MOMENT.timestamp())
SOURCE = Source("example", "https://feeds.example.org/rss")
VOICE = Voice(Provider("Example", "example.org"), "en")
ENTRY = RemoteEntry(
    "tag:1",
    "https://www.example.org/a?utm_source=rss&b=2",
    "A title",
    summary="A summary.",
    content="<p>All of it.</p>",
    published=MOMENT - timedelta(hours=3),
    updated=MOMENT - timedelta(hours=1),
    authors=("Ann",),
    images=(Image("https://example.org/i.png", 10, 20),),
    enclosure=Enclosure("https://example.org/a.mp3", "audio/mpeg", 9),
    duration=60,
)


def told(entry, source=SOURCE, **how):
    made = sighting(entry, source, VOICE, entry.guid or "page:x", NOW, **how)
    assert isinstance(made, Told)
    return made


def test_all_that_an_entry_says():
    reasons = (Reason("AI", "source", ""), Reason("Sport", "keyword", ""))
    assert told(ENTRY, reasons=reasons, score=75) == Told(
        Sighting(
            Story(
                title="A title",
                summary="A summary.",
                link="https://www.example.org/a?b=2",
                kind="article",
                provider=VOICE.provider,
                topics=("AI", "Sport"),
                date=MOMENT - timedelta(hours=3),
                images=ENTRY.images,
                enclosure=ENTRY.enclosure,
                duration=60,
                authors=("Ann",),
                quality=75,
            ),
            ("example.org/a?b=2", "guid:example:tag:1"),
            own=True,
        ),
        content="",
        language="en",
    )


def test_full_text_is_for_sources_that_give_it():
    made = told(replace(ENTRY, language="de"), replace(SOURCE, full_text=True))
    assert (made.content, made.language) == ("<p>All of it.</p>", "de")


KEYS = {
    "page and guid": (ENTRY, {}, ("example.org/a?b=2", "guid:example:tag:1")),
    "parameters that track here": (
        ENTRY,
        {"tracking": Tracking(frozenset(["b"]), ("utm_",))},
        ("example.org/a", "guid:example:tag:1"),
    ),
    "a guid that is the page": (
        replace(ENTRY, guid="https://www.example.org/a?b=2"),
        {},
        ("example.org/a?b=2", "guid:example:https://www.example.org/a?b=2"),
    ),
    "a guid that is another page": (
        replace(ENTRY, guid="https://example.org/?p=1"),
        {},
        ("example.org/a?b=2", "guid:example:https://example.org/?p=1"),
    ),
    "no page": (replace(ENTRY, link=""), {}, ("guid:example:tag:1",)),
    "an unusable page": (replace(ENTRY, link="mailto:ann@example.org"), {}, ("guid:example:tag:1",)),
    "the front page": (replace(ENTRY, link="https://example.org/"), {}, ("guid:example:tag:1",)),
    "a page that several entries have": (ENTRY, {"shared_page": True}, ("guid:example:tag:1",)),
    "a long guid": (
        replace(ENTRY, guid="x" * 500, link=""),
        {},
        ("guid:example:blake2b:3228a29addb7abe36f5ebfebea42f3e8",),
    ),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys(name):
    entry, how, keys = KEYS[name]
    assert told(entry, **how).sighting.keys == keys


def test_guids_of_two_sources_are_two():
    assert source_key("a", "1") != source_key("b", "1")


DAY = timedelta(days=1)
DATES = {
    "published": ({}, MOMENT - timedelta(hours=3)),
    "not published but updated": ({"published": None}, MOMENT - timedelta(hours=1)),
    "neither": ({"published": None, "updated": None}, MOMENT),
    "a clock in another zone": ({"published": MOMENT + DAY}, MOMENT),
    "the future": ({"published": MOMENT + DAY + timedelta(seconds=1)}, MOMENT - timedelta(hours=1)),
    "the far future, twice": ({"published": MOMENT + 900 * DAY, "updated": MOMENT + 900 * DAY}, MOMENT),
    "before the web": ({"published": datetime(1970, 1, 1, tzinfo=UTC), "updated": None}, MOMENT),
    "long ago": ({"published": datetime(1990, 1, 1, tzinfo=UTC)}, datetime(1990, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize("name", DATES)
def test_missing_and_absurd_dates_are_the_first_sight(name):
    change, date = DATES[name]
    assert told(replace(ENTRY, **change)).sighting.story.date == date


WORDS = {
    "title and summary": ({}, "A title", "A summary."),
    "a title without end": ({"title": "word " * 500}, "word " * 59 + "word…", "A summary."),
    "no title": ({"title": ""}, "A summary.", "A summary."),
    "no title, a long text": (
        {"title": "", "summary": "", "content": "<p>word " + "word " * 200},
        "word " * 23 + "word…",
        "word " * 99 + "word…",
    ),
    "no summary": ({"summary": ""}, "A title", "All of it."),
    "a summary that is the title": ({"summary": "A title"}, "A title", ""),
    "nothing but a title": ({"summary": "", "content": ""}, "A title", ""),
}


@pytest.mark.parametrize("name", WORDS)
def test_title_and_summary(name):
    change, title, summary = WORDS[name]
    story = told(replace(ENTRY, **change)).sighting.story
    assert (story.title, story.summary) == (title, summary)


def test_an_entry_without_words_is_unusable():
    empty = replace(ENTRY, title="", summary="", content="<img src='https://example.org/i.png'>")
    assert sighting(empty, SOURCE, VOICE, "1", NOW) == Unusable("no title and no text")


FEED = RemoteFeed("Example News", "https://www.example.org/", (), language="en-GB")
REUTERS = ProviderEntry("Reuters", "reuters.com", ("thomson reuters",))
KNOWN = Taxonomy(providers={"reuters.com": REUTERS, "thomson reuters": REUTERS})
VOICES = {
    "the feed's own": ({}, {}, Provider("Example News", "example.org"), "en-GB"),
    "the source's": (
        {"provider_name": "Example", "provider_domain": "example.com", "language": "de"},
        {},
        Provider("Example", "example.com"),
        "de",
    ),
    "a name of the source, known": (
        {"provider_name": "Thomson  REUTERS"},
        {},
        Provider("Reuters", "reuters.com"),
        "en-GB",
    ),
    "a name of the source, not known": ({"provider_name": "Ex"}, {}, Provider("Ex", "example.org"), "en-GB"),
    "a domain, known": ({"provider_domain": "reuters.com"}, {}, Provider("Reuters", "reuters.com"), "en-GB"),
    "a home page, known": ({}, {"home": "https://reuters.com/x"}, Provider("Reuters", "reuters.com"), "en-GB"),
    "no home page": ({}, {"home": ""}, Provider("Example News", "feeds.example.org"), "en-GB"),
    "nothing at all": (
        {},
        {"home": "", "title": "", "language": ""},
        Provider("feeds.example.org", "feeds.example.org"),
        "",
    ),
}


@pytest.mark.parametrize("name", VOICES)
def test_voice(name):
    source, feed, provider, language = VOICES[name]
    assert voice(replace(SOURCE, **source), replace(FEED, **feed), KNOWN) == Voice(provider, language)
