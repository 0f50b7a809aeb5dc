"""How far a crawl is: values to show, made on demand. They decide nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest

from feeds.model.link import Seen, Verdict
from feeds.probe.lane import Lane
from feeds.probe.outbox import Outbox

_LISTED = 5


class Wait(StrEnum):
    """Why a host with something due is not asked right now."""

    ASKED = "asked"  # a request to it is under way
    PACE = "pace"
    PARKED = "parked"  # it sent Retry-After
    DOWN = "down"  # most of its URLs fail
    READY = "ready"  # it waits for a free slot


class End(StrEnum):
    """Why a crawl ended."""

    RUNNING = "running"
    DONE = "done"
    BUDGET = "budget"
    OFFLINE = "offline"  # our own network failed and did not come back
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A host that is waited for: why, for how many seconds more, and how many URLs it has left."""

    host: str
    why: Wait
    seconds: float
    left: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a crawl.

    `checked` counts observations, `seen` by class; `verdicts` are those of what was written so far. Two kinds of URLs
    stay due: `postponed` ones met a host that may not be asked in this run, `discarded` ones say nothing because our
    own network failed. `left` counts what is due on hosts we hold; `waiting` counts these by why they wait, and
    `longest` lists those that hold up the end most. `rate` is URLs per second over the whole run, `seconds_left` a
    guess from that and from the fullest host at its pace, None before the first.
    """

    checked: int
    seen: Mapping[Seen, int]
    verdicts: Mapping[Verdict, int]
    postponed: int
    discarded: int
    left: int
    waiting: Mapping[Wait, int]
    longest: tuple[Waiting, ...]
    seconds: float
    rate: float
    seconds_left: float | None
    end: End = End.RUNNING


def progress_of(
    outbox: Outbox, lanes: Iterable[Lane], now: float, seconds: float, postponed: int, end: End
) -> Progress:
    """Return the progress of a crawl that has run for `seconds`."""
    due = [lane for lane in lanes if lane.wanted or lane.in_flight]
    ends = nlargest(_LISTED, due, key=lambda lane: _seconds(lane, now))
    left = sum(lane.left for lane in due)
    rate = outbox.checked / max(seconds, 1e-6)
    return Progress(
        checked=outbox.checked,
        seen=dict(outbox.seen),
        verdicts=dict(outbox.verdicts),
        postponed=postponed,
        discarded=outbox.discarded,
        left=left,
        waiting=Counter(_why(lane, now) for lane in due),
        longest=tuple(Waiting(one.host, _why(one, now), max(0.0, one.ready - now), one.left) for one in ends),
        seconds=seconds,
        rate=rate,
        seconds_left=max(left / rate, _seconds(ends[0], now) if ends else 0.0) if rate else None,
        end=end,
    )


def _seconds(lane: Lane, now: float) -> float:
    """Return how long what is due on a host takes at least."""
    return max(0.0, lane.ready - now) + lane.left * lane.state.gap


def _why(lane: Lane, now: float) -> Wait:
    if lane.in_flight:
        return Wait.ASKED
    if lane.ready <= now:
        return Wait.READY
    if lane.state.is_down:
        return Wait.DOWN
    return Wait.PARKED if lane.state.parked_until > now else Wait.PACE
