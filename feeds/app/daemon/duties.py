"""What the daemon's tasks do when their time has come: the very calls that the commands make.

Each runs in a thread, opens the state for itself, and gives up soon after `stopped` says so, losing nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feeds.app.building import run_build
from feeds.app.ticks import BUILD, CHECK, POLL, PUSH, TIDY, noted, plan
from feeds.errors import Interrupted, LeaseHeld
from feeds.store import open_store

if TYPE_CHECKING:
    from feeds.config.load import Loaded

Stopped = Callable[[], bool]

# A build by hand takes seconds; a failed one mostly waits for a person, and trying costs little.
BUSY_AGAIN, FAILED_AGAIN, MORE_AGAIN = 2.0, 60.0, 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: `wake` are tasks that have something to do, and from when (seconds since 1970; 0 is now)."""

    said: str
    facts: Mapping[str, object] = field(default_factory=dict)
    wake: Mapping[str, float] = field(default_factory=dict)
    changed: bool = True


Duty = Callable[["Loaded", Stopped], Outcome]


def build(loaded: "Loaded", stopped: Stopped) -> Outcome:
    """Bring the feeds in line with the records."""

    def step(*_: object) -> None:
        if stopped():
            raise Interrupted("stopped; the next build goes on from there")

    try:
        report = run_build(loaded, step)
    except LeaseHeld as held:
        return Outcome(f"{held}", wake={BUILD: time.time() + BUSY_AGAIN}, changed=False)
    facts = {
        "items": report.items,
        "read": report.read,
        "written": len(report.written),
        "removed": len(report.deleted),
        "problems": len(report.problems),
    }
    changed = bool(report.written or report.deleted or report.read)
    return Outcome("built the feeds", facts, _after_build(loaded, changed=bool(report.written)), changed)


def _after_build(loaded: "Loaded", *, changed: bool) -> dict[str, float]:
    store = open_store(loaded.state_url)
    try:
        due = store.items.next_due(int(time.time()))
    finally:
        store.close()
    wake: dict[str, float] = {BUILD: due} if due else {}
    if changed and loaded.settings.push.hubs:
        wake[PUSH] = 0
    return wake


def check(loaded: "Loaded", stopped: Stopped) -> Outcome:
    """Check the links that are due, for a while."""
    from feeds.app.checking import CheckWish, run_check  # noqa: PLC0415  httpx costs 120 ms

    report = run_check(loaded, CheckWish(seconds=float(loaded.settings.links.budget_seconds)), stopped=stopped)
    end = report.progress.end.value
    facts = {"checked": report.progress.checked, "left": report.progress.left, "new": report.learned, "end": end}
    wake: dict[str, float] = {CHECK: time.time() + MORE_AGAIN} if end == "budget" else {}
    if report.new_verdicts:
        wake[BUILD] = 0
    return Outcome("checked links", facts, wake, changed=bool(report.progress.checked))


def poll(loaded: "Loaded", stopped: Stopped) -> Outcome:
    """Ask the remote feeds that are due."""
    if not loaded.sources:
        return Outcome("no sources", changed=False)
    from feeds.app.polling import run_poll  # noqa: PLC0415  see check

    try:
        report = run_poll(loaded, stopped=stopped)
    except LeaseHeld as held:
        return Outcome(f"{held}", changed=False)
    facts = {"asked": len(report.results), "news": report.news, "failed": len(report.failed)}
    wake = {BUILD: 0.0} if report.news else {}
    return Outcome("asked the sources", facts, wake, changed=bool(report.results))


def push(loaded: "Loaded", stopped: Stopped) -> Outcome:
    """Tell the hubs of changed feeds."""
    from feeds.app.pushing import run_push  # noqa: PLC0415  see check

    report = run_push(loaded, stopped=stopped)
    failed = "; ".join(f"{hub}: {fault}" for hub, fault in report.failed.items())
    facts = {"told": sum(report.told.values()), "waiting": report.waiting, "failed": failed}
    wake = {PUSH: float(report.next_due)} if report.next_due else {}
    return Outcome("told the hubs", facts, wake, changed=bool(report.told or report.failed))


def tidy(loaded: "Loaded", stopped: Stopped) -> Outcome:  # noqa: ARG001  it is over in a moment
    """Tidy up the state."""
    from feeds.pipeline.tidy import tidy as tidy_state  # noqa: PLC0415  once a day

    store = open_store(loaded.state_url)
    try:
        with noted(store, TIDY) as note:
            dropped = tidy_state(store, int(time.time()))
            note.detail = f"{dropped:,} unused links dropped"
            return Outcome("tidied the state", {"dropped": dropped})
    finally:
        store.close()


DUTIES: Mapping[str, Duty] = {BUILD: build, CHECK: check, POLL: poll, PUSH: push, TIDY: tidy}


def due_times(loaded: "Loaded") -> dict[str, float]:
    """Return when each task was due when the last daemon planned it."""
    store = open_store(loaded.state_url)
    try:
        return {name: float(row.due) for name, row in store.ticks.all().items()}
    finally:
        store.close()


def keep_plan(loaded: "Loaded", name: str, due: float) -> None:
    """Write down when a task is due."""
    store = open_store(loaded.state_url)
    try:
        plan(store, name, due)
    finally:
        store.close()
