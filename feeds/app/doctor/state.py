"""Look at the state: whether it is whole and can be written, where it is kept, and who holds it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.app.doctor.finding import Said, fail, ok, warn
from feeds.app.doctor.subject import anybody_may_write, nearest_folder
from feeds.errors import StateError

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject

# SQLite reads half a gigabyte in that time.
CHECK_SECONDS = 5.0
_ANEW = "put a backup in its place, or move it away: the next feeds build makes it anew, with the same ids"
MOUNTS = Path("/proc/self/mounts")
# The write-ahead log is shared memory: processes on two machines would tear the file (sqlite.org/wal.html).
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.glusterfs")
)


def opens(subject: "Subject") -> Iterator[Said]:
    """Tell whether the state can be read, and whether this program made it."""
    status = subject.status
    if status.fault and status.schema:
        yield fail(status.fault, "use the program that made it, or move it away: the next feeds build makes it anew")
    elif status.fault:
        yield fail(
            status.fault,
            "if it is damaged, " + _ANEW if _file(subject) else "start the server, and mind the URL: state",
        )
    elif not status.schema:
        yield warn(f"there is no state yet at {status.state}", "feeds build")
    else:
        yield ok(f"{status.state}, version {status.schema}, {status.state_bytes:,} bytes")


def whole(subject: "Subject") -> Iterator[Said]:
    """Have SQLite look through its file, for a few seconds at most."""
    from feeds.store.existing import damage  # noqa: PLC0415  SQLAlchemy costs 150 ms

    file = _file(subject)
    if file is None or not file.is_file() or not file.stat().st_size:
        return
    faults, finished = damage(subject.loaded.state_url, CHECK_SECONDS)
    yield from (fail(f"the state is damaged: {fault}", _ANEW) for fault in faults)
    if not faults:
        yield ok("the state is whole" if finished else f"no damage in what could be looked at in {CHECK_SECONDS:.0f} s")


def writable(subject: "Subject") -> Iterator[Said]:
    """Write to the state and take it back, or look at the folder it would be made in."""
    from feeds.store.existing import try_to_write  # noqa: PLC0415  see `whole`

    file = _file(subject)
    if subject.has_state:
        try:
            try_to_write(subject.loaded.state_url)
        except StateError as error:
            yield fail(
                f"{error}", f"let this user write to it: chown {_user()} {file}" if file else "grant it in the database"
            )
            return
        yield ok("the state can be written")
    elif file and not os.access(folder := nearest_folder(file.parent), os.W_OK):
        yield fail(f"the state cannot be made in {folder}", f"chown {_user()} {folder}, or set state to another place")
    if file and file.is_file() and anybody_may_write(file):
        yield warn(f"every user of this machine may change {file}", f"chmod o-w {file}")


def place(subject: "Subject") -> Iterator[Said]:
    """Look at the disk that the state is on: SQLite must not be shared over a network."""
    file = _file(subject)
    if file is None or not MOUNTS.exists():
        return
    kind = file_system(file, MOUNTS.read_text(encoding="utf-8", errors="replace"))
    if kind in NETWORK:
        yield fail(
            f"the state is on a network share ({kind}), where SQLite loses data",
            "set state to a path on a disk of this machine, or to a PostgreSQL URL",
        )
    else:
        yield ok(f"the state is on a disk of this machine ({kind or 'unknown'})")


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of file system a path is on, by the text of proc_mounts(5); "" where it is not told."""
    found = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2 and path.is_relative_to(point := _unescaped(fields[1])) and len(point) >= len(found[0]):
            found = point, fields[2]  # of two on one point, the later one lies on top
    return found[1]


def _unescaped(field: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def leases(subject: "Subject") -> Iterator[Said]:
    """Look at who is at work."""
    status = subject.status
    if not subject.has_state:
        return
    for what, holder, cure in (("daemon", status.daemon, "feeds run"), ("build", status.builder, "feeds build")):
        if holder.name and not holder.alive:
            found = f"the {what} {holder.name} ended without giving the state back"
            yield warn(found, f"{cure} takes it over at once; if that happens again, look at the system's log")
        elif holder.name:
            yield ok(f"a {what} is at work: {holder.name}")
    if not status.daemon.name and not status.builder.name:
        yield ok("nobody is at work on the state")


def _file(subject: "Subject") -> Path | None:
    from feeds.store.existing import state_file  # noqa: PLC0415  see `whole`

    return state_file(subject.loaded.state_url)


def _user() -> str:
    return str(os.geteuid())
