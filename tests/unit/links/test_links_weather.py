import pytest

from feeds.links.judge import judge
from feeds.links.policy import Policy
from feeds.links.weather import Weather, after_check, believed, is_doubtful, is_network
from feeds.model.link import LinkState, Observation, Seen, Verdict

NOW = 1_700_000_000


def seen_at(host, seen=Seen.ALIVE, reason="http-200", status=200):
    return Observation(f"https://{host}/story", seen, reason, status=status)


def no_name(host):
    return seen_at(host, Seen.TRANSIENT, "dns-failure", 0)


def crawl(observations, weather=None):
    """Return the weather after these checks, and what was judged; a crawl stops asking when in doubt."""
    weather, judged = weather or Weather(), []
    for observation in observations:
        weather, released = after_check(weather, observation.url.split("/")[2], observation)
        judged += released
        if is_doubtful(weather):
            break
    return weather, judged


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (no_name("a"), True),
        (seen_at("a", Seen.NO_HOST, "dns-nxdomain", 0), True),
        (seen_at("a", Seen.TLS, "tls-host", 0), True),
        (seen_at("a", Seen.TLS, "insecure", 0), False),
        (seen_at("a", Seen.LOCAL, "no-route", 0), True),
        (seen_at("a", Seen.TRANSIENT, "http-500", 500), False),
        (seen_at("a", Seen.MISSING, "http-404", 404), False),
        (seen_at("a", Seen.BLOCKED, "http-403", 403), False),
    ],
)
def test_what_may_be_our_own_fault(observation, expected):
    assert is_network(observation) is expected


@pytest.mark.parametrize("good_before", [0, 1, 100, 1000])
def test_an_outage_of_the_resolver_judges_nobody(good_before):
    good = [seen_at(f"good{n}.example") for n in range(good_before)]
    weather, judged = crawl([*good, *(no_name(f"host{n}.example") for n in range(500))])
    assert is_doubtful(weather)
    states = {o.url: judge(LinkState(o.url), o, Policy(), NOW) for o in judged}
    assert len(states) == good_before
    assert {state.verdict for state in states.values()} <= {Verdict.OK}


def test_lonely_failures_are_judged_once_others_answered():
    weather, judged = crawl([seen_at("a.example"), no_name("dead.example")])
    assert [o.url for o in judged] == ["https://a.example/story"]
    weather, judged = crawl([seen_at(f"b{n}.example") for n in range(19)], weather)
    assert no_name("dead.example") not in judged
    weather, judged = crawl([seen_at("last.example")], weather)
    assert judged == [no_name("dead.example"), seen_at("last.example")]
    assert weather.held == ()


def test_a_few_bad_hosts_are_not_our_fault():
    mixed = [no_name(f"bad{n % 19}.example") if n % 2 else seen_at(f"good{n}.example") for n in range(1, 200)]
    assert not is_doubtful(crawl([seen_at("first.example"), *mixed])[0])


def test_a_third_of_all_hosts_is():
    mixed = [no_name(f"bad{n}.example") if n % 3 == 0 else seen_at(f"good{n}.example") for n in range(1, 200)]
    assert is_doubtful(crawl(mixed)[0])
    rare = [no_name(f"bad{n}.example") if n % 4 == 0 else seen_at(f"good{n}.example") for n in range(1, 1000)]
    assert not is_doubtful(crawl(rare)[0])


def test_nothing_at_all_answers():
    assert not is_doubtful(crawl([no_name("a.example")] * 50)[0])
    assert is_doubtful(crawl([no_name(f"{name}.example") for name in "abc"])[0])


def test_what_was_held_is_judged_when_control_urls_answer():
    weather, _ = crawl([no_name(f"{name}.example") for name in "abc"])
    calm, released = believed(weather)
    assert [o.url for o in released] == [f"https://{name}.example/story" for name in "abc"]
    assert not is_doubtful(calm)
    assert calm.held == ()


def test_memory_is_bounded():
    weather, _ = crawl(seen_at(f"good{n}.example") for n in range(1000))
    assert (len(weather.recent), weather.held) == (200, ())
