"""Write down how a task went, whoever ran it: a person, cron or the daemon. `feeds status` reads it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feeds.errors import Interrupted, LeaseHeld, StateError

if TYPE_CHECKING:
    from feeds.store import Store

BUILD, CHECK, POLL, PUSH, TIDY = "build", "check", "poll", "push", "tidy"


@dataclass(slots=True)
class Note:
    """What a run has to say of itself, in a few words."""

    detail: str = ""


@contextmanager
def noted(store: "Store", name: str, clock: Callable[[], float] = time.time) -> Iterator[Note]:
    """Run a task and keep when it ran and how it went. One that was interrupted neither went well nor failed."""
    note, started = Note(), int(clock())
    try:
        yield note
    except LeaseHeld:
        raise  # somebody else does it, and will say how it went
    except (Interrupted, KeyboardInterrupt):
        _keep(store, name, started, int(clock()), "interrupted", good=None)
        raise
    except StateError:
        raise  # there is nowhere to write it down
    except Exception as error:
        _keep(store, name, started, int(clock()), f"{error}".partition("\n")[0] or type(error).__name__, good=False)
        raise
    _keep(store, name, started, int(clock()), note.detail, good=True)


def _keep(store: "Store", name: str, started: int, ended: int, detail: str, *, good: bool | None) -> None:
    from feeds.store.ticks import TickRow  # noqa: PLC0415  SQLAlchemy costs 150 ms

    with store.transaction():
        row = replace(store.ticks.all().get(name, TickRow(name)), started=started, ended=ended, detail=detail)
        if good is not None:
            row = replace(row, good=ended, fails=0) if good else replace(row, fails=row.fails + 1)
        store.ticks.put(row)


def plan(store: "Store", name: str, due: float) -> None:
    """Keep when a task is due, for `feeds status` and for whoever takes over."""
    from feeds.store.ticks import TickRow  # noqa: PLC0415  see _keep

    with store.transaction():
        store.ticks.put(replace(store.ticks.all().get(name, TickRow(name)), due=int(due)))
