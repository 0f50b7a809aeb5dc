from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.links.effects import effect, shown, urls_of
from feeds.links.judge import judge, pinned
from feeds.links.policy import Policy
from feeds.model.item import Enclosure, Image, Provider, Story
from feeds.model.link import LinkState, Observation, Role, Seen, Verdict

LINK, AMP, CDN = "https://a.example/1", "https://a.example/amp/1", "https://a-example.cdn.example/1"
NEW, SNAPSHOT = "https://b.example/1", "https://web.archive.org/web/20240501000000/https://a.example/1"
SOUND = "https://a.example/1.mp3"
DATE = datetime(2024, 5, 1, tzinfo=UTC)
YOUNG, OLD = int((DATE + timedelta(days=29)).timestamp()), int((DATE + timedelta(days=31)).timestamp())
STORY = Story(
    "Title",
    "Summary.",
    LINK,
    "news",
    Provider("A", "a.example"),
    date=DATE,
    images=(Image("https://a.example/1.jpg"), Image("https://a.example/2.jpg")),
    enclosure=Enclosure(SOUND, "audio/mpeg"),
    amp=AMP,
    cdn_amp=CDN,
)
POLICY = Policy()


def known(*states):
    return {state.url: state for state in states}


def dead(url, since=OLD, **more):
    return LinkState(url, Verdict.DEAD, since=since, **more)


def alive(url, verdict=Verdict.OK, **more):
    return LinkState(url, verdict, last_ok_at=5, **more)


def test_urls_of():
    assert urls_of(STORY) == (
        (LINK, Role.ARTICLE),
        (AMP, Role.AMP),
        (CDN, Role.CDN_AMP),
        ("https://a.example/1.jpg", Role.IMAGE),
        ("https://a.example/2.jpg", Role.IMAGE),
        (SOUND, Role.ENCLOSURE),
    )
    bare = Story("Title", "", "", "news", Provider("A", "a.example"))
    assert urls_of(bare) == ()
    assert urls_of(replace(bare, link=LINK, amp=LINK)) == ((LINK, Role.ARTICLE),)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.DEAD])
def test_nothing_but_death_and_a_confirmed_move_changes_anything(verdict):
    states = [LinkState(url, verdict, moved_to=NEW, moved_seen=1, fails=9, since=OLD) for url, _ in urls_of(STORY)]
    assert shown(STORY, known(*states), POLICY) == STORY
    assert shown(STORY, {}, POLICY) is STORY


FLAGGED = "Summary. (The publisher's page is gone.)"
LINKS = [
    # what is known of the page and its copies, what is shown as link and summary, None for not at all
    ([alive(LINK, Verdict.MOVED, moved_to=NEW, moved_confirmed=True)], (NEW, "Summary.")),
    ([alive(LINK, Verdict.SUSPECT, moved_to=NEW, moved_confirmed=True)], (NEW, "Summary.")),
    ([alive(LINK, Verdict.OK, moved_to=NEW, moved_confirmed=True)], (NEW, "Summary.")),
    ([alive(LINK, Verdict.MOVED, moved_to=NEW, moved_confirmed=True), dead(NEW)], (LINK, "Summary.")),
    ([dead(LINK, moved_to=NEW, moved_confirmed=True), alive(AMP)], (NEW, "Summary.")),
    ([dead(LINK, moved_to=NEW, moved_confirmed=True), alive(AMP), dead(NEW)], (AMP, "Summary.")),
    ([dead(LINK), alive(AMP), alive(CDN)], (AMP, "Summary.")),
    ([dead(LINK), alive(AMP, Verdict.SUSPECT)], (AMP, "Summary.")),
    ([dead(LINK), alive(AMP, moved_to=NEW, moved_confirmed=True)], (NEW, "Summary.")),
    ([dead(LINK), dead(AMP), alive(CDN)], (CDN, "Summary.")),
    ([dead(LINK), LinkState(AMP), alive(CDN)], (CDN, "Summary.")),
    ([dead(LINK), LinkState(AMP, Verdict.BLOCKED)], (LINK, FLAGGED)),
    ([dead(LINK, archive=SNAPSHOT), dead(AMP), dead(CDN)], (SNAPSHOT, "Summary.")),
    ([dead(LINK, archive=SNAPSHOT), alive(AMP)], (AMP, "Summary.")),
    ([dead(LINK)], (LINK, FLAGGED)),
    ([dead(LINK, since=YOUNG)], None),
    ([dead(LINK, since=YOUNG), alive(AMP)], (AMP, "Summary.")),
]


@pytest.mark.parametrize(("states", "expected"), LINKS)
def test_link(states, expected):
    story = shown(STORY, known(*states), POLICY)
    assert (story and (story.link, story.summary)) == expected
    if story:
        assert (story.title, story.date, story.images) == (STORY.title, STORY.date, STORY.images)


POLICIES = [
    (Policy(on_dead="keep"), (LINK, "Summary.")),
    (Policy(on_dead="flag"), (LINK, FLAGGED)),
    (Policy(on_dead="drop"), None),
    (Policy(archive=False), (LINK, FLAGGED)),
    (Policy(on_dead="flag", flag="Weg."), (LINK, "Summary. Weg.")),
    (Policy(archive=False, flag_after=40 * 86_400), None),
]


@pytest.mark.parametrize(("policy", "expected"), POLICIES)
def test_policy(policy, expected):
    story = shown(STORY, known(dead(LINK, archive=SNAPSHOT), dead(AMP)), policy)
    assert (story and (story.link, story.summary)) == expected


def test_verdicts_that_are_not_death_can_be_told_to_count():
    suspect, blocked = LinkState(LINK, Verdict.SUSPECT), LinkState(LINK, Verdict.BLOCKED)
    assert shown(STORY, known(suspect), Policy(on_suspect="drop")) is None
    assert shown(STORY, known(blocked), Policy(on_suspect="drop")) == STORY
    assert shown(STORY, known(blocked), Policy(on_blocked="flag")).summary == FLAGGED
    moved = alive(LINK, Verdict.MOVED, moved_to=NEW, moved_confirmed=True)
    assert shown(STORY, known(moved), Policy(follow_moves=False)) == STORY


def test_a_story_without_date_or_summary_is_flagged():
    story = shown(replace(STORY, date=None, summary=""), known(dead(LINK, since=YOUNG)), POLICY)
    assert story.summary == "(The publisher's page is gone.)"


def test_dead_copies_and_images_are_left_out():
    first, second = STORY.images
    story = shown(STORY, known(dead(first.url), dead(AMP), dead(CDN), dead(SOUND)), POLICY)
    assert (story.images, story.amp, story.cdn_amp, story.enclosure) == ((second,), "", "", None)
    assert (story.link, story.summary) == (LINK, "Summary.")
    assert shown(STORY, known(dead(first.url), dead(SOUND)), Policy(on_dead="keep")) == STORY
    no_sound = replace(STORY, enclosure=None)
    assert shown(no_sound, known(dead(second.url)), POLICY).images == (first,)


@pytest.mark.parametrize(
    ("before", "learned", "after"),
    [
        (Enclosure(SOUND, "audio/mpeg"), {"length": 9, "type": "audio/x-mpeg"}, Enclosure(SOUND, "audio/mpeg", 9)),
        (Enclosure(SOUND, ""), {"length": 9, "type": "audio/mpeg"}, Enclosure(SOUND, "audio/mpeg", 9)),
        (Enclosure(SOUND, "", 7), {"length": 9}, Enclosure(SOUND, "", 7)),
        (Enclosure(SOUND, ""), {}, Enclosure(SOUND, "")),
    ],
)
def test_enclosures_learn_length_and_type(before, learned, after):
    assert shown(replace(STORY, enclosure=before), known(alive(SOUND, **learned)), POLICY).enclosure == after


@pytest.mark.parametrize(
    ("word", "seen", "expected"), [("alive", Seen.GONE, (LINK, "Summary.")), ("dead", Seen.ALIVE, (LINK, FLAGGED))]
)
def test_pins_outweigh_what_is_seen(word, seen, expected):
    state = pinned(LinkState(LINK), word, OLD)
    for day in range(60):
        state = judge(state, Observation(LINK, seen, ""), POLICY, OLD + day * 86_400)
    story = shown(STORY, known(state), POLICY)
    assert (story.link, story.summary) == expected


def test_a_pin_keeps_the_link_where_it_is():
    state = replace(pinned(LinkState(LINK), "alive", OLD), moved_to=NEW, moved_confirmed=True)
    assert shown(STORY, known(state), POLICY) == STORY


@pytest.mark.parametrize("role", list(Role))
def test_a_year_of_flapping_has_one_effect(role):
    state, effects = alive(LINK), set()
    for day in range(365):
        kind = (Seen.ALIVE, Seen.TRANSIENT, Seen.BLOCKED, Seen.ALIVE, Seen.MISSING, Seen.ALIVE)[day % 6]
        state = judge(state, Observation(LINK, kind, "", length=day), POLICY, OLD + day * 86_400)
        effects.add(replace(effect(state, role, POLICY), length=None))
    assert len(effects) == 1


def test_shown_is_the_same_whenever_it_is_asked():
    states = known(dead(LINK), dead(STORY.images[0].url))
    once = shown(STORY, states, POLICY)
    later = known(*(replace(state, checked_at=OLD + 9, fails=77, reason="new") for state in states.values()))
    assert shown(STORY, later, POLICY) == once
