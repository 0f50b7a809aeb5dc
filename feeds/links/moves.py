"""What is believed about where a page has moved to. One redirect is a claim; days of it are a fact."""

from dataclasses import replace

from feeds.links.addresses import crosses_sites, is_cosmetic, soft_reason
from feeds.links.policy import Policy
from feeds.model.link import LinkState


def seen_moved(state: LinkState, target: str, policy: Policy, now: int) -> LinkState:
    """Return the state after a permanent redirect to `target`; another target than before starts the count again."""
    if target != state.moved_to or not (state.moved_seen or state.moved_confirmed):
        moved = replace(state, moved_to=target, moved_seen=1, moved_since=now, moved_confirmed=False)
    elif not state.moved_seen:
        moved = replace(state, moved_seen=1, moved_since=now)
    else:
        # Sightings in a hurry are one: the n-th counts when n - 1 times the gap has passed since the first.
        counts = now - state.moved_since >= state.moved_seen * policy.between_fails
        moved = replace(state, moved_seen=state.moved_seen + counts)
    return replace(moved, moved_confirmed=moved.moved_confirmed or _holds(moved, policy, now))


def seen_in_place(state: LinkState, policy: Policy, now: int) -> LinkState:
    """Return the state after the page answered at its own address.

    A pending move is forgotten at once. A confirmed one is already in the feeds: it ends as it began, after days.
    """
    if not state.moved_confirmed:
        return forget(state)
    if state.moved_seen:
        return replace(state, moved_seen=0, moved_since=now)
    return forget(state) if now - state.moved_since >= policy.move_seconds else state


def forget(state: LinkState) -> LinkState:
    """Return the state without any move."""
    if not state.moved_to:
        return state
    return replace(state, moved_to="", moved_seen=0, moved_since=0, moved_confirmed=False)


def _holds(state: LinkState, policy: Policy, now: int) -> bool:
    if is_cosmetic(state.url, state.moved_to):
        return True
    elapsed = now - state.moved_since
    if not crosses_sites(state.url, state.moved_to):
        return state.moved_seen >= policy.move_sightings and elapsed >= policy.move_seconds
    if soft_reason(state.url, state.moved_to):
        return False
    return state.moved_seen >= policy.far_move_sightings and elapsed >= policy.far_move_seconds
