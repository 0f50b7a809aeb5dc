import pytest

from feeds.links.judge import judge
from feeds.links.policy import Policy
from feeds.model.link import LinkState, Seen, Verdict

OLD = "http://www.paper.example/2024/05/a-story-about-something"
NEAR = "https://www.paper.example/stories/a-story-about-something"
FAR = "https://other.example/2024/05/a-story-about-something"
START = 1_700_000_000
DAY = 86_400
POLICY = Policy()


def seen_on(see, days_and_targets, policy=POLICY):
    """Return the state after the story was seen at each target ("" for its own place) on each day."""
    state = LinkState(OLD)
    for day, to in days_and_targets:
        seen = see(Seen.MOVED, url=OLD, to=to) if to else see(Seen.ALIVE, url=OLD)
        state = judge(state, seen, policy, START + round(day * DAY))
    return state


CASES = [
    # what changes nothing but the form is believed at once
    ([(0, OLD.replace("http:", "https:"))], True),
    ([(0, OLD.replace("www.", ""))], True),
    ([(0, OLD + "/")], True),
    ([(0, "https://paper.example/2024/05/a-story-about-something/")], True),
    ([(0, OLD + "?page=1")], False),
    # within the site: twice, a week apart
    ([(0, NEAR)], False),
    ([(0, NEAR), (6.9, NEAR)], False),
    ([(0, NEAR), (7, NEAR)], True),
    ([(0, NEAR), (3, NEAR), (7, NEAR)], True),
    ([(0, NEAR), (3, ""), (7, NEAR)], False),
    ([(0, NEAR), (3, ""), (7, NEAR), (14, NEAR)], True),
    ([(0, NEAR), (7, NEAR + "-2")], False),
    ([(0, NEAR), (7, NEAR + "-2"), (13, NEAR + "-2")], False),
    ([(0, NEAR), (7, NEAR + "-2"), (14, NEAR + "-2")], True),
    ([(0, "https://amp.www.paper.example/a-story"), (7, "https://amp.www.paper.example/a-story")], True),
    # to another site: three times over two weeks, and never to its front page
    ([(0, FAR), (14, FAR)], False),
    ([(0, FAR), (7, FAR), (13.9, FAR)], False),
    ([(0, FAR), (7, FAR), (14, FAR)], True),
    ([(0, FAR), (0.1, FAR), (0.2, FAR), (14, FAR)], False),
    ([(0, "https://other.example/")] + [(day, "https://other.example/") for day in range(7, 700, 7)], False),
]


@pytest.mark.parametrize(("history", "confirmed"), CASES)
def test_confirmation(see, history, confirmed):
    state = seen_on(see, history)
    assert (state.verdict, state.moved_confirmed) == (Verdict.MOVED, confirmed)
    assert state.moved_to == history[-1][1]


def test_only_the_permanent_part_of_the_chain_counts(see):
    hops = ((301, OLD + "/"), (302, "https://other.example/session/1"))
    state = judge(LinkState(OLD), see(Seen.MOVED, url=OLD, hops=hops), POLICY, START)
    assert (state.moved_to, state.moved_confirmed) == (OLD + "/", True)


@pytest.mark.parametrize("seen", [Seen.TRANSIENT, Seen.BLOCKED, Seen.MISSING])
def test_a_bad_day_does_not_touch_a_move(see, seen):
    pending = seen_on(see, [(0, NEAR)])
    bad = judge(pending, see(seen, url=OLD), POLICY, START + 2 * DAY)
    assert (bad.moved_to, bad.moved_confirmed) == (NEAR, False)
    good = judge(bad, see(Seen.MOVED, url=OLD, to=NEAR), POLICY, START + 8 * DAY)
    assert good.moved_confirmed
    worse = judge(good, see(seen, url=OLD), POLICY, START + 9 * DAY)
    assert (worse.moved_to, worse.moved_confirmed) == (NEAR, True)


def test_a_confirmed_move_ends_as_it_began(see):
    confirmed = [(0, NEAR), (7, NEAR)]
    held = seen_on(see, [*confirmed, (10, "")])
    assert (held.verdict, held.moved_to, held.moved_confirmed) == (Verdict.OK, NEAR, True)
    back = seen_on(see, [*confirmed, (10, ""), (12, NEAR)])
    assert (back.verdict, back.moved_confirmed) == (Verdict.MOVED, True)
    assert seen_on(see, [*confirmed, (10, ""), (12, NEAR), (18, "")]).moved_confirmed
    over = seen_on(see, [*confirmed, (10, ""), (17, "")])
    assert (over.verdict, over.moved_to, over.moved_confirmed) == (Verdict.OK, "", False)


@pytest.mark.parametrize(("hops", "left"), [(((301, NEAR),), ""), ((), NEAR)])
def test_death_at_the_end_of_the_move_ends_the_move(see, hops, left):
    state = seen_on(see, [(0, NEAR), (7, NEAR)])
    for day in (8, 10, 12):
        assert (state.moved_to, state.moved_confirmed) == (NEAR, True)
        state = judge(state, see(Seen.MISSING, url=OLD, hops=hops), POLICY, START + day * DAY)
    assert (state.verdict, state.moved_to, state.moved_confirmed) == (Verdict.DEAD, left, bool(left))
