from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.links.hosts import HostState, after_answer, holds_for_host, retry_after, with_delay
from feeds.model.link import Observation, Seen

NOW = 1_700_000_000
DAY = 86_400


def answer(seen=Seen.ALIVE, *, url="https://a.example/1", status=200, reason="", millis=100, retry_at=0):
    return Observation(url, seen, reason, status=status, millis=millis, retry_at=retry_at)


def after(state, *answers):
    for number, seen in enumerate(answers):
        state = after_answer(state, seen, NOW + number)
    return state


def failing(count, first=0, **how):
    how = {"seen": Seen.TRANSIENT, "status": 0, "reason": "read-timeout", **how}
    return [answer(url=f"https://a.example/{n}", **how) for n in range(first, first + count)]


RATES = [
    ([], 1.0),
    ([answer()] * 19, 1.0),
    ([answer()] * 20, 1.5),
    ([answer()] * 40, 2.0),
    ([answer()] * 1000, 5.0),
    ([answer(Seen.MISSING, status=404)] * 20, 1.5),
    ([answer(millis=1000)] * 20, 1.0),
    ([answer(millis=1000)] * 10 + [answer()] * 10, 1.0),
    ([answer(millis=1000)] * 9 + [answer()] * 11, 1.5),
    ([*[answer()] * 19, answer(Seen.TRANSIENT, status=500), answer()], 1.0),
    ([answer(Seen.BLOCKED, status=429)], 0.5),
    ([answer(Seen.TRANSIENT, status=503)], 0.5),
    ([answer(Seen.BLOCKED, status=403)], 1.0),
    ([answer(Seen.BLOCKED, status=429, retry_at=NOW + 50)] * 30, 1 / 60),
    ([answer(Seen.TRANSIENT, status=0, reason="reset")] * 2, 1.0),
    ([answer(Seen.TRANSIENT, status=0, reason="reset")] * 3, 0.5),
    ([*[answer(Seen.TRANSIENT, status=0, reason="reset")] * 2, answer(), answer(Seen.TRANSIENT, reason="reset")], 1.0),
    ([answer(Seen.LOCAL, status=503)], 1.0),
]


@pytest.mark.parametrize(("answers", "rate"), RATES)
def test_rate(answers, rate):
    assert after(HostState(), *answers).rate == pytest.approx(rate)


def test_requests_keep_the_gap():
    state = HostState(next_at=NOW + 1)
    assert (state.gap, state.ready_at) == (1.0, NOW + 1)
    assert replace(state, rate=4.0).gap == 0.25
    slower = after_answer(state, answer(Seen.BLOCKED, status=429), NOW + 0.5)
    assert slower.ready_at == NOW + 2.5


@pytest.mark.parametrize(("asked", "gap"), [(0, 1), (0.2, 1), (10, 10), (3600, 60), (-5, 1), (float("nan"), 1)])
def test_crawl_delay(asked, gap):
    assert with_delay(HostState(), asked).gap == gap


def test_a_slowed_host_with_a_crawl_delay_gets_slower_than_that():
    assert after(with_delay(HostState(rate=5.0), 10), answer(Seen.BLOCKED, status=429)).gap == 20


def test_retry_after_parks():
    state = after(HostState(), answer(Seen.BLOCKED, status=429, retry_at=NOW + 600))
    assert state.ready_at == NOW + 600
    assert after(state, answer()).ready_at == NOW + 600
    assert after(state, answer(Seen.TRANSIENT, status=503, retry_at=NOW + 9 * DAY)).ready_at == NOW + DAY


BREAKERS = [
    (failing(4), False),
    (failing(5), True),
    (failing(5, seen=Seen.BLOCKED, status=403, reason="http-403"), True),
    (failing(5, seen=Seen.MISSING, status=404, reason="http-404"), False),
    (failing(1) * 20, False),
    ([answer()] * 4 + failing(15), False),
    ([answer()] * 4 + failing(16), True),
    ([answer()] * 16 + failing(15), False),
    ([answer()] * 100 + failing(16), True),
    (failing(30, seen=Seen.BLOCKED, status=429, retry_at=NOW + 99), False),
]


@pytest.mark.parametrize(("answers", "down"), BREAKERS)
def test_breaker(answers, down):
    assert after(HostState(), *answers).is_down is down


def test_canaries_are_sent_less_and_less_until_one_lives():
    state = after(HostState(), *failing(5))
    now, waits = NOW + 4, []
    for number in range(6):
        waits.append(state.ready_at - now)
        now = state.ready_at
        state = after_answer(state, failing(1, first=number)[0], now)
    assert waits == [900, 3600, 6 * 3600, DAY, DAY, DAY]
    late = after_answer(state, failing(1)[0], now + 1)
    assert late == state  # one that was under way is no canary
    up = after_answer(state, answer(), state.ready_at)
    assert (up.is_down, up.recent, up.outages) == (False, (), 0)


def test_memory_of_a_host_is_bounded():
    assert len(after(HostState(), *failing(3), *[answer()] * 500).recent) == 20


@pytest.mark.parametrize(
    ("seen", "reason", "expected"),
    [
        (Seen.NO_HOST, "dns-nxdomain", True),
        (Seen.TRANSIENT, "connect-timeout", True),
        (Seen.TRANSIENT, "refused", True),
        (Seen.TLS, "tls-expired", True),
        (Seen.TRANSIENT, "read-timeout", False),
        (Seen.TRANSIENT, "http-500", False),
        (Seen.BLOCKED, "http-403", False),
        (Seen.MISSING, "http-404", False),
    ],
)
def test_what_holds_for_the_host(seen, reason, expected):
    observation = answer(seen, reason=reason)
    assert holds_for_host(observation) is expected
    assert not holds_for_host(replace(observation, hops=((301, "https://b.example/"),)))


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("1.2", 2),
        ("0", None),
        ("-5", None),
        ("", None),
        ("soon", None),
        ("86401", DAY),
        ("9" * 5000, DAY),
        ("Tue, 14 Nov 2023 22:23:20 GMT", 600),
        ("Tuesday, 14-Nov-23 22:23:20 GMT", 600),
        ("Tue Nov 14 22:23:20 2023", 600),
        ("Tue, 14 Nov 2023 23:23:20 +0100", 600),
        ("Tue, 14 Nov 2023 22:23:20 -0000", 600),
        ("Tue, 14 Nov 2023 22:03:20 GMT", None),
        ("Fri, 31 Dec 2055 23:59:59 GMT", DAY),
        ("Tue, 99 Nov 2023 22:23:20 GMT", None),
        ("١٢٠", None),
    ],
)
def test_retry_after(value, wait):
    assert retry_after(value, NOW) == (NOW + wait if wait else 0)


@given(st.text(max_size=40) | st.from_regex(r"[A-Za-z]{3}, [0-9]+ [A-Za-z]+ [0-9]+ [0-9:]+ [-+A-Z0-9]+"))
def test_any_retry_after_is_a_time_within_a_day(value):
    assert retry_after(value, NOW) == 0 or NOW < retry_after(value, NOW) <= NOW + DAY
