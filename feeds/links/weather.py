"""Whether it is us: the breaker over all hosts. While failures may be our own network's, nobody is judged by them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from feeds.links.classify import INSECURE
from feeds.model.link import Observation, Seen

_OURS_MAYBE = frozenset((Seen.NO_HOST, Seen.TLS, Seen.LOCAL))


@dataclass(frozen=True, slots=True)
class Front:
    """When doubt begins: `share` of the last `checks` failing in the way of networks, on `hosts` different hosts.

    A run in which nothing at all answered is in doubt from `few` hosts on. A failure is believed after `calm` answers.
    """

    checks: int = 200
    share: float = 0.3
    hosts: int = 20
    few: int = 3
    calm: int = 20


DEFAULT_FRONT = Front()


@dataclass(frozen=True, slots=True)
class Weather:
    """The last checks, as host and whether the network failed, and the failures that nobody was judged by yet.

    Each of `held` has the number of answers (`good`) there had been when it came.
    """

    recent: tuple[tuple[str, bool], ...] = ()
    good: int = 0
    held: tuple[tuple[int, Observation], ...] = field(default=())


def is_network(seen: Observation) -> bool:
    """Tell whether our own network could be at fault: no name, no connection, or a stranger's certificate."""
    if seen.seen is Seen.TRANSIENT:
        return not seen.status
    return seen.seen in _OURS_MAYBE and seen.reason != INSECURE


def after_check(
    weather: Weather, host: str, seen: Observation, front: Front = DEFAULT_FRONT
) -> tuple[Weather, Sequence[Observation]]:
    """Return the weather after a check of `host`, and the observations that may now be judged.

    A network failure is held back until enough other checks got an answer. While `is_doubtful`, ask nothing but control
    URLs: if those answer, go on with `believed`, if not, drop what is held and start again with a new `Weather`.
    """
    bad = is_network(seen)
    recent = (*weather.recent, (host, bad))[-front.checks :]
    if bad:
        return replace(weather, recent=recent, held=(*weather.held, (weather.good, seen))), ()
    good = weather.good + 1
    cleared = Weather(recent, good, weather.held)
    if not weather.held or is_doubtful(cleared, front):
        return cleared, (seen,)
    ripe = sum(1 for count, _ in weather.held if good - count >= front.calm)
    released = tuple(failure for _, failure in weather.held[:ripe])
    return replace(cleared, held=weather.held[ripe:]), (*released, seen)


def is_doubtful(weather: Weather, front: Front = DEFAULT_FRONT) -> bool:
    """Tell whether so much fails that the fault is likely ours."""
    failing = {host for host, bad in weather.recent if bad}
    if not weather.good:
        return len(failing) >= front.few
    failures = sum(1 for _, bad in weather.recent if bad)
    return len(failing) >= front.hosts and failures > front.share * len(weather.recent)


def believed(weather: Weather) -> tuple[Weather, Sequence[Observation]]:
    """Return a calm weather and all that was held: at the end of a run without doubt, or when control URLs answered."""
    return Weather(good=weather.good), tuple(failure for _, failure in weather.held)
