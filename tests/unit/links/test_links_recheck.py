from itertools import pairwise

import pytest

from feeds.links.judge import judge
from feeds.links.policy import Policy
from feeds.model.link import LinkState, Seen, Verdict

START = 1_700_000_000
HOUR, DAY = 3600, 86_400
POLICY = Policy()
SPREAD_OF_ONE = (1.0 - 0.85) / 0.30


def waits(story):
    times = [elapsed for elapsed, _ in story]
    return [later - earlier for earlier, later in pairwise(times)]


LADDERS = [
    (Seen.TRANSIENT, 0.0, 15, [HOUR // 2, 6 * HOUR, 24 * HOUR, 72 * HOUR, 72 * HOUR]),
    (Seen.LOOP, 0.0, 6, [HOUR // 2, 6 * HOUR, 24 * HOUR, 72 * HOUR]),
    (Seen.TLS, 0.0, 15, [HOUR // 2, 6 * HOUR, 24 * HOUR, 72 * HOUR, 72 * HOUR]),
    (Seen.MISSING, 0.0, 2, [24 * HOUR]),
    (Seen.MISSING, 0.0, 3, [24 * HOUR, 48 * HOUR]),
    (Seen.SOFT, 0.0, 8, [48 * HOUR, 72 * HOUR, 72 * HOUR]),
    (Seen.NO_HOST, 0.0, 8, [48 * HOUR, 72 * HOUR, 72 * HOUR]),
    (Seen.BLOCKED, SPREAD_OF_ONE, 120, [7 * DAY, 14 * DAY, 30 * DAY, 30 * DAY]),
]


@pytest.mark.parametrize(("seen", "spread", "days", "expected"), LADDERS)
def test_ladder(live, see, seen, spread, days, expected):
    assert waits(live(lambda _: see(seen), days, spread=spread))[: len(expected)] == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"in_window": False}, [7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY, 56 * DAY]),
        ({"in_window": True}, [7 * DAY] * 5),
        ({"in_window": True, "young": True}, [DAY] * 5),
        ({"in_window": False, "young": True}, [DAY] * 5),
    ],
)
def test_good_links_rest_longer_and_longer(live, see, how, expected):
    assert waits(live(lambda _: see(Seen.ALIVE), 200, spread=SPREAD_OF_ONE, **how))[:5] == expected


def test_any_change_begins_again(live, see):
    to = "https://news.example/new/place/of/it"

    def answer(elapsed):
        return see(Seen.MOVED, to=to) if elapsed >= 40 * DAY else see(Seen.ALIVE)

    story = live(answer, 150, spread=SPREAD_OF_ONE, in_window=False)
    assert waits(story) == [7 * DAY, 14 * DAY, 28 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY][: len(story) - 1]


def test_the_dead_are_asked_less_and_less(live, see):
    story = live(lambda _: see(Seen.GONE), 800, spread=SPREAD_OF_ONE)
    since_death = waits([row for row in story if row[1].verdict is Verdict.DEAD])
    assert since_death[:5] == [30 * DAY, 60 * DAY, 120 * DAY, 180 * DAY, 180 * DAY]


@pytest.mark.parametrize(("spread", "least"), [(0.0, 0.85), (0.5, 1.0), (1.0, 1.15)])
def test_jitter(see, spread, least):
    good = judge(LinkState("https://a.example/"), see(Seen.ALIVE), POLICY, START, spread=spread)
    assert good.next_check_at - START == round(7 * DAY * least)
    suspect = judge(LinkState("https://a.example/"), see(Seen.GONE), POLICY, START, spread=spread)
    assert suspect.next_check_at - START == round(DAY * (1 + 0.15 * spread))


@pytest.mark.parametrize("seen", [Seen.ALIVE, Seen.BLOCKED, Seen.TRANSIENT, Seen.MISSING])
@pytest.mark.parametrize("spread", [0.0, 1.0])
@pytest.mark.parametrize("wish", [5, 600, 8 * DAY, 29 * DAY])
def test_never_before_the_host_wants(see, seen, spread, wish):
    state = judge(LinkState("https://a.example/"), see(seen, retry_at=START + wish), POLICY, START, spread=spread)
    assert state.next_check_at >= START + wish


def test_a_wish_is_granted_at_once_and_then_at_doubling_intervals(live, see):
    story = live(lambda elapsed: see(Seen.BLOCKED, retry_at=START + elapsed + 100), 60)
    gaps = waits(story)
    assert gaps[:5] == [100, 100, 200, 400, 800]
    assert max(gaps) <= 30 * DAY
    assert len(story) < 20


def test_a_wish_for_next_year_is_not_granted(see):
    state = judge(LinkState("https://a.example/"), see(Seen.BLOCKED, retry_at=START + 365 * DAY), POLICY, START)
    assert state.next_check_at - START == pytest.approx(30 * DAY * 1.075, abs=1)


def test_checking_by_hand_climbs_no_ladder(see):
    state = LinkState("https://a.example/")
    for minute in range(60):
        state = judge(state, see(Seen.ALIVE), POLICY, START + minute * 60, in_window=False)
    assert state.ok_streak == 1
