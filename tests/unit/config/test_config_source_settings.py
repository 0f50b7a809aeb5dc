import json

import pytest
from pydantic import Field, ValidationError

from feeds.config.faults import Place, told
from feeds.config.keys import dotted
from feeds.config.section import Section
from feeds.config.source_settings import PollingSettings, Sources, SourceSettings, derived_id, seconds, sources_of
from feeds.model.source import Source

URL = "https://example.org/feed.xml"


class Both(Section):
    """The two sections as they stand in feeds.yaml."""

    sources: Sources = Field((), description="The sources.")
    polling: PollingSettings = Field(PollingSettings(), description="The polling.")


def read(*sources, **polling):
    return Both.model_validate({"sources": list(sources), "polling": polling})


def faults(value):
    with pytest.raises(ValidationError) as caught:
        Both.model_validate(value)
    return [f"{each.key}: {each.reason}" for each in told(caught.value, Both, lambda loc, _: Place(0, dotted(loc)))]


def test_a_url_is_enough():
    both = read({"url": URL})
    assert sources_of(both.sources, both.polling) == (Source("example-org-feed-xml", URL),)


def test_all_that_can_be_said():
    both = read(
        {
            "url": URL,
            "id": "example",
            "provider": {"name": "Example", "domain": "WWW.Example.ORG"},
            "topics": ["AI"],
            "keep_categories": True,
            "language": "en-GB",
            "include": ["ai"],
            "exclude": ["sport"],
            "include_patterns": ["^a"],
            "exclude_patterns": ["z$"],
            "languages": ["en"],
            "max_age_days": 7,
            "min_score": 10,
            "weight": 70,
            "interval_min": "5M",
            "interval_max": "2h",
            "full_text": False,
            "paused": True,
            "username_env": "USER_NAME",
            "password_env": "PASS_WORD",
            "headers_env": {"X-Api-Key": "KEY"},
        },
        full_text=True,
    )
    assert sources_of(both.sources, both.polling) == (
        Source(
            id="example",
            url=URL,
            provider_name="Example",
            provider_domain="example.org",
            topics=("AI",),
            keep_categories=True,
            language="en-GB",
            include=("ai",),
            exclude=("sport",),
            include_patterns=("^a",),
            exclude_patterns=("z$",),
            languages=("en",),
            max_age_days=7,
            min_score=10,
            weight=70,
            full_text=False,
            shortest=300,
            longest=7200,
            paused=True,
        ),
    )


def test_polling_holds_for_all_that_say_nothing():
    both = read({"url": URL}, {"url": URL + "?2", "interval_min": "3d"}, interval_min="30m", full_text=True)
    bounds = [(each.shortest, each.longest, each.full_text) for each in sources_of(both.sources, both.polling)]
    assert bounds == [(1800, 86_400, True), (259_200, 259_200, True)]


IDS = [
    (URL, "example-org-feed-xml"),
    ("http://www.example.org/feed.xml/", "example-org-feed-xml"),
    ("https://example.org/?feed=rss2&utm_source=x", "example-org-feed-rss2"),
    ("https://example.org/%E6%96%B0", "example-org-e6-96-b0"),
    ("https://example.org/" + "news/" * 30, "example-org-news-news-news-news-news-news-news-news-news-new-6febeea5"),
]


@pytest.mark.parametrize(("url", "derived"), IDS)
def test_ids_that_are_not_given(url, derived):
    assert derived_id(url) == derived
    assert SourceSettings(url=url).name == derived


SPANS = [("1m", 60), ("90s", 90), ("15m", 900), ("6H", 21_600), ("30d", 2_592_000)]


@pytest.mark.parametrize(("span", "length"), SPANS)
def test_spans(span, length):
    assert seconds(read(interval_min=span, interval_max="30d").polling.interval_min) == length


VARIABLE = "must be the name of an environment variable: never write the secret itself here"
ESCAPE = "write \\ before a sign that stands for itself"
ONE_KIND = "has more than one kind of credentials; keep one of them"
FAULTS = {
    "no url": ({"id": "x"}, "sources[0].url: is missing; add it"),
    "no web address": (
        {"url": "feed.xml"},
        "sources[0].url: must be an absolute http or https URL such as https://feeds.example.org/",
    ),
    "a password in the url": (
        {"url": "https://me:secret@example.org/"},
        "sources[0].url: must not hold a user name or password: it is published",
    ),
    "a secret for a variable": ({"url": URL, "token_env": "s3cr3t-token"}, f"sources[0].token_env: {VARIABLE}"),
    "a variable of ours": (
        {"url": URL, "token_env": "FEEDS_TOKEN"},
        "sources[0].token_env: must not start with FEEDS_: such variables are settings",
    ),
    "half a password": (
        {"url": URL, "username_env": "ME"},
        "sources[0]: username_env and password_env belong together; add the other one",
    ),
    "two ways in": (
        {"url": URL, "username_env": "ME", "password_env": "PW", "token_env": "T"},
        f"sources[0]: {ONE_KIND}",
    ),
    "two ways in, one a header": (
        {"url": URL, "token_env": "T", "headers_env": {"authorization": "A"}},
        f"sources[0]: {ONE_KIND}",
    ),
    "a broken pattern": (
        {"url": URL, "exclude_patterns": ["fine", "a(b"]},
        f"sources[0].exclude_patterns[1]: is no regular expression: missing ) at position 3; {ESCAPE}",
    ),
    "an odd id": (
        {"url": URL, "id": "My Feed"},
        "sources[0].id: must be a-z, 0-9, dots, - and _ only, at most 80 of them, not 'My Feed'",
    ),
    "no domain": (
        {"url": URL, "provider": {"domain": "localhost"}},
        "sources[0].provider.domain: must be a domain such as example.org, not 'localhost'",
    ),
    "no span": (
        {"url": URL, "interval_min": "hourly"},
        "sources[0].interval_min: must be a span of 1m to 30d such as 15m, 6h or 1d, not 'hourly'",
    ),
    "in a hurry": (
        {"url": URL, "interval_min": "59s"},
        "sources[0].interval_min: must be a span of 1m to 30d such as 15m, 6h or 1d, not '59s'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_a_source(name):
    source, fault = FAULTS[name]
    assert faults({"sources": [source]}) == [fault]


HEADERS = ["Host", "user-agent", "If-None-Match", "a b", ""]


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_cannot_be_set(name):
    (fault,) = faults({"sources": [{"url": URL, "headers_env": {name: "KEY"}}]})
    assert fault.endswith(f"{name!r} is no header that can be set here")


def test_two_sources_cannot_have_one_id():
    (fault,) = faults(
        {"sources": [{"url": "https://a.example/"}, {"url": URL}, {"url": "http://www.example.org/feed.xml"}]}
    )
    assert fault == (
        "sources: sources[2] and sources[1] have the same id 'example-org-feed-xml'; "
        "remove one of them, or give it another id"
    )


def test_the_shortest_interval_is_not_longer_than_the_longest():
    assert faults({"polling": {"interval_min": "2d"}}) == ["polling: interval_min 2d is longer than interval_max 1d"]


def test_the_sections_have_a_json_schema():
    assert '"sources"' in json.dumps(Both.model_json_schema())
