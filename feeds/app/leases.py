"""Hold a lease on the state while working on it. The lease of a process that died is taken over at once."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from feeds.errors import LeaseHeld

if TYPE_CHECKING:
    from feeds.store import Store

# Renewed with every batch, and a batch takes a second; what outlives this was killed or hangs.
LEASE_SECONDS = 300


def holder_name() -> str:
    """Return what this process calls itself in the state."""
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def leased(store: "Store", name: str) -> Iterator[Callable[[], None]]:
    """Hold a lease; yields a call that renews it. Raises LeaseHeld where somebody else holds it."""
    me = holder_name()
    with store.transaction():
        holder = store.leases.holder(name, int(time.time()))
        if holder and not is_dead(holder):
            raise LeaseHeld(f"another build is at work on this state ({holder}); try again when it is done")
        store.leases.take(name, me, int(time.time()) + LEASE_SECONDS)
    renewed = time.monotonic()

    def renew() -> None:
        nonlocal renewed
        if time.monotonic() - renewed > LEASE_SECONDS / 10:
            renewed = time.monotonic()
            with store.transaction():
                store.leases.take(name, me, int(time.time()) + LEASE_SECONDS)

    try:
        yield renew
    finally:
        with store.transaction():
            store.leases.release(name, me)


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
    return int(pid) == os.getpid()
