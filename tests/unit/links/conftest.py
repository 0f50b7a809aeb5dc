from collections.abc import Callable
from dataclasses import replace

import pytest

from feeds.links.judge import judge
from feeds.links.policy import Policy
from feeds.model.link import LinkState, Observation, Seen, Verdict

URL = "https://news.example/2024/05/a-story-about-something"
START = 1_700_000_000


@pytest.fixture
def see() -> Callable[..., Observation]:
    """Make an observation of the story; `to` is where a permanent redirect leads."""

    def make(seen: Seen, *, url: str = URL, to: str = "", **more: object) -> Observation:
        hops = ((301, to),) if to else ()
        return Observation(url, seen, more.pop("reason", seen.value), hops=more.pop("hops", hops), **more)

    return make


@pytest.fixture
def live() -> Callable[..., list[tuple[int, LinkState]]]:
    """Live through days of answers, checking when the last judgement said; return what was known after each check."""

    def run(
        answer: Callable[[int], Observation],
        days: float,
        state: LinkState | None = None,
        policy: Policy | None = None,
        start: int = START,
        **how: object,
    ) -> list[tuple[int, LinkState]]:
        state, policy, now, story = state or LinkState(URL), policy or Policy(), start, []
        while now <= start + days * 86_400:
            state = judge(state, answer(now - start), policy, now, **{"spread": 0.0, **how})
            story.append((now - start, state))
            now = max(state.next_check_at, now + 1)
        return story

    return run


@pytest.fixture
def at() -> Callable[..., LinkState]:
    """Return a plausible state of each verdict."""
    fails = {
        Verdict.SUSPECT: {"fails": 1, "first_fail_at": START - 22 * 3600, "counted_at": START - 22 * 3600},
        Verdict.DEAD: {"fails": 5, "first_fail_at": START - 20 * 86_400, "counted_at": START - 5 * 86_400},
        Verdict.BLOCKED: {"fails": 2, "first_fail_at": START - 9 * 86_400, "counted_at": START - 8 * 86_400},
        Verdict.MOVED: {"moved_to": "https://news.example/new/place/of/it", "moved_seen": 1, "moved_since": START - 99},
    }

    def make(verdict: Verdict, **more: object) -> LinkState:
        return replace(
            LinkState(URL, verdict, since=START - 86_400, **fails.get(verdict, {})),
            checked_at=START - 86_400,
            **more,
        )

    return make
