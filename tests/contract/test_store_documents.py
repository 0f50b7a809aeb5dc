"""What was read: listings, documents and their sightings, problems, counts."""

import pytest

from feeds.model import Problem, Severity
from feeds.store import Store
from feeds.store.documents import DocumentRow, SightingRow


def seen(*keys: str, own: bool = True, held: bool = False, body: bytes = b"{}") -> SightingRow:
    return SightingRow(own, held, "\n".join(keys), body)


def document(file: str, *sightings: SightingRow, problems: tuple[Problem, ...] = ()) -> DocumentRow:
    return DocumentRow(file, f"hash of {file}", sightings, problems)


FAULT = Problem("b.md", 3, 7, "date", "'never' is not usable: it is no date", Severity.ERROR)
SMALL = Problem("a.md", 12, 1, "url", "'ampWebUrl' is left out: ä\n😀", Severity.WARNING)
LATER = Problem("a.md", 12, 9, "image-url", "an image is left out", Severity.WARNING)


def test_listings_are_bytes_by_folder(store: Store) -> None:
    first = {".": b"a.md\t1\t2\t3", "ä b": b"\x00\xff\n\t"}
    with store.transaction():
        store.documents.keep_listings(first, [])
    assert store.documents.listings() == first
    with store.transaction():
        store.documents.keep_listings({".": b""}, ["ä b", "never was"])
    assert store.documents.listings() == {".": b""}
    assert store.feeds.listings() == {}


def test_a_document_is_replaced_as_a_whole(store: Store) -> None:
    with store.transaction():
        store.documents.replace([document("a.md", seen("u1"), seen("u2", own=False)), document("b.md", seen("u3"))])
        store.documents.replace([document("a.md", seen("u1", "u4"))])
    assert store.documents.revisions(["a.md", "c.md"]) == {"a.md": "hash of a.md"}
    assert sorted(store.documents.files()) == ["a.md", "b.md"]
    members = {(found.member.file, found.member.keys) for found in store.identities.unsettled(10)}
    assert members == {("a.md", ("u1", "u4")), ("b.md", ("u3",))}
    assert [found.member.file for found in store.identities.by_keys(["u2", "u4"], ())] == ["a.md"]


def test_a_sighting_without_a_url_is_known_by_nothing(store: Store) -> None:
    with store.transaction():
        store.documents.replace([document("a.md", seen())])
    assert [found.member.keys for found in store.identities.unsettled(10)] == [()]
    with store.transaction():
        store.documents.remove(["a.md"])
    assert store.identities.unsettled(10) == []


def test_a_removed_document_leaves_its_items_stale(store: Store) -> None:
    with store.transaction():
        store.documents.replace([document("a.md", seen("u1")), document("b.md", seen("u2"))])
        store.identities.assign({found.member.ref: "item" for found in store.identities.unsettled(10)})
    assert store.identities.stale(10) == []
    with store.transaction():
        store.documents.remove(["a.md", "never was"])
    assert store.identities.stale(10) == ["item"]
    assert [found.member.file for found in store.identities.of_items(["item"])] == ["b.md"]
    assert list(store.documents.files()) == ["b.md"]


def test_thousands_at_once(store: Store) -> None:
    names = [f"{number}.md" for number in range(1_203)]
    with store.transaction():
        store.documents.replace([document(name, seen(f"u{name}")) for name in names])
    assert len(store.documents.revisions(names)) == 1_203
    assert len(store.identities.by_keys([f"u{name}" for name in names], ())) == 1_203
    with store.transaction():
        store.documents.remove(names[1:])
    assert list(store.documents.files()) == ["0.md"]
    assert [found.member.file for found in store.identities.unsettled(10_000)] == ["0.md"]


def test_problems_come_by_file_and_place_and_stay_until_replaced(store: Store) -> None:
    with store.transaction():
        store.documents.replace([document("b.md", problems=(FAULT,)), document("a.md", problems=(LATER, SMALL))])
    assert store.documents.problems() == (SMALL, LATER, FAULT)
    with store.transaction():
        store.documents.replace([document("a.md", seen("u1"))])
        store.documents.report({"item:i": (LATER,), "folders": ()})
    assert store.documents.problems() == (LATER, FAULT)
    with store.transaction():
        store.documents.report({"item:i": ()})
        store.documents.remove(["b.md"])
    assert store.documents.problems() == ()


def test_problems_are_ordered_bytewise(store: Store) -> None:
    names = ["Z.md", "a-b.md", "a/b.md", "aB.md", "ab.md", "z.md", "é.md"]
    found = tuple(Problem(name, 1, 1, "empty", "the file is empty") for name in names)
    with store.transaction():
        store.documents.report({"record:" + problem.file: (problem,) for problem in reversed(found)})
    assert [problem.file for problem in store.documents.problems()] == sorted(names)


@pytest.mark.parametrize(("held", "counts"), [((), (0, 0)), ((True,), (1, 1)), ((False, True, False), (3, 1))])
def test_counts(store: Store, held: tuple[bool, ...], counts: tuple[int, int]) -> None:
    with store.transaction():
        store.documents.replace([document(f"{n}.md", seen(f"u{n}", held=h)) for n, h in enumerate(held)])
    assert store.documents.counts() == counts
