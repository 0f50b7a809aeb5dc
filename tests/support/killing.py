"""Run builds that die: in a process of their own, by SIGKILL, after a given number of changes to disk or database.

A profile hook counts the calls of C functions that change something, so the moments are the same on every machine and
between any two of them there is nothing a crash could leave behind. (`utime` is left out: whether it is needed hangs on
how long ago the file it replaces was written.)
"""

import os
import signal
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import FrameType

from project import Project

CHANGES = frozenset(("execute", "executemany", "replace", "rename", "unlink", "rmdir", "mkdir", "write"))
OWNERS = ("sqlite3", "posix", "_io")
NEVER = 10**9


def context() -> ForkServerContext:
    """Return a way to start processes that costs 30 ms and inherits no open state."""
    server = get_context("forkserver")
    # By their installed names: the server does not know this folder, and passes over what it cannot import.
    server.set_forkserver_preload(
        ["feeds.app", "feeds.config.load", "feeds.store", "feeds.sinks.folder", "feeds.render"]
    )
    return server


def changes_of(server: ForkServerContext, root: Path, now: int) -> int:
    """Build to the end; return how many changes that took."""
    receiver, sender = server.Pipe(duplex=False)
    process = server.Process(target=_count, args=(root, now, sender))
    process.start()
    sender.close()
    count = receiver.recv()
    process.join()
    receiver.close()
    process.close()
    return int(count)


def kill_at(server: ForkServerContext, root: Path, now: int, change: int) -> int:
    """Build, and die before the change of that number; return the exit code, -9 for the death."""
    process = server.Process(target=_build, args=(root, now, change))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    return -NEVER if code is None else code


def _count(root: Path, now: int, sender: Connection) -> None:
    sender.send(_build(root, now, NEVER))


def _build(root: Path, now: int, last: int) -> int:
    project = Project(root, reuse=True)
    done = 0

    def watch(_frame: FrameType, event: str, what: object) -> None:
        nonlocal done
        if event == "c_call" and _changes(what):
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.dont_write_bytecode = True  # an import that is cached now and was not before is no change of ours
    sys.setprofile(watch)
    project.build(now)
    sys.setprofile(None)
    return done


def _changes(what: object) -> bool:
    name = getattr(what, "__name__", "")
    owner = getattr(what, "__module__", None) or type(getattr(what, "__self__", None)).__module__
    return name in CHANGES and owner.startswith(OWNERS)
