"""The ring and the slots: who is next, and who counts."""

import pytest

from feeds.links.hosts import HostState
from feeds.probe.lane import Lane
from feeds.probe.naming import host_of
from feeds.probe.ring import Ring
from feeds.probe.slots import Slots


def lane(host: str) -> Lane:
    return Lane(host, HostState(), until=1e9)


def ring(*waiting: tuple[str, float], affinity: int = 8) -> Ring:
    made = Ring(affinity)
    for host, ready_at in waiting:
        made.add(lane(host))
        made.push(made.get(host), ready_at)
    return made


def popped(ring: Ring, now: float) -> list[str]:
    found = []
    while one := ring.pop(now):
        found.append(one.host)
    return found


def test_the_one_ready_longest_is_next_and_of_equals_the_first():
    assert popped(ring(("c", 3), ("a", 1), ("b2", 2), ("b1", 2), ("late", 9)), 5) == ["a", "b2", "b1", "c"]


def test_nobody_is_taken_before_the_time():
    waiting = ring(("a", 5.0))
    assert (waiting.pop(4.999), waiting.next_at()) == (None, 5.0)
    assert popped(waiting, 5.0) == ["a"]
    assert waiting.next_at() is None


def test_the_last_word_about_a_lane_holds():
    waiting = ring(("a", 1), ("b", 2))
    waiting.push(waiting.get("a"), 7)
    assert popped(waiting, 5) == ["b"]
    waiting.push(waiting.get("a"), 3)
    assert popped(waiting, 5) == ["a"]
    assert popped(waiting, 9) == []


def test_a_lane_that_was_dropped_is_not_taken():
    waiting = ring(("a", 1), ("b", 2))
    waiting.drop(waiting.get("a"))
    assert (popped(waiting, 5), waiting.get("a"), len(waiting)) == (["b"], None, 1)


def test_what_was_said_before_does_not_pile_up():
    waiting = ring(*((f"h{n}", 1e6) for n in range(10)))
    for n in range(10_000):
        waiting.push(waiting.get("h3"), 1e6 + n)
    assert len(waiting._heap) <= 64 + 2 * 10


def test_an_open_connection_is_used_for_so_many_in_a_row_and_no_longer():
    waiting, order = ring(("a", 1), ("b", 1), affinity=3), []
    for now in range(2, 10):
        one = waiting.pop(now)
        order.append(one.host)
        waiting.push(one, now)
    assert "".join(order) == "aaabbbaa"


def test_slots_count_the_young_and_all():
    slots, one = Slots(2, 3, patience=1.0), lane("a")
    first, second = slots.take(one, 10.0), slots.take(one, 10.5)
    assert (slots.free, slots.next_aging(), one.young, one.in_flight) == (False, 11.0, 2, 2)
    assert slots.age(10.99) == []
    assert slots.age(11.0) == [one]
    assert (slots.free, slots.next_aging(), one.young, one.in_flight) == (True, 11.5, 1, 2)
    third = slots.take(one, 11.0)
    slots.age(20.0)
    assert (slots.free, slots.next_aging(), len(slots)) == (False, None, 3)  # no socket is left
    slots.give(first)
    slots.give(first)
    assert (slots.free, len(slots), one.in_flight) == (True, 2, 2)
    slots.give(second)
    slots.give(third)
    assert (len(slots), one.young, one.in_flight) == (0, 0, 0)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Example.COM:8080/x", "example.com"),
        ("https://example.com./", "example.com"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("https://BÜCHER.example/", "xn--bcher-kva.example"),
        ("http://[::1]:80/", "[::1]"),
        ("mailto:a@example.com", ""),
        ("no url", ""),
        ("http://[bad/", ""),
        ("", ""),
    ],
)
def test_a_host_has_one_name_however_it_is_written(url, host):
    assert host_of(url) == host
