"""Look at the published folder: whether it can be written and read, and whether it is what was published."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.app.doctor.finding import Said, fail, ok, warn
from feeds.app.doctor.subject import anybody_may_write, nearest_folder
from feeds.disk.listing import changes
from feeds.model.tree import CATALOGUE
from feeds.sinks.folder import STAGE, FolderSink

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject

_SHOWN = 3
_MEGABYTE = 1_000_000
# A build stages every changed file before it replaces one.
LEAST_BYTES, ENOUGH_BYTES, ENOUGH_FILES = 10 * _MEGABYTE, 200 * _MEGABYTE, 10_000


def writable(subject: "Subject") -> Iterator[Said]:
    """Make a file without a name in the output folder, which no reader can see."""
    out = subject.out
    if not out.is_dir():
        yield from _absent(subject)
        return
    try:
        with tempfile.TemporaryFile(dir=out):
            yield ok(f"{out} can be written")
    except OSError as error:
        yield fail(f"{out} cannot be written: {error.strerror or error}", f"chown -R {os.geteuid()} {out}")


def _absent(subject: "Subject") -> Iterator[Said]:
    out, above = subject.out, nearest_folder(subject.out)
    blocking = next((each for each in (out, *out.parents) if each.exists() and not each.is_dir()), None)
    if blocking:
        yield fail(f"{blocking} is a file, and should be a folder", f"move it away: mv {blocking} {blocking}.old")
    elif not os.access(above, os.W_OK):
        yield fail(f"the output folder cannot be made in {above}", f"chown {os.geteuid()} {above}, or set out")
    elif subject.status.published:
        yield fail(f"{out} is gone, with all that was published there", "feeds build")
    else:
        yield warn(f"there is no output yet at {out}", "feeds build")


def one_disk(subject: "Subject") -> Iterator[Said]:
    """See that files can be renamed from the stage to their place, which they cannot from one disk to another."""
    if not subject.out.is_dir():
        return
    device = subject.out.stat().st_dev
    with os.scandir(subject.out) as entries:
        inside = [entry.path for entry in entries if entry.is_dir()]
    away = [path for path in inside if os.stat(path).st_dev != device]  # noqa: PTH116  as scandir gives it
    for path in away:
        cure = "set out to the folder that is mounted, not to one above"
        yield fail(f"{path} is on another disk than {subject.out}", cure)
    if not away:
        yield ok("the output is on one disk")


def permissions(subject: "Subject") -> Iterator[Said]:
    """See that nobody else can change what is published, and that a web server can read it."""
    paths = [subject.out, *(subject.out / each for each in (CATALOGUE, "topics", "providers", "archive", "assets"))]
    there = [path for path in paths if path.exists()]
    found = False
    for path in there:
        if anybody_may_write(path):
            found = True
            yield warn(f"every user of this machine may change {path}", f"chmod -R o-w {subject.out}")
        if not path.stat().st_mode & (0o001 if path.is_dir() else 0o004):
            found = True
            cure = f"chmod -R o+rX {subject.out}, and build with umask 022"
            yield warn(f"a web server that is another user cannot read {path}", cure)
    if there and not found:
        yield ok("others can read the output and not change it")


def stage(subject: "Subject") -> Iterator[Said]:
    """Look for what a killed build left behind."""
    left = subject.out / STAGE
    if left.exists() and not subject.status.builder.alive:
        yield warn(f"a build was killed while it published, and left {left}", f"feeds build, then: rm -rf {left}")


def space(subject: "Subject") -> Iterator[Said]:
    """Look at how much room is left where the output and the state are."""
    from feeds.store.existing import state_file  # noqa: PLC0415  SQLAlchemy costs 150 ms

    file = state_file(subject.loaded.state_url)
    places = dict.fromkeys(nearest_folder(path) for path in (subject.out, *((file.parent,) if file else ())))
    for folder in places:
        free, files = shutil.disk_usage(folder).free, os.statvfs(folder)
        cure = "make room, or set out and state to another disk"
        said = f"{free / _MEGABYTE:,.0f} MB are free in {folder}"
        if free < LEAST_BYTES:
            yield fail(said, cure)
        elif free < ENOUGH_BYTES + 2 * subject.status.state_bytes:
            yield warn(said, cure)
        elif files.f_files and files.f_favail < ENOUGH_FILES:  # some file systems count none
            yield warn(f"only {files.f_favail:,} more files can be made in {folder}", cure)
        else:
            yield ok(said)


def catalogue(subject: "Subject") -> Iterator[Said]:
    """Compare the list of feeds with the feeds that were published."""
    if not subject.has_state or not subject.status.published or not subject.out.is_dir():
        return
    told = _keys(subject.out / CATALOGUE)
    known = {feed.key for feed in subject.status.feeds}
    if told is None:
        yield fail(f"{CATALOGUE} is missing, or no list of feeds", "feeds build")
    elif told != known:
        shown = ", ".join(sorted(told ^ known)[:_SHOWN])
        yield fail(f"{CATALOGUE} and the state differ in {len(told ^ known):,} feeds ({shown})", "feeds build")
    else:
        yield ok(f"{CATALOGUE} lists the {len(known):,} feeds that the state knows")


def _keys(path: Path) -> set[str] | None:
    try:
        feeds = json.loads(path.read_bytes())["feeds"]
        return {str(feed["key"]) for feed in feeds}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def as_published(subject: "Subject") -> Iterator[Said]:
    """Compare names, sizes and times of all files with what the last build published."""
    from feeds.store.existing import existing_state  # noqa: PLC0415  see `space`

    if not subject.has_state or not subject.status.published or not subject.out.is_dir():
        return
    with existing_state(subject.loaded.state_url) as seen:
        known = seen.store.feeds.listings() if seen else {}
    there = FolderSink(subject.out, subject.loaded.settings.feeds.encodings).listings()
    changed = sorted(_changed(known, there))
    if changed:
        shown = ", ".join(changed[:_SHOWN])
        found = f"{len(changed):,} files in {subject.out} are not as they were published ({shown})"
        yield warn(found, "feeds build puts right what it made; remove what it did not")
    else:
        yield ok("every file is as it was published")


def _changed(known: Mapping[str, bytes], there: Mapping[str, bytes]) -> Iterator[str]:
    for folder in known.keys() | there.keys():
        before, now = known.get(folder, b""), there.get(folder, b"")
        if before != now:
            changed, gone = changes(before, now)
            yield from (name if folder == "." else f"{folder}/{name}" for name in changed | gone)
