"""What is told when several records speak of one story, and when a reader is told that it changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.merge import Placed, Remembered, date, digest, doubled, item, merge
from feeds.model import Enclosure, Image, Problem, Provider, Severity, Sighting, Story

DAY = 86_400
NOON = 1_612_440_000  # 2021-02-04T12:00:00Z
REUTERS = Provider("Reuters", "reuters.com")
STORY = Story(
    title="A title",
    summary="A summary",
    link="https://reuters.com/a",
    kind="article",
    provider=REUTERS,
    topics=("AI",),
    date=datetime.fromtimestamp(NOON, UTC),
    images=(Image("https://reuters.com/a.jpg", 2, 1),),
    amp="https://reuters.com/a?amp",
    quality=50,
    heat=1,
)


def own(file: str, story: Story = STORY, *, held: bool = False) -> Placed:
    return Placed(file, Sighting(story, ("reuters.com/a",), own=True, held=held))


def mention(file: str, story: Story = STORY) -> Placed:
    return Placed(file, Sighting(story, ("reuters.com/a",), own=False))


BARE = Story("Bare", "", "", "video", Provider("", ""))


def test_one_voice_is_told_as_it_is():
    assert merge([own("1")]) is STORY
    assert merge([mention("1")]) is STORY


NOT_TOLD = [
    ("nobody speaks", []),
    ("the record is held", [own("1", held=True)]),
    ("a mention does not tell a held story", [own("1", held=True), mention("2")]),
    ("one of two records is held", [own("1"), own("2", held=True)]),
]


@pytest.mark.parametrize("said", [row[1] for row in NOT_TOLD], ids=[row[0] for row in NOT_TOLD])
def test_what_is_not_told(said):
    assert merge(said) is None


def test_a_record_wins_over_a_better_mention():
    better = replace(STORY, title="Better", quality=99, summary="So much more to say", topics=("Law",))
    told = merge([mention("1", better), own("2", replace(STORY, quality=None))])
    assert told is not None
    assert (told.title, told.summary, told.topics) == ("A title", "A summary", ("AI",))


def test_a_record_is_completed_from_mentions():
    told = merge([own("2", BARE), mention("1", replace(STORY, duration=60, cdn_amp="https://cdn.example/a"))])
    assert told == replace(
        BARE,
        summary=STORY.summary,
        images=STORY.images,
        amp=STORY.amp,
        cdn_amp="https://cdn.example/a",
        duration=60,
    )


LEADERS = [
    ("the best rated", replace(STORY, title="X", quality=51), STORY),
    ("any rating before none", replace(STORY, title="X", quality=1), replace(STORY, quality=None)),
    ("the most told", replace(STORY, title="X", summary="A longer summary"), STORY),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in LEADERS], ids=[row[0] for row in LEADERS])
def test_who_is_believed_first(first, second):
    for said in ([mention("2", first), mention("1", second)], [own("2", first), own("1", second)]):
        told = merge(said)
        assert told is not None
        assert told.title == "X"


def test_of_equals_the_first_file_speaks():
    told = merge([mention("2", replace(STORY, link="https://b")), mention("1", STORY)])
    assert told is not None
    assert told.link == STORY.link


def test_topics_are_those_of_all_records_each_once():
    one, two = replace(STORY, topics=("AI", "Law")), replace(STORY, topics=("LAW", "Police"))
    told = merge([own("1", one), own("2", two), mention("3", replace(STORY, topics=("Noise",)))])
    assert told is not None
    assert told.topics == ("AI", "Law", "Police")


STORIES = st.builds(
    Story,
    title=st.sampled_from(["A", "B"]),
    summary=st.sampled_from(["", "s", "t"]),
    link=st.sampled_from(["", "https://a", "https://b"]),
    kind=st.just("article"),
    provider=st.sampled_from([REUTERS, Provider("", "")]),
    topics=st.lists(st.sampled_from(["AI", "ai", "Law"]), max_size=2).map(tuple),
    date=st.sampled_from([None, STORY.date]),
    images=st.sampled_from([(), STORY.images]),
    quality=st.sampled_from([None, 0, 1]),
    duration=st.sampled_from([None, 1, 2]),
)
SAID = st.lists(
    st.builds(
        Placed,
        st.sampled_from(["1", "2"]),
        st.builds(Sighting, STORIES, st.just(("k",)), own=st.booleans(), held=st.just(value=False)),
    ),
    max_size=5,
)


@given(SAID, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(said, chance):
    shuffled = chance.sample(said, len(said))
    assert merge(shuffled) == merge(said)
    assert doubled(shuffled) == doubled(said)


def test_a_second_record_of_one_story_is_reported():
    said = [own("3"), own("1"), mention("0"), own("2"), mention("4")]
    detail = "the same story as 1; published as one"
    assert doubled(said) == tuple(
        Problem(file, 1, 1, "duplicate-story", detail, Severity.WARNING) for file in ("2", "3")
    )
    assert doubled([own("1"), mention("1"), mention("2")]) == ()


VISIBLE = [
    {"title": "x"},
    {"summary": "x"},
    {"link": "https://x"},
    {"kind": "video"},
    {"provider": Provider("x", "reuters.com")},
    {"provider": Provider("Reuters", "x.com")},
    {"topics": ("AI", "x")},
    {"topics": ()},
    {"images": ()},
    {"images": (Image("https://reuters.com/a.jpg", 3, 1),)},
    {"enclosure": Enclosure("https://x", "audio/mpeg")},
    {"duration": 1},
    {"authors": ("x",)},
]
INVISIBLE = [
    {"quality": 99},
    {"quality": None},
    {"heat": 99},
    {"amp": ""},
    {"cdn_amp": "https://x"},
    {"date": datetime.fromtimestamp(NOON + 60, UTC)},
]


@pytest.mark.parametrize("edit", VISIBLE, ids=str)
def test_what_a_reader_sees_moves_updated(edit):
    remembered = Remembered(NOON, NOON, digest(STORY, NOON))
    published, updated, seen = date(replace(STORY, **edit), remembered, NOON + DAY)
    assert (published, updated) == (NOON, NOON + DAY)
    assert seen != remembered.told


@pytest.mark.parametrize("edit", INVISIBLE, ids=str)
def test_what_no_reader_sees_moves_nothing(edit):
    remembered = Remembered(NOON, NOON + 5, digest(STORY, NOON))
    assert date(replace(STORY, **edit), remembered, NOON + DAY) == (NOON, NOON + 5, remembered.told)


def test_the_digest_is_frozen():
    # A new digest marks every item as changed for every reader: never for nothing.
    assert digest(STORY, NOON) == "af3cb3de1e5ad88c6172ee6b"
    assert digest(STORY, NOON) != digest(STORY, NOON + 1)


DATES = [
    ("new, with a date", STORY, None, (NOON, NOON)),
    (
        "new, of the future",
        replace(STORY, date=datetime.fromtimestamp(NOON + 9 * DAY, UTC)),
        None,
        (NOON + 9 * DAY,) * 2,
    ),
    ("new, without a date", replace(STORY, date=None), None, (NOON + DAY, NOON + DAY)),
    ("shown, date moved", STORY, Remembered(NOON - 5, NOON, ""), (NOON - 5, NOON + DAY)),
    ("shown, date gone", replace(STORY, date=None), Remembered(NOON, NOON, ""), (NOON, NOON + DAY)),
    ("announced, date moved", STORY, Remembered(NOON + 2 * DAY, NOON + 2 * DAY, ""), (NOON, NOON)),
    ("announced, date gone", replace(STORY, date=None), Remembered(NOON + 2 * DAY, NOON, ""), (NOON + DAY, NOON + DAY)),
    ("shown in this second", STORY, Remembered(NOON + DAY, NOON, ""), (NOON + DAY, NOON + DAY)),
    ("the clock went back", STORY, Remembered(NOON, NOON + 2 * DAY, ""), (NOON, NOON + 2 * DAY)),
]


@pytest.mark.parametrize(("story", "remembered", "times"), [row[1:] for row in DATES], ids=[row[0] for row in DATES])
def test_published_never_moves_once_shown(story, remembered, times):
    assert date(story, remembered, NOON + DAY)[:2] == times


def test_an_announced_story_is_not_updated_by_the_hour_it_appears():
    published, updated, seen = date(STORY, None, NOON - DAY)
    assert date(STORY, Remembered(published, updated, seen), NOON + DAY) == (NOON, NOON, seen)


def test_an_item_is_a_story_with_its_times():
    made = item("id", STORY, NOON, NOON + 1)
    assert (made.id, made.story) == ("id", STORY)
    assert made.published == datetime(2021, 2, 4, 12, tzinfo=UTC)
    assert made.updated.second == 1
