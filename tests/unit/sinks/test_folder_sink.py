"""A real output folder: nothing before commit, nothing outside, nothing for no reason."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.errors import PublishError
from feeds.model import Artifact
from feeds.sinks.folder import STAGE, FolderSink

SECOND = 1_000_000_000
THEN = 1_700_000_000


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def tree(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def publish(out: Path, files: dict[str, bytes], delete: tuple[str, ...] = ()) -> list[str]:
    sink = FolderSink(out)
    sink.clear()
    written = [path for path, body in files.items() if sink.stage(Artifact(path, body))]
    sink.commit(delete)
    return written


OLD = {"all.rss": b"old", "topics/ai.rss": b"old ai", "topics/künstlich.atom": b"old k"}


def test_a_new_tree_is_published_whole(out):
    assert publish(out, OLD) == list(OLD)
    assert tree(out) == OLD
    assert not (out / STAGE).exists()


def test_nothing_is_seen_before_commit(out):
    publish(out, OLD)
    sink = FolderSink(out)
    sink.stage(Artifact("all.rss", b"new"))
    sink.stage(Artifact("feeds.json", b"{}"))
    assert {path: body for path, body in tree(out).items() if not path.startswith(STAGE)} == OLD
    sink.clear()
    assert tree(out) == OLD
    sink.commit(())
    assert tree(out) == OLD


def test_what_a_killed_build_staged_is_dropped(out):
    publish(out, OLD)
    FolderSink(out).stage(Artifact("all.rss", b"half a build"))
    assert publish(out, {"topics/ai.rss": b"new ai"}) == ["topics/ai.rss"]
    assert tree(out) == {**OLD, "topics/ai.rss": b"new ai"}


def test_the_same_bytes_are_left_alone(out):
    publish(out, OLD)
    os.utime(out / "all.rss", (THEN, THEN))
    inode = (out / "all.rss").stat().st_ino
    assert publish(out, {"all.rss": b"old", "topics/ai.rss": b"new"}) == ["topics/ai.rss"]
    assert (out / "all.rss").stat().st_mtime == THEN
    assert (out / "all.rss").stat().st_ino == inode


@pytest.mark.parametrize("body", [b"new", b"longer"])
def test_other_bytes_come_whole_seconds_later(out, body):
    publish(out, OLD)
    future = THEN + 10**9
    os.utime(out / "all.rss", ns=(future * SECOND + 5, future * SECOND + 999_999_999))
    publish(out, {"all.rss": body})
    assert (out / "all.rss").stat().st_mtime_ns == (future + 1) * SECOND
    publish(out, {"all.rss": b"again"})
    assert (out / "all.rss").stat().st_mtime_ns == (future + 2) * SECOND


def test_a_file_long_unchanged_gets_the_time_it_is_written(out):
    publish(out, OLD)
    os.utime(out / "all.rss", (THEN, THEN))
    publish(out, {"all.rss": b"new", "fresh.rss": b"x"})
    assert abs((out / "all.rss").stat().st_mtime - (out / "fresh.rss").stat().st_mtime) < 1


def test_readers_may_read_what_is_published(out):
    umask = os.umask(0o022)
    try:
        publish(out, OLD)
    finally:
        os.umask(umask)
    assert (out / "topics/ai.rss").stat().st_mode & 0o777 == 0o644


def test_a_name_that_changes_its_case_only(out):
    sink = FolderSink(out)
    sink.stage(Artifact("Top.rss", b"one"))
    sink.commit([])
    sink.stage(Artifact("top.rss", b"two"))
    sink.commit(["Top.rss"])
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"top.rss": b"two"}


def test_what_is_told_to_go_goes_and_nothing_else(out):
    publish(out, OLD)
    (out / "index.html").write_bytes(b"mine")
    publish(out, {}, ("all.rss", "topics/never-was.rss"))
    assert tree(out) == {"topics/ai.rss": b"old ai", "topics/künstlich.atom": b"old k", "index.html": b"mine"}


OUTSIDE = ["../x.rss", "topics/../../x.rss", "/tmp/x.rss", "..", "topics\\..\\x.rss", "a\0b.rss", "./../x.rss"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_is_written_or_deleted_outside(out, path):
    publish(out, OLD)
    sink = FolderSink(out)
    with pytest.raises(PublishError, match="leads out of the output folder"):
        sink.stage(Artifact(path, b"x"))
    with pytest.raises(PublishError, match="leads out of the output folder"):
        sink.commit([path])
    assert tree(out) == OLD
    assert sorted(entry.name for entry in out.parent.iterdir()) == ["out"]


def test_listings_tell_what_stands_there(out):
    assert FolderSink(out).listings() == {}
    publish(out, OLD)
    (out / "robots.txt").write_bytes(b"mine")
    (out / STAGE).mkdir()
    first = FolderSink(out).listings()
    names = {
        folder: sorted(line.split(b"\t")[0].decode() for line in body.split(b"\n")) for folder, body in first.items()
    }
    assert names == {".": ["all.rss"], "topics": ["ai.rss", "künstlich.atom"]}
    assert FolderSink(out).listings() == first
    (out / "all.rss").write_bytes(b"tampered")
    assert FolderSink(out).listings() != first


def test_of_an_archive_the_names_are_told_and_not_the_times(out):
    publish(out, {"archive/all/1.rss": b"page", "archive/all/2.rss": b"page"})
    first = FolderSink(out).listings()
    assert first["archive/all"] == b"1.rss\n2.rss"
    (out / "archive/all/1.rss").write_bytes(b"tampered")
    assert FolderSink(out).listings() == first
    (out / "archive/all/1.rss").unlink()
    assert FolderSink(out).listings()["archive/all"] == b"2.rss"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the system refuse to write more than `size` bytes to a file, as a full disk does: first in part."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_costs_nothing_of_the_old_tree(out):
    publish(out, OLD)
    sink = FolderSink(out)
    with largest_file(1000):
        assert sink.stage(Artifact("all.rss", b"new"))
        with pytest.raises(PublishError, match=os.strerror(errno.EFBIG)) as caught:
            sink.stage(Artifact("topics/ai.rss", b"x" * 5000))
    assert caught.value.exit_code == 1
    sink.clear()
    assert tree(out) == OLD


def test_an_output_folder_that_is_a_file(out):
    out.write_bytes(b"mine")
    sink = FolderSink(out)
    assert sink.listings() == {}
    with pytest.raises(PublishError, match="cannot publish to"):
        sink.stage(Artifact("all.rss", b"x"))
    assert out.read_bytes() == b"mine"


def test_a_file_where_a_folder_must_be(out):
    publish(out, {"topics": b"mine", "all.rss": b"old"})
    sink = FolderSink(out)
    with pytest.raises(PublishError):
        sink.stage(Artifact("topics/ai.rss", b"x"))
    sink.clear()
    assert tree(out) == {"topics": b"mine", "all.rss": b"old"}


def test_a_folder_where_a_file_must_be(out):
    (out / "all.rss").mkdir(parents=True)
    (out / "all.rss" / "mine").write_bytes(b"mine")
    sink = FolderSink(out)
    with pytest.raises(PublishError):
        publish(out, {"all.rss": b"x"})
    sink.clear()
    assert tree(out) == {"all.rss/mine": b"mine"}


def test_a_stage_that_is_a_link_is_not_followed(out, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "file").write_bytes(b"mine")
    out.mkdir()
    (out / STAGE).symlink_to(mine)
    with pytest.raises(PublishError):
        FolderSink(out).clear()
    assert (mine / "file").read_bytes() == b"mine"


def test_an_output_that_cannot_be_listed(out):
    publish(out, OLD)
    (out / "knot").symlink_to("knot")
    with pytest.raises(PublishError, match="cannot publish to"):
        FolderSink(out).listings()
