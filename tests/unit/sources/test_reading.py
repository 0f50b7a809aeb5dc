"""Files read from a real folder, each to what the store keeps of it."""

import pickle
from functools import partial
from pathlib import Path

import pytest

from feeds.engine import AutomaticEngine, InlineEngine
from feeds.engine.automatic import MANY
from feeds.engine.processes import ProcessEngine
from feeds.items.encoding import decode_sighting
from feeds.items.rules import Rules
from feeds.sources.reading import Order, Reading, read_all

LIMIT = 1000
GOOD = "---\ntitle: {}\npublishedDateTime: 2021-02-04\noriginalUrl: https://a.example/{}\nsecured: TOPSECRET\n---\n"


@pytest.fixture
def order(tmp_path):
    def write(name: str, content: str | bytes, revision: str = "") -> Order:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Order("records/" + name, str(path), revision)

    return write


def read(order: Order) -> Reading:
    (reading,) = read_all([order], Rules(), LIMIT)
    return reading


def test_a_record_is_read(order):
    reading = read(order("a.md", GOOD.format("A", "1")))
    assert (reading.file, len(reading.revision), reading.problems) == ("records/a.md", 32, ())
    ((own, held, keys, body),) = reading.sightings
    assert (own, held, keys) == (True, False, ("a.example/1",))
    assert decode_sighting(body).story.title == "A"
    assert b"TOPSECRET" not in body


def test_the_same_bytes_are_not_read_again(order):
    first = read(order("a.md", GOOD.format("A", "1")))
    assert read(order("a.md", GOOD.format("A", "1"), first.revision)).sightings is None
    assert read(order("a.md", GOOD.format("B", "1"), first.revision)).sightings


BAD = [
    ("a.md", b"", "empty"),
    ("a.md", b"\xff", "encoding"),
    ("a.md", GOOD.format("A", "1") + "x" * LIMIT, "too-large"),
    ("a.JSON", b"{", "json"),
    ("a.md", b"---\ntitle: A\n---\n", "date-missing"),
]


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_a_bad_file_is_a_problem_of_its_own(order, name, content, code):
    bad, good = order(name, content), order("b.md", GOOD.format("B", "2"))
    first, second = read_all([bad, good], Rules(), LIMIT)
    assert (first.sightings, [problem.code for problem in first.problems]) == ((), [code])
    assert second.sightings


def test_a_file_of_just_the_size_allowed_is_read(order):
    text = GOOD.format("A", "1")
    assert read(order("a.md", text + "x" * (LIMIT - len(text)))).sightings
    assert [problem.code for problem in read(order("a.md", text + "x" * (LIMIT - len(text) + 1))).problems] == [
        "too-large"
    ]


def test_what_cannot_be_opened_is_a_problem_and_has_no_revision(order):
    gone = order("a.md", "")
    Path(gone.path).unlink()
    assert read(gone).revision == ""
    assert [str(problem) for problem in read(gone).problems] == [
        "records/a.md:1:1: unreadable: No such file or directory"
    ]


def test_every_engine_reads_the_same_in_the_same_order(order):
    orders = [[order(f"{n:02}.md", GOOD.format(n, n) if n % 7 else "bad")] for n in range(MANY + 1)]
    task = partial(read_all, rules=Rules(), limit=LIMIT)
    assert pickle.loads(pickle.dumps(task))(orders[1]) == task(orders[1])
    expected = [read_all(part, Rules(), LIMIT) for part in orders]
    for engine in (InlineEngine(), ProcessEngine(2), AutomaticEngine(1), AutomaticEngine(2)):
        assert list(engine.run(task, iter(orders))) == expected
