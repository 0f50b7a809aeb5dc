"""A state from before stories had a whole text, a language or other reports: nothing in it may seem to have changed."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from feeds.items.encoding import decode_sighting, decode_story, encode_sighting, encode_story
from feeds.items.merge import Placed, Remembered, date, digest, merge
from feeds.model import Enclosure, Image, Provider, Sighting, Story
from feeds.model.item import Mention

NOON = 1_612_440_000  # 2021-02-04T12:00:00Z
DAY = 86_400
TRUST = Mention("Thomson Reuters Foundation", "news.trust.org", "https://news.trust.org/item/1", "The same story")
LOOKALIKE = ',"content":"","language":"","also":[],"remote":false}'

# What version 0.2.0 made of each: its digest at noon, and its JSON.
FROZEN = [
    (
        Story(
            title='"Face control": Russian police',
            summary="Georgy Malets didn't make it to an anti-Kremlin rally last month.",
            link="https://www.reuters.com/article/idUSKBN2AB1U2",
            kind="article",
            provider=Provider("Reuters", "reuters.com"),
            topics=("Computer Vision", "AI"),
            images=(Image("https://s4.reutersmedia.net/resources/r/?m=02&fh=545px", 810, 545),),
        ),
        "34457d49364cb7bae751d57f",
        """{"title":"\\"Face control\\": Russian police",
"summary":"Georgy Malets didn't make it to an anti-Kremlin rally last month.",
"link":"https://www.reuters.com/article/idUSKBN2AB1U2","kind":"article","provider":{"name":"Reuters",
"domain":"reuters.com"},"topics":["Computer Vision","AI"],"date":null,
"images":[{"url":"https://s4.reutersmedia.net/resources/r/?m=02&fh=545px","width":810,"height":545}],
"enclosure":null,"duration":null,"authors":[],"amp":"","cdn_amp":"","quality":null,"heat":null}""",
    ),
    (
        Story(
            title="AT&T’s lab: is a<b? – Künstliche Intelligenz 😀",
            summary="R&D says x < y.",
            link="https://www.example.com/a?b=1&c=%C3%A4",
            kind="video",
            provider=Provider("Barnes & Noble", "bn.com"),
            topics=("R&D",),
            enclosure=Enclosure("https://cdn.example.com/talk.mp4", "video/mp4", 1234567),
            duration=4440,
            authors=("Jane Doe", "Max Müller"),
        ),
        "28de1b5d5298a6063f42b1ac",
        """{"title":"AT&T’s lab: is a<b? – Künstliche Intelligenz 😀","summary":"R&D says x < y.",
"link":"https://www.example.com/a?b=1&c=%C3%A4","kind":"video","provider":{"name":"Barnes & Noble",
"domain":"bn.com"},"topics":["R&D"],"date":null,"images":[],
"enclosure":{"url":"https://cdn.example.com/talk.mp4","type":"video/mp4","length":1234567},"duration":4440,
"authors":["Jane Doe","Max Müller"],"amp":"","cdn_amp":"","quality":null,"heat":null}""",
    ),
    (
        Story("Bare", "", "", "audio", Provider("", "")),
        "df8663ccab3bc790357ad285",
        """{"title":"Bare","summary":"","link":"","kind":"audio","provider":{"name":"","domain":""},"topics":[],
"date":null,"images":[],"enclosure":null,"duration":null,"authors":[],"amp":"","cdn_amp":"","quality":null,
"heat":null}""",
    ),
]
STORY = FROZEN[0][0]
MORE = [{"content": "<p>All of it.</p>"}, {"language": "ru"}, {"also": (TRUST,)}]


@pytest.mark.parametrize(("story", "told", "_body"), FROZEN, ids=[story.kind for story, _, _ in FROZEN])
def test_a_story_without_more_has_the_digest_it_had(story, told, _body):
    assert digest(story, NOON) == told
    assert date(story, Remembered(NOON, NOON, told), NOON + DAY) == (NOON, NOON, told)


@pytest.mark.parametrize(("story", "_told", "body"), FROZEN, ids=[story.kind for story, _, _ in FROZEN])
def test_a_story_without_more_is_written_and_read_as_it_was(story, _told, body):
    body = "".join(body.split("\n"))
    assert encode_story(story).decode() == body
    assert decode_story(body.encode()) == story
    sighting = Sighting(story, ("k",), own=True)
    written = f'{{"story":{body},"keys":["k"],"own":true,"held":false}}'.encode()
    assert encode_sighting(sighting) == written
    assert decode_sighting(written) == sighting


@pytest.mark.parametrize("more", [*MORE, {"content": LOOKALIKE}, {"title": LOOKALIKE}, {"title": ","}], ids=str)
def test_whatever_a_story_says_comes_back(more):
    story = replace(STORY, date=datetime.fromtimestamp(NOON, UTC), **more)
    assert decode_story(encode_story(story)) == story
    sighting = Sighting(story, (LOOKALIKE, ',"remote":false}'), own=False, held=True)
    assert decode_sighting(encode_sighting(sighting)) == sighting


@pytest.mark.parametrize("more", MORE, ids=str)
def test_more_to_see_moves_updated_when_it_comes_changes_and_goes(more):
    told = replace(STORY, **more)
    (name, value), *_ = more.items()
    other = replace(told, **{name: (replace(TRUST, title="Another"),) if name == "also" else value + "x"})
    steps = [STORY, told, other, STORY]
    for before, after in pairwise(steps):
        remembered = Remembered(NOON, NOON, digest(before, NOON))
        assert date(after, remembered, NOON + DAY)[1] == NOON + DAY
        assert date(before, remembered, NOON + DAY)[1] == NOON


def test_a_record_takes_the_whole_text_and_its_language_from_who_has_it():
    full = replace(STORY, content="<p>All of it.</p>", language="ru", also=(TRUST,))
    said = [
        Placed("1", Sighting(STORY, ("k",), own=True)),
        Placed("2", Sighting(replace(full, title="Another title"), ("k",), own=False)),
    ]
    assert merge(said) == replace(STORY, content=full.content, language="ru")


def test_a_record_keeps_the_text_and_language_it_has():
    own = replace(STORY, content="<p>Ours.</p>", language="en")
    other = replace(STORY, content="<p>Theirs.</p>", language="ru")
    said = [Placed("1", Sighting(own, ("k",), own=True)), Placed("2", Sighting(other, ("k",), own=False))]
    assert merge(said) == own
