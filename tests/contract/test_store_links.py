"""Links, their uses, and who may ask a host."""

from dataclasses import replace

from feeds.links.encoding import decode_host, encode_host
from feeds.links.hosts import HostState
from feeds.pipeline.link_queue import StoreQueue, release_dead
from feeds.store import Store, open_store
from feeds.store.links import Due, HostRow, LinkRow

NOW = 1_700_000_000


def link(
    url: str, host: str, due: int = 0, verdict: str = "unknown", *, acts: bool = False, checked: int = 0
) -> LinkRow:
    body = b'{"url": "%b"}' % url.encode()
    return LinkRow(url, host, "article", NOW, verdict, acts, due, checked, body)


def keep(store: Store, *rows: LinkRow) -> None:
    with store.transaction():
        store.links.put(rows)
        store.links.add_uses((row.url, "item of " + row.url) for row in rows)


def test_what_nobody_uses_is_not_due_and_not_told(store: Store) -> None:
    keep(store, link("a", "h"), link("b", "h"))
    with store.transaction():
        store.links.replace_uses({"item of a": []})
    assert store.links.due_hosts(Due(NOW, NOW)) == {"h": 1}
    assert [row.url for row in store.links.find()] == ["b"]
    assert store.links.verdicts() == {"unknown": 1}


def test_the_most_urgent_come_first_each_once(store: Store) -> None:
    keep(store, link("c", "h", 3), link("a", "h", 5), link("b", "h", 5), link("later", "h", NOW + 1), link("x", "i"))
    queue = StoreQueue(store, Due(NOW, NOW), "me")
    assert queue.counts == {"h": 3, "i": 1}
    assert [work.host for work in queue.hosts(NOW, NOW + 60, 1)] == ["h"]
    given = [target.url for _ in range(3) for target in queue.refill("h", 2)]
    assert given == ["c", "a", "b"]


def test_everything_means_all_not_checked_since(store: Store) -> None:
    keep(store, link("a", "h", NOW + 99), link("b", "h", NOW + 99, checked=NOW))
    assert store.links.due_hosts(Due(None, NOW)) == {"h": 1}
    assert store.links.due_hosts(Due(None, NOW + 1, "h")) == {"h": 2}
    assert store.links.due_hosts(Due(None, NOW + 1, "other")) == {}


def test_a_host_belongs_to_one_process_until_its_lease_ends(store: Store, state_url: str) -> None:
    keep(store, link("a", "h"))
    mine = StoreQueue(store, Due(NOW, NOW), "me")
    second = open_store(state_url)
    try:
        theirs = StoreQueue(second, Due(NOW, NOW), "they")
        assert len(mine.hosts(NOW, NOW + 60, 9)) == 1
        assert theirs.hosts(NOW + 59, NOW + 99, 9) == []
        assert theirs.held == 1
        assert theirs.lease("h", NOW + 59, NOW + 99) is None
        mine.keep({"h": HostState(rate=3.0)}, 0)
        assert theirs.lease("h", NOW + 59, NOW + 99) == HostState(rate=3.0)
        mine.keep({"h": HostState(rate=9.0)}, NOW + 500)
        assert decode_host(second.links.hosts(["h"])["h"].body).rate == 3.0
    finally:
        second.close()


def test_the_hosts_of_a_dead_process_are_free_after_the_gap_they_are_owed(store: Store) -> None:
    with store.transaction():
        store.links.take_hosts(["slow", "fast"], "dead", NOW + 150, NOW)
        store.links.take_hosts(["taken"], "alive", NOW + 150, NOW)
        slow = HostRow("slow", "dead", NOW + 150, encode_host(HostState(rate=0.1)))
        store.links.keep_hosts([slow, replace(slow, host="fast", body=encode_host(HostState(rate=2.0)))])
    release_dead(store, lambda holder: holder == "dead", NOW)
    kept = store.links.hosts(["slow", "fast", "taken"])
    assert {host: row.until - NOW for host, row in kept.items()} == {"slow": 10.0, "fast": 0.5, "taken": 150.0}


def test_only_links_that_act_are_looked_up_for_items(store: Store) -> None:
    assert not store.links.any_acts()
    keep(store, link("a", "h", verdict="dead", acts=True), link("b", "h"))
    assert store.links.any_acts()
    assert store.links.acting(["a", "b", "c"]) == {"a": b'{"url": "a"}'}


def test_touched_items_are_folded_again(store: Store) -> None:
    with store.transaction():
        store.links.touch(["i", "j", "i"])
    assert store.identities.stale(9) == ["i", "j"]
