"""One daemon a state: it holds a lease, the others stand by and take over when that runs out."""

from feeds.app.leases import claim, release
from feeds.store import open_store

DAEMON = "daemon"
# The longest time in which nobody is at work after a machine died. A process that died is replaced at once.
LEASE_SECONDS = 20


def renew(state_url: str) -> str:
    """Take or keep the lease of the daemon; return who else holds it, or ""."""
    store = open_store(state_url)
    try:
        return claim(store, DAEMON, LEASE_SECONDS)
    finally:
        store.close()


def give_back(state_url: str) -> None:
    """Let somebody else be the daemon."""
    store = open_store(state_url)
    try:
        release(store, DAEMON)
    finally:
        store.close()
