"""Compressed forms beside published files: all that are wanted, none that is stale, and at no moment a wrong one."""

import gzip
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import brotli
import pytest

from feeds.errors import PublishError
from feeds.model import Artifact
from feeds.sinks.encodings import compress, plain
from feeds.sinks.folder import FolderSink

BOTH = ("gzip", "br")
SECOND = 1_000_000_000
THEN = 1_700_000_000
DECODERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".br": brotli.decompress}
TEXT = b"<item>\xe2\x80\x93 a story told again and again</item>\n" * 50
OLD = {"all.rss": TEXT, "topics/ai.json": b"{}", "logo.png": b"png"}


def compressed(body: bytes) -> dict[str, bytes]:
    return {".gz": compress("gzip", body), ".br": compress("br", body)}


def tree(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def with_forms(files: dict[str, bytes], *suffixes: str) -> dict[str, bytes]:
    texts = {path: compressed(body) for path, body in files.items() if not path.endswith(".png")}
    return files | {path + each: forms[each] for path, forms in texts.items() for each in suffixes}


def publish(out: Path, files: dict[str, bytes], encodings: tuple[str, ...], delete: tuple[str, ...] = ()) -> list[str]:
    sink = FolderSink(out, encodings)
    sink.clear()
    written = [path for path, body in files.items() if sink.stage(Artifact(path, body))]
    sink.commit(delete)
    return written


def stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.mark.parametrize("body", [b"", b"{}", TEXT, bytes(range(256)) * 9])
def test_a_form_holds_the_bytes_and_nothing_else(body: bytes) -> None:
    forms = compressed(body)
    assert {suffix: decode(forms[suffix]) for suffix, decode in DECODERS.items()} == dict.fromkeys(DECODERS, body)
    assert compressed(body) == forms
    assert forms[".gz"][:8] == b"\x1f\x8b\x08\x00\0\0\0\0"  # RFC 1952 2.3: no name, no time


@pytest.mark.parametrize(
    ("path", "of"),
    [
        ("all.rss.gz", "all.rss"),
        ("topics/ai.json.br", "topics/ai.json"),
        ("all.rss", "all.rss"),
        ("providers/news.gz.atom", "providers/news.gz.atom"),
        ("all.rss.br.gz", "all.rss.br"),
    ],
)
def test_the_file_that_a_form_belongs_to(path: str, of: str) -> None:
    assert plain(path) == of


@pytest.mark.parametrize(("encodings", "suffixes"), [((), ()), (("gzip",), (".gz",)), (BOTH, (".gz", ".br"))])
def test_forms_stand_beside_texts_with_their_time(
    out: Path, encodings: tuple[str, ...], suffixes: tuple[str, ...]
) -> None:
    assert publish(out, OLD, encodings) == list(OLD)
    assert tree(out) == with_forms(OLD, *suffixes)
    assert {(out / path).stat().st_mtime_ns == (out / plain(path)).stat().st_mtime_ns for path in tree(out)} == {True}


@pytest.mark.parametrize(
    ("before", "after", "suffixes"),
    [
        ((), BOTH, (".gz", ".br")),
        (("gzip",), BOTH, (".gz", ".br")),
        (BOTH, ("br",), (".br",)),
        (BOTH, (), ()),
        (("br",), ("gzip",), (".gz",)),
    ],
)
def test_other_encodings_leave_the_files_alone(
    out: Path, before: tuple[str, ...], after: tuple[str, ...], suffixes: tuple[str, ...]
) -> None:
    publish(out, OLD, before)
    os.utime(out / "all.rss", ns=(THEN, THEN * SECOND + 123_456_789))
    stamps = {path: stamp(out / path) for path in OLD}
    assert publish(out, OLD, after) == []
    assert tree(out) == with_forms(OLD, *suffixes)
    assert {path: stamp(out / path) for path in OLD} == stamps
    assert {(out / path).stat().st_mtime_ns for path in tree(out) if path.startswith("all.")} == {stamps["all.rss"][0]}


def overwrite(path: Path) -> None:
    path.write_bytes(b"tampered with")


def same_size_and_time(path: Path) -> None:
    status = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def touch(path: Path) -> None:
    os.utime(path, (THEN, THEN))


@pytest.mark.parametrize("damage", [overwrite, same_size_and_time, touch, Path.unlink])
@pytest.mark.parametrize("path", ["all.rss.gz", "topics/ai.json.br"])
def test_a_damaged_form_is_made_again_and_nothing_else(out: Path, path: str, damage: Callable[[Path], object]) -> None:
    publish(out, OLD, BOTH)
    stamps = {each: stamp(out / each) for each in tree(out)}
    damage(out / path)
    assert publish(out, OLD, BOTH) == []
    assert tree(out) == with_forms(OLD, ".gz", ".br")
    assert {each for each in stamps if stamp(out / each) != stamps[each]} == {path}
    assert (out / path).stat().st_mtime_ns == stamps[plain(path)][0]


def test_what_is_right_is_not_written_again(out: Path) -> None:
    publish(out, OLD, BOTH)
    stamps = {path: stamp(out / path) for path in tree(out)}
    assert publish(out, OLD, BOTH) == []
    assert {path: stamp(out / path) for path in tree(out)} == stamps


def test_forms_go_with_their_file(out: Path) -> None:
    publish(out, OLD, BOTH)
    publish(out, {}, BOTH, ("all.rss",))
    assert tree(out) == with_forms({path: OLD[path] for path in ("topics/ai.json", "logo.png")}, ".gz", ".br")


def test_forms_made_by_others_go_when_they_would_be_stale(out: Path) -> None:
    publish(out, {"all.rss": TEXT, "topics/ai.json": b"{}"}, ())
    mine = {"all.rss.gz": b"of others", "topics/ai.json.gz": b"of others", "own.rss.gz": b"of others"}
    for path, body in mine.items():
        (out / path).write_bytes(body)
    publish(out, {"all.rss": b"new"}, ())
    assert tree(out).keys() == {"all.rss", "topics/ai.json", "topics/ai.json.gz", "own.rss.gz"}
    publish(out, {}, (), ("topics/ai.json",))
    assert tree(out).keys() == {"all.rss", "own.rss.gz"}


@contextmanager
def watched(look: Callable[[], None]) -> Iterator[list[str]]:
    """Look before every call that changes something on the disk; yields the names of these calls."""
    calls: list[str] = []

    def watch(_frame: FrameType, event: str, what: object) -> None:
        name = getattr(what, "__name__", "")
        if event == "c_call" and name in {"replace", "unlink", "rmdir", "write", "open", "utime", "mkdir"}:
            calls.append(name)
            sys.setprofile(None)
            look()
            sys.setprofile(watch)

    sys.setprofile(watch)
    try:
        yield calls
    finally:
        sys.setprofile(None)


NEW = {"all.rss": TEXT + b"<item>new</item>", "topics/ai.json": b'{"new": 1}', "topics/new.atom": TEXT}


@pytest.mark.parametrize(
    ("before", "after", "files"),
    [(BOTH, BOTH, NEW), ((), BOTH, NEW), (BOTH, (), NEW), (BOTH, ("br",), NEW), ((), BOTH, OLD), (BOTH, (), OLD)],
)
def test_at_no_moment_does_a_form_stand_beside_other_bytes(
    out: Path, before: tuple[str, ...], after: tuple[str, ...], files: dict[str, bytes]
) -> None:
    publish(out, {**OLD, "topics/gone.rss": TEXT}, before)
    seen = 0

    def look() -> None:
        nonlocal seen
        standing = {path: body for path, body in tree(out).items() if not path.startswith(".stage/")}
        for path, body in standing.items():
            if plain(path) != path:
                assert DECODERS[path[-3:]](body) == standing[plain(path)], path
                seen += 1

    with watched(look) as calls:
        publish(out, files, after, ("topics/gone.rss",))
    assert calls.count("replace") + calls.count("unlink") > 4
    assert seen > 0
    assert tree(out) == with_forms(OLD | files, *(suffix for suffix in DECODERS if suffix in _suffixes(after)))


def _suffixes(encodings: tuple[str, ...]) -> set[str]:
    return {{"gzip": ".gz", "br": ".br"}[each] for each in encodings}


def test_new_forms_are_whole_seconds_later_with_their_file(out: Path) -> None:
    publish(out, OLD, BOTH)
    future = THEN + 10**9
    os.utime(out / "all.rss", (future, future))
    publish(out, {"all.rss": b"new"}, BOTH)
    times = [(out / f"all.rss{suffix}").stat().st_mtime_ns for suffix in ("", ".gz", ".br")]
    assert times == [(future + 1) * SECOND] * 3


def test_listings_tell_of_the_wanted_forms_only(out: Path) -> None:
    publish(out, OLD, BOTH)
    listed = FolderSink(out, ("br",)).listings()
    names = {
        folder: sorted(line.split(b"\t")[0].decode() for line in body.split(b"\n")) for folder, body in listed.items()
    }
    assert names == {".": ["all.rss", "all.rss.br"], "topics": ["ai.json", "ai.json.br"]}
    (out / "all.rss.gz").unlink()
    assert FolderSink(out, ("br",)).listings() == listed
    (out / "all.rss.br").unlink()
    assert FolderSink(out, ("br",)).listings() != listed


def test_a_folder_where_a_form_must_be(out: Path) -> None:
    (out / "all.rss.gz").mkdir(parents=True)
    (out / "all.rss.gz" / "mine").write_bytes(b"mine")
    sink = FolderSink(out, BOTH)
    with pytest.raises(PublishError, match="cannot publish to"):
        publish(out, {"all.rss": b"x"}, BOTH)
    sink.clear()
    assert (out / "all.rss.gz" / "mine").read_bytes() == b"mine"
