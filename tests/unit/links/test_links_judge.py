from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.links.classify import INSECURE
from feeds.links.judge import judge, needs_proof, pinned, readmitted
from feeds.links.policy import NEVER, Policy
from feeds.model.link import LinkState, Observation, Seen, Verdict

URL = "https://news.example/2024/05/a-story-about-something"
NEAR = "https://news.example/new/place/of/it"
START = 1_700_000_000
HOUR, DAY = 3600, 86_400
POLICY = Policy()
FAILURES = (Seen.GONE, Seen.MISSING, Seen.SOFT, Seen.NO_HOST, Seen.TRANSIENT, Seen.TLS, Seen.LOOP)
ANY = (Verdict.UNKNOWN, Verdict.OK, Verdict.MOVED, Verdict.SUSPECT, Verdict.BLOCKED, Verdict.DEAD)

TABLE = [
    *((old, seen, Verdict.OK) for old in ANY for seen in (Seen.ALIVE, Seen.TEMPORARY)),
    *((old, Seen.MOVED, Verdict.MOVED) for old in ANY),
    *((old, seen, Verdict.SUSPECT) for old in ANY if old is not Verdict.DEAD for seen in FAILURES),
    *((Verdict.DEAD, seen, Verdict.DEAD) for seen in FAILURES),
    *((old, Seen.BLOCKED, Verdict.BLOCKED) for old in ANY),
    *((old, Seen.REFUSED, Verdict.EXCLUDED) for old in ANY),
    *((Verdict.EXCLUDED, seen, Verdict.EXCLUDED) for seen in Seen),
    *((old, Seen.LOCAL, old) for old in ANY),
]


def test_the_table_has_every_pair():
    assert Counter((old, seen) for old, seen, _ in TABLE if seen is not Seen.LOCAL or old is not Verdict.EXCLUDED) == (
        Counter(
            (old, seen) for old in Verdict for seen in Seen if seen is not Seen.LOCAL or old is not Verdict.EXCLUDED
        )
    )


@pytest.mark.parametrize(("old", "seen", "expected"), TABLE)
def test_transition(at, see, old, seen, expected):
    before = at(old)
    after = judge(before, see(seen, to=NEAR if seen is Seen.MOVED else ""), POLICY, START)
    assert after.verdict is expected
    assert after.since == (before.since if expected is old else START)
    if seen is Seen.LOCAL:
        assert after is before
    else:
        assert after.checked_at == START
        assert after.next_check_at > START
    if seen in FAILURES and old is not Verdict.EXCLUDED:
        assert after.fails == before.fails + 1
    elif expected in (Verdict.OK, Verdict.MOVED) and seen is not Seen.LOCAL:
        assert (after.fails, after.first_fail_at, after.last_ok_at) == (0, 0, START)
    else:
        assert (after.fails, after.first_fail_at) == (before.fails, before.first_fail_at)


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        (Seen.GONE, 1),
        (Seen.MISSING, 3),
        (Seen.SOFT, 8),
        (Seen.NO_HOST, 8),
        (Seen.LOOP, 7),
        (Seen.TRANSIENT, 16),
        (Seen.TLS, 16),
    ],
)
def test_day_of_death(live, see, seen, day):
    story = live(lambda _: see(seen), 20)
    assert next(elapsed for elapsed, state in story if state.verdict is Verdict.DEAD) // DAY == day


@pytest.mark.parametrize("seen", FAILURES)
@pytest.mark.parametrize("spread", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_death_needs_its_proof_whatever_the_chance(live, see, seen, spread):
    story = live(lambda _: see(seen), 30, spread=spread)
    elapsed, state = next((elapsed, state) for elapsed, state in story if state.verdict is Verdict.DEAD)
    assert elapsed >= POLICY.deaths[seen].seconds
    assert state.fails >= POLICY.deaths[seen].fails
    assert story[0][1].verdict is Verdict.SUSPECT


@pytest.mark.parametrize("reason", ["http-401", "http-403", "http-429", "http-999", "challenge", "login"])
def test_blocked_is_never_dead(live, see, reason):
    story = live(lambda _: see(Seen.BLOCKED, reason=reason), 400)
    assert {state.verdict for _, state in story} == {Verdict.BLOCKED}
    assert {state.fails for _, state in story} == {0}


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_timeouts_are_not_death_within_two_weeks(live, see, spread):
    story = live(lambda _: see(Seen.TRANSIENT, reason="read-timeout"), 13.99, spread=spread)
    assert {state.verdict for _, state in story} == {Verdict.SUSPECT}


def test_a_page_with_a_bad_certificate_stays_suspect(live, see):
    story = live(lambda _: see(Seen.TLS, reason=INSECURE), 90)
    assert {state.verdict for _, state in story} == {Verdict.SUSPECT}
    assert story[-1][1].reason == "insecure"


@pytest.mark.parametrize("seen", FAILURES)
def test_one_bad_day_is_forgotten(live, see, seen):
    story = live(lambda elapsed: see(seen if 10 * DAY <= elapsed < 11 * DAY else Seen.ALIVE), 60)
    assert Verdict.DEAD not in {state.verdict for _, state in story}
    assert story[-1][1].fails == 0
    assert story[-1][1].verdict is Verdict.OK


@pytest.mark.parametrize("seen", FAILURES)
def test_a_flapping_host_kills_nobody(live, see, seen):
    answers = {True: Seen.ALIVE, False: seen}
    turns = iter(range(10_000))
    story = live(lambda _: see(answers[next(turns) % 2 == 0]), 365)
    assert {state.verdict for _, state in story} == {Verdict.OK, Verdict.SUSPECT}


def test_quick_retries_never_add_up(see):
    state = LinkState(URL)
    for minute in range(600):
        state = judge(state, see(Seen.GONE), POLICY, START + minute * 60)
    assert (state.verdict, state.fails) == (Verdict.SUSPECT, 1)


def test_failures_of_many_kinds_are_judged_by_the_last(live, see):
    kinds = [Seen.TRANSIENT, Seen.TRANSIENT, Seen.TRANSIENT, Seen.TLS, Seen.MISSING]
    story = live(lambda elapsed: see(kinds[min(elapsed // DAY, 4)]), 10)
    elapsed, state = next((elapsed, state) for elapsed, state in story if state.verdict is Verdict.DEAD)
    assert (elapsed // DAY, state.fails, state.reason) == (4, 3, "missing")


def test_blocked_neither_raises_nor_resets(at, see):
    suspect = at(Verdict.SUSPECT)
    blocked = judge(suspect, see(Seen.BLOCKED), POLICY, START)
    again = judge(blocked, see(Seen.MISSING), POLICY, START + DAY)
    dead = judge(again, see(Seen.MISSING), POLICY, START + 3 * DAY)
    assert [state.fails for state in (suspect, blocked, again, dead)] == [1, 1, 2, 3]
    assert [state.verdict for state in (blocked, again, dead)] == [Verdict.BLOCKED, Verdict.SUSPECT, Verdict.DEAD]
    assert dead.first_fail_at == suspect.first_fail_at


def test_resurrection(at, see):
    dead = at(Verdict.DEAD)
    assert needs_proof(dead)
    back = judge(dead, see(Seen.ALIVE), POLICY, START)
    assert (back.verdict, back.reason, back.fails, back.ok_streak) == (Verdict.OK, "resurrected", 0, 1)
    assert back.next_check_at - START == 7 * DAY
    assert not needs_proof(back)
    assert judge(back, see(Seen.MISSING), POLICY, START + DAY).verdict is Verdict.SUSPECT


def test_excluded_until_readmitted(see):
    excluded = judge(LinkState(URL), see(Seen.REFUSED, reason="address-private"), POLICY, START)
    assert (excluded.verdict, excluded.reason, excluded.next_check_at) == (Verdict.EXCLUDED, "address-private", NEVER)
    assert judge(excluded, see(Seen.ALIVE), POLICY, START + DAY).reason == "address-private"
    fresh = readmitted(excluded, START + DAY)
    assert (fresh.verdict, fresh.next_check_at) == (Verdict.UNKNOWN, START + DAY)
    assert judge(fresh, see(Seen.ALIVE), POLICY, START + DAY).verdict is Verdict.OK


@pytest.mark.parametrize(("pin", "verdict"), [("alive", Verdict.OK), ("dead", Verdict.DEAD)])
@pytest.mark.parametrize("seen", [seen for seen in Seen if seen is not Seen.LOCAL])
def test_a_pin_wins_and_what_is_seen_is_recorded(see, pin, verdict, seen):
    state = pinned(LinkState(URL), pin, START)
    assert (state.verdict, state.since) == (verdict, START)
    for day in range(1, 40):
        state = judge(state, see(seen, to=NEAR if seen is Seen.MOVED else "", status=77), POLICY, START + day * DAY)
        assert (state.verdict, state.since, state.status) == (verdict, START, 77)
        assert state.checked_at == START + day * DAY
    assert state.fails == (39 if seen in FAILURES else 0)
    assert state.moved_to == (NEAR if seen is Seen.MOVED else "")


def test_a_pin_taken_back_asks_afresh(see):
    state = pinned(LinkState(URL), "alive", START)
    for day in range(20):
        state = judge(state, see(Seen.GONE), POLICY, START + day * DAY)
    free = pinned(state, "", START + 20 * DAY)
    assert (free.verdict, free.pin, free.fails, free.next_check_at) == (Verdict.UNKNOWN, "", 0, START + 20 * DAY)
    assert judge(free, see(Seen.GONE), POLICY, START + 20 * DAY).verdict is Verdict.SUSPECT


def test_what_an_answer_teaches(see):
    first = see(Seen.ALIVE, status=200, length=100, type="audio/mpeg", etag='"a"', last_modified="then")
    state = judge(LinkState(URL), first, POLICY, START)
    assert (state.length, state.type, state.etag, state.last_modified) == (100, "audio/mpeg", '"a"', "then")
    unchanged = judge(state, see(Seen.ALIVE, status=304), POLICY, START + DAY)
    assert (unchanged.length, unchanged.type, unchanged.etag) == (100, "audio/mpeg", '"a"')
    woven = judge(unchanged, see(Seen.ALIVE, status=200, length=101, etag='"b"'), POLICY, START + 2 * DAY)
    assert (woven.length, woven.etag, woven.last_modified) == (100, '"b"', "")
    failed = judge(woven, see(Seen.MISSING, status=404), POLICY, START + 3 * DAY)
    assert (failed.length, failed.etag) == (100, '"b"')
    back = judge(failed, see(Seen.ALIVE, status=200, length=102), POLICY, START + 4 * DAY)
    assert (back.length, back.type) == (102, "audio/mpeg")


CHECKS = st.lists(
    st.tuples(st.sampled_from(list(Seen)), st.integers(0, 40 * DAY), st.integers(-DAY, 400 * DAY), st.floats(0, 1)),
    max_size=40,
)


@given(CHECKS, st.booleans(), st.booleans(), st.sampled_from(["", "alive", "dead"]))
def test_what_always_holds(checks, in_window, young, pin):
    state, now = LinkState(URL, pin=pin), START
    for seen, wait, wish, spread in checks:
        hops = ((308, NEAR),) if seen is Seen.MOVED else ()
        observation = Observation(URL, seen, "why", hops=hops, retry_at=now + wish)
        after = judge(state, observation, POLICY, now, in_window=in_window, young=young, spread=spread)
        if seen is Seen.LOCAL:
            assert after is state
            continue
        assert after.next_check_at > now
        assert after.pin == pin
        if after.verdict is not Verdict.EXCLUDED:
            assert after.next_check_at >= min(observation.retry_at, now + 30 * DAY)
        if after.verdict is Verdict.DEAD and not pin:
            assert state.verdict in (Verdict.SUSPECT, Verdict.DEAD)
        if seen not in (Seen.ALIVE, Seen.TEMPORARY, Seen.MOVED):
            assert state.fails <= after.fails <= state.fails + 1
        if seen in (Seen.BLOCKED, Seen.REFUSED):
            assert after.fails == state.fails
        state, now = after, now + wait


@given(st.sampled_from(list(Seen)), st.integers(0, 10**10))
def test_unknown_is_never_dead_in_one_step(seen, now):
    for fails in (0, 9):
        old = LinkState(URL, fails=fails, first_fail_at=1, counted_at=1)
        assert judge(old, Observation(URL, seen, ""), POLICY, now).verdict is not Verdict.DEAD
