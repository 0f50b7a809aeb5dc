"""The state machine of a link: what was known, and what one check saw, give what is known now.

Nothing is judged by one look: a verdict that changes a feed needs failures on several days.
"""

from dataclasses import replace

from feeds.links.classify import INSECURE, target
from feeds.links.moves import forget, seen_in_place, seen_moved
from feeds.links.policy import Policy
from feeds.links.recheck import next_check
from feeds.model.link import LinkState, Observation, Seen, Verdict

_BAD = frozenset((Verdict.SUSPECT, Verdict.DEAD))
_PINS = {"alive": Verdict.OK, "dead": Verdict.DEAD}


def judge(
    old: LinkState,
    seen: Observation,
    policy: Policy,
    now: int,
    *,
    in_window: bool = True,
    young: bool = False,
    spread: float = 0.5,
) -> LinkState:
    """Return the state after one check made at `now`; one that failed on our side leaves `old` as it is.

    `in_window`, `young` and `spread` only say when to check again: see `recheck.next_check`. An excluded link stays so
    until `readmitted`, whatever is seen. What a person pinned is the verdict; what is seen is recorded all the same.
    """
    if seen.seen is Seen.LOCAL:
        return old
    state = _observed(old, seen, policy, now)
    verdict = _PINS.get(old.pin, state.verdict)
    since = old.since if verdict is old.verdict and old.since else now
    state = replace(state, verdict=verdict, since=since, checked_at=now)
    due = next_check(state, seen, policy, now, in_window=in_window, young=young, spread=spread)
    return replace(state, next_check_at=due)


def needs_proof(old: LinkState) -> bool:
    """Tell whether only a GET may show this link alive: the dead do not return because a HEAD says 200."""
    return old.verdict is Verdict.DEAD


def pinned(state: LinkState, pin: str, now: int) -> LinkState:
    """Return the state with a person's word for it: "alive" or "dead", or "" to take it back and ask afresh."""
    if pin not in _PINS:
        return readmitted(state, now)
    since = state.since if state.verdict is _PINS[pin] and state.since else now
    return replace(state, pin=pin, verdict=_PINS[pin], since=since)


def readmitted(state: LinkState, now: int) -> LinkState:
    """Return the state of a link to be asked afresh, now: no verdict, no pin, no failures.

    What was learned while it answered stays.
    """
    fresh = replace(state, verdict=Verdict.UNKNOWN, pin="", reason="", fails=0, first_fail_at=0, counted_at=0)
    return replace(fresh, ok_streak=0, since=now, next_check_at=now)


def _observed(old: LinkState, seen: Observation, policy: Policy, now: int) -> LinkState:
    if old.verdict is Verdict.EXCLUDED and seen.seen is not Seen.REFUSED:
        return old
    noted = replace(old, reason=seen.reason, status=seen.status)
    if seen.seen is Seen.REFUSED:
        return replace(noted, verdict=Verdict.EXCLUDED)
    if seen.seen is Seen.BLOCKED:
        return replace(noted, verdict=Verdict.BLOCKED, ok_streak=0)
    if seen.seen in policy.deaths:
        return _failed(noted, seen, policy, now)
    return _answered(noted, seen, policy, now)


def _failed(old: LinkState, seen: Observation, policy: Policy, now: int) -> LinkState:
    counts = not old.fails or now - old.counted_at >= policy.between_fails
    state = replace(
        old,
        fails=old.fails + counts,
        first_fail_at=old.first_fail_at if old.fails else now,
        counted_at=now if counts else old.counted_at,
        ok_streak=0,
    )
    if old.verdict is Verdict.DEAD:
        return state
    if old.verdict is not Verdict.SUSPECT or not _is_dead(state, seen, policy, now):
        return replace(state, verdict=Verdict.SUSPECT)
    # The chain that fails runs through the page it moved to: that one is gone as well.
    through = any(url == state.moved_to for _, url in seen.hops)
    return replace(forget(state) if through else state, verdict=Verdict.DEAD)


def _is_dead(state: LinkState, seen: Observation, policy: Policy, now: int) -> bool:
    if seen.seen is Seen.TLS and seen.reason == INSECURE:
        return False
    row = policy.deaths[seen.seen]
    return state.fails >= row.fails and now - state.first_fail_at >= row.seconds


def _answered(old: LinkState, seen: Observation, policy: Policy, now: int) -> LinkState:
    goal = target(seen.hops) if seen.seen is Seen.MOVED else ""
    moved = seen_moved(old, goal, policy, now) if goal else seen_in_place(old, policy, now)
    verdict = Verdict.MOVED if goal else Verdict.OK
    changed = verdict is not old.verdict or moved.moved_to != old.moved_to
    grown = old.ok_streak + (now - old.since >= old.ok_streak * policy.between_fails)
    return replace(
        _learned(moved, seen, fresh=old.verdict in _BAD),
        verdict=verdict,
        reason="resurrected" if old.verdict is Verdict.DEAD else seen.reason,
        fails=0,
        first_fail_at=0,
        counted_at=0,
        last_ok_at=now,
        ok_streak=1 if changed else grown,
    )


def _learned(state: LinkState, seen: Observation, *, fresh: bool) -> LinkState:
    # The first length and type hold: hosts that weave advertisements in answer another length every time, and each
    # would rewrite the feed. What comes back from failures is measured anew.
    length = seen.length if fresh or state.length is None else state.length
    kind = seen.type if fresh or not state.type else state.type
    tags = (state.etag, state.last_modified) if seen.status == 304 else (seen.etag, seen.last_modified)
    return replace(
        state,
        length=state.length if length is None else length,
        type=kind or state.type,
        etag=tags[0],
        last_modified=tags[1],
    )
