"""When to look at a link again. Depends on times alone, so that checking more often by hand climbs no ladder."""

from collections.abc import Sequence

from feeds.links.policy import DAY, NEVER, Policy
from feeds.model.link import LinkState, Observation, Verdict

_LONGEST_WISH = 30 * DAY


def next_check(
    state: LinkState, seen: Observation, policy: Policy, now: int, *, in_window: bool, young: bool, spread: float
) -> int:
    """Return when to check again, always after `now` and never before the time the host asked for.

    `in_window` says that a feed shows the URL now, `young` that its item is less than 7 days old; `spread` in 0..1
    picks the place within the jitter.
    """
    if state.verdict is Verdict.EXCLUDED:
        return NEVER
    wish = min(max(seen.retry_at - now, 0), _LONGEST_WISH)
    low, high = policy.suspect_jitter if state.verdict is Verdict.SUSPECT or wish else policy.jitter
    wait = _wait(state, seen, policy, now, in_window=in_window, young=young, wish=wish)
    return now + max(round(wait * (low + (high - low) * spread)), policy.soonest, wish)


def _wait(
    state: LinkState, seen: Observation, policy: Policy, now: int, *, in_window: bool, young: bool, wish: int
) -> int:
    if state.verdict is Verdict.DEAD:
        return _rung(policy.dead, now - state.since, policy.jitter[0])
    if state.verdict is Verdict.BLOCKED:
        rung = _rung(policy.blocked, now - state.since, policy.jitter[0])
        # A host that says "in a second" again and again is asked at intervals that double.
        return max(wish, min(now - state.since, rung)) if wish else rung
    if state.verdict is Verdict.SUSPECT and seen.seen in policy.suspects:
        return _rung(policy.suspects[seen.seen], now - state.first_fail_at, policy.suspect_jitter[0])
    if young:
        return policy.good_while_young
    wait = policy.good[min(max(state.ok_streak, 1), len(policy.good)) - 1]
    return min(wait, policy.good_in_window) if in_window else wait


def _rung(ladder: Sequence[int], elapsed: int, earliest: float) -> int:
    total = 0
    for wait in ladder:
        total += wait
        if elapsed < total * earliest:
            return wait
    return ladder[-1]
