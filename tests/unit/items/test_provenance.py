"""Where each field comes from, as `merge` has it: never another answer than the story itself gives."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.merge import Placed, merge
from feeds.items.provenance import FIELDS, Origin, Said, TopicOrigin, in_words, origins, topic_origins
from feeds.model import Enclosure, Image, Provider, Sighting, Story

DATE = datetime(2021, 2, 4, 12, tzinfo=UTC)
OURS = Story("Ours", "", "https://a.example/1", "article", Provider("A", "a.example"), date=DATE)
THEIRS = Story(
    "Theirs",
    "Their words",
    "https://a.example/1?x",
    "article",
    Provider("B", "b.example"),
    topics=("AI",),
    images=(Image("https://b.example/1.jpg", 2, 1),),
    authors=("Ann", "Bob"),
)


def placed(file: str, story: Story, *, own: bool = True, remote: bool = False, held: bool = False) -> Placed:
    return Placed(file, Sighting(story, ("a.example/1",), own, held, remote))


def told(*said: Placed) -> dict[str, Origin]:
    return {origin.field: origin for origin in origins(said)}


def test_a_story_of_one_voice_comes_from_it() -> None:
    found = told(placed("one.md", OURS))
    assert {name: (each.value, each.file, each.others) for name, each in found.items()} == {
        "title": ("Ours", "one.md", ()),
        "link": ("https://a.example/1", "one.md", ()),
        "date": ("2021-02-04 12:00:00 UTC", "one.md", ()),
        "provider": ("A (a.example)", "one.md", ()),
        "kind": ("article", "one.md", ()),
    }


def test_nobody_says_nothing() -> None:
    assert (origins(()), topic_origins(())) == ((), ())


def test_what_the_record_leaves_empty_comes_from_others_and_what_it_says_does_not() -> None:
    found = told(placed("feed", THEIRS, remote=True), placed("one.md", OURS))
    assert found["title"] == Origin("title", "Ours", "one.md", (Said("feed", "Theirs"),))
    assert found["summary"] == Origin("summary", "Their words", "feed")
    assert found["images"] == Origin("images", "https://b.example/1.jpg (2x1)", "feed")
    assert found["authors"].value == "Ann, Bob"


def test_a_field_that_only_its_leader_may_tell_is_empty_whatever_others_say() -> None:
    found = told(placed("one.md", replace(OURS, link="")), placed("feed", THEIRS, remote=True))
    assert found["link"] == Origin("link", "", "one.md", (Said("feed", THEIRS.link),))


def test_other_candidates_are_told_once_and_only_where_they_differ() -> None:
    same = placed("two.md", replace(OURS, title="Ours", link="https://a.example/2"))
    found = told(placed("one.md", OURS), same, placed("feed", THEIRS, remote=True), placed("feed", THEIRS, remote=True))
    assert found["title"].others == (Said("feed", "Theirs"),)
    assert found["link"].others == (Said("two.md", "https://a.example/2"), Said("feed", THEIRS.link))


TOPICS = [
    ("records outweigh all", [("r", "ai"), ("m", "Law"), ("f", "AI"), ("f", "Law")], ["+ai r", "-Law m f"]),
    ("mentions outweigh feeds", [("m", "Law"), ("f", "AI")], ["+Law m", "-AI f"]),
    ("feeds where nobody else names any", [("r", ""), ("m", "Law"), ("f", "AI")], ["+AI f", "-Law m"]),
    ("a feed alone", [("f", "AI"), ("f", "Law")], ["+AI f", "+Law f"]),
]


@pytest.mark.parametrize(("said", "expected"), [row[1:] for row in TOPICS], ids=[row[0] for row in TOPICS])
def test_who_names_topics(said: list[tuple[str, str]], expected: list[str]) -> None:
    listed: dict[str, tuple[str, ...]] = {}
    for file, topic in said:
        listed[file] = (*listed.get(file, ()), *([topic] if topic else []))
    voices = [
        placed(file, replace(OURS, topics=topics), own=file != "m", remote=file == "f")
        for file, topics in listed.items()
    ]
    found = topic_origins(voices)
    assert [f"{'+' if each.counts else '-'}{' '.join((each.topic, *each.files))}" for each in found] == expected


WORDS = [
    (None, ""),
    ("", ""),
    ((), ""),
    ("as it is", "as it is"),
    (Provider("A", ""), "A"),
    (Provider("", "a.example"), "a.example"),
    (Image("https://a.example/1.jpg"), "https://a.example/1.jpg"),
    (Enclosure("https://a.example/1.mp3", "audio/mpeg", 7), "https://a.example/1.mp3 audio/mpeg 7 bytes"),
    (Enclosure("https://a.example/1.mp3", "audio/mpeg"), "https://a.example/1.mp3 audio/mpeg"),
    (90, "90 seconds"),
]


@pytest.mark.parametrize(("value", "said"), WORDS)
def test_values_in_words(value: object, said: str) -> None:
    assert in_words(value) == said


STORIES = st.builds(
    Story,
    title=st.sampled_from(["A", "B"]),
    summary=st.sampled_from(["", "s", "t"]),
    link=st.sampled_from(["", "https://a", "https://b"]),
    kind=st.just("article"),
    provider=st.sampled_from([Provider("A", "a.example"), Provider("", "")]),
    topics=st.lists(st.sampled_from(["AI", "ai", "Law"]), max_size=2, unique=True).map(tuple),
    date=st.sampled_from([None, DATE]),
    images=st.sampled_from([(), THEIRS.images]),
    duration=st.sampled_from([None, 0, 1, 2]),
    authors=st.sampled_from([(), ("Ann",), ("Bob",)]),
    content=st.sampled_from(["", "<p>x</p>"]),
    language=st.sampled_from(["", "en", "de"]),
    quality=st.sampled_from([None, 1]),
)
SAID = st.lists(
    st.builds(placed, st.sampled_from(["1", "2", "3"]), STORIES, own=st.booleans(), remote=st.booleans()),
    min_size=2,
    max_size=5,
)


@given(SAID)
def test_every_answer_is_that_of_the_story(said: list[Placed]) -> None:
    story = merge(said)
    assert story is not None
    found = {origin.field: origin for origin in origins(said)}
    assert {name: found[name].value if name in found else "" for name in FIELDS} == {
        name: in_words(getattr(story, name)) for name in FIELDS
    }
    assert tuple(each.topic for each in topic_origins(said) if each.counts) == story.topics


@given(SAID, st.randoms())
def test_the_order_of_arrival_does_not_matter(said: list[Placed], dice: object) -> None:
    mixed = sorted(said, key=lambda _: dice.random())  # type: ignore[attr-defined]
    assert [(each.field, each.value, each.file) for each in origins(mixed)] == [
        (each.field, each.value, each.file) for each in origins(said)
    ]


@given(SAID)
def test_every_document_that_names_a_topic_is_told(said: list[Placed]) -> None:
    found: tuple[TopicOrigin, ...] = topic_origins(said)
    named = {(file, each.topic.lower()) for each in found for file in each.files}
    everywhere = {(each.file, topic.lower()) for each in said for topic in each.sighting.story.topics}
    assert named <= everywhere
    assert {topic for _, topic in named} == {topic for _, topic in everywhere}
