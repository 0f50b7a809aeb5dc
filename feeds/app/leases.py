"""Hold a lease on the state while working on it. The lease of a process that died is taken over at once."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.errors import LeaseHeld

if TYPE_CHECKING:
    from feeds.store import Store

# Renewed with every batch, and a batch takes a second; what outlives this was killed or hangs.
LEASE_SECONDS = 300
# How often somebody who waits looks again; a build of few changes takes about as long.
LOOK_SECONDS = 0.2


def holder_name() -> str:
    """Return what this process calls itself in the state."""
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def leased(store: "Store", name: str, wait: float = 0) -> Iterator[Callable[[], None]]:
    """Hold a lease; yields a call that renews it.

    Waits for it for so many seconds, and raises LeaseHeld where somebody else still holds it then.
    """
    _await(store, name, wait)
    renewed = time.monotonic()

    def renew() -> None:
        nonlocal renewed
        if time.monotonic() - renewed > LEASE_SECONDS / 10:
            renewed = time.monotonic()
            claim(store, name, LEASE_SECONDS)

    try:
        yield renew
    finally:
        release(store, name)


def _await(store: "Store", name: str, wait: float) -> None:
    end = time.monotonic() + wait
    while holder := claim(store, name, LEASE_SECONDS):
        if time.monotonic() >= end:
            cure = "try again when it is done, or wait for it: --wait"
            raise LeaseHeld(f"another {name} is at work on this state ({holder}); {cure}")
        time.sleep(LOOK_SECONDS)


def claim(store: "Store", name: str, seconds: int) -> str:
    """Take or renew a lease for so many seconds; return who else holds it, "" where it is ours."""
    me, now = holder_name(), int(time.time())
    holder = store.leases.holder(name, now)
    if holder in {"", me} or is_dead(holder):
        with store.transaction():
            holder = store.leases.claim(name, me, now + seconds, now, dead=holder)
    return "" if holder == me else holder


def release(store: "Store", name: str) -> None:
    """Give a lease back."""
    with store.transaction():
        store.leases.release(name, holder_name())


def is_dead(holder: str) -> bool:
    """Tell whether the holder ran on this machine and is gone: a killed build must not lock the next one out."""
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid() or _is_ended(pid)


def _is_ended(pid: str) -> bool:
    """Tell whether only the number of a process is left, until its parent asks how it ended; not all parents do.

    Only Linux is asked (proc_pid_stat(5): the name in parentheses may hold anything, the state comes after it).
    """
    try:
        stat = Path("/proc", pid, "stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[:1] in ([b"Z"], [b"X"])
