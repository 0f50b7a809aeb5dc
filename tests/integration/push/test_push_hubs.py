"""Telling real hubs on the loopback interface: good, slow, failing, closed."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from project import LISTS, START, Draft

from feeds.app.leases import leased
from feeds.app.pushing import push_after_build, run_push
from feeds.cli.push import push
from feeds.errors import Interrupted
from feeds.store import open_store
from feeds.store.pings import HubRow

NOW = START + 10
MINUTE, DAY = 60, 86_400
EVERYTHING = ("all", "topics/ai", "topics/law", "providers/news.example", "providers/courant.example")
LAW = Draft("https://news.example/b", "B again", topics=("Law",))


def run(project, now=NOW, **options):
    return run_push(project.loaded(), clock=lambda: now, **options)


def store_of(project):
    return open_store(f"sqlite:///{project.state}")


def row(project, hub) -> HubRow:
    store = store_of(project)
    try:
        return store.pings.hubs()[hub.url]
    finally:
        store.close()


def waiting(project) -> dict[str, int]:
    store = store_of(project)
    try:
        return store.pings.counts()
    finally:
        store.close()


@pytest.fixture
def built(project, hub, name_hubs):
    name_hubs(hub.url)
    project.build(NOW)
    return project


def test_a_hub_is_told_once_and_in_one_request(built, hub, files_of):
    report = run(built)
    assert [sorted(ping) for ping in hub.pings] == [files_of(*EVERYTHING)]
    assert (report.told, report.waiting, report.failed, report.next_due) == ({hub.url: 15}, 0, {}, None)
    assert row(built, hub) == HubRow(hub.url, due=0, fails=0, good=NOW, detail="")
    assert run(built).told == {}
    assert len(hub.pings) == 1


def test_it_says_who_asks(project, hub, name_hubs):
    contact = "https://feeds.example.org/about"
    name_hubs(hub.url, links={"allow_networks": ["127.0.0.0/8"], "contact": contact})
    project.build(NOW)
    run(project)
    [agent] = hub.agents
    assert agent.startswith("feeds/")
    assert agent.endswith(f" (+{contact})")


def test_an_unchanged_build_pings_nobody_and_one_edit_its_own_files(built, hub, files_of):
    run(built)
    hub.pings.clear()
    built.build(NOW + 5)
    run(built, NOW + 5)
    assert hub.pings == []
    built.write("b.md", LAW, NOW + 8)
    built.build(NOW + 10)
    run(built, NOW + 10)
    assert hub.told == files_of("all", "topics/law", "providers/news.example")


def test_many_feeds_go_in_batches_of_a_hundred(project, hub, name_hubs):
    name_hubs(hub.url)
    for number in range(40):
        draft = Draft(f"https://news.example/{number}", f"Story {number}", topics=(f"Topic {number}",))
        project.write(f"{number}.md", draft, START)
    project.build(NOW)
    total = len(project.tree()) - len(LISTS)
    assert run(project).told == {hub.url: total}
    assert [len(ping) for ping in hub.pings] == [100, total - 100]
    assert len(set(hub.told)) == total


def test_a_batch_that_was_told_stays_told_when_the_next_one_fails(project, hub, name_hubs):
    name_hubs(hub.url)
    for number in range(40):
        draft = Draft(f"https://news.example/{number}", f"Story {number}", topics=(f"Topic {number}",))
        project.write(f"{number}.md", draft, START)
    project.build(NOW)
    total = len(project.tree()) - len(LISTS)
    hub.refuse_after = 1
    report = run(project)
    assert (report.told, report.waiting, report.failed) == ({hub.url: 100}, total - 100, {hub.url: "http-500"})
    hub.refuse_after = 10**9
    assert run(project, NOW + MINUTE).told == {hub.url: total - 100}
    assert set(hub.pings[1]) == set(hub.pings[2])
    assert len({*hub.pings[0], *hub.pings[2]}) == total


@pytest.mark.parametrize(
    ("status", "headers", "body", "fault", "wait"),
    [
        (500, {}, b"overloaded\nsorry", "http-500: overloaded", MINUTE),
        (410, {}, b"", "http-410", MINUTE),
        (404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>", "http-404", MINUTE),
        (429, {"Retry-After": "900"}, b"", "http-429", 900),
        (503, {"Retry-After": "99999999"}, b"", "http-503", DAY),
        (
            301,
            {"Location": "http://127.0.0.1:9/other"},
            b"",
            "http-301: it sends on to http://127.0.0.1:9/other, which is not followed; put that into push.hubs",
            MINUTE,
        ),
        (500, {}, b"\x1b[2J" + b"x" * 100_000, "http-500: [2J" + "x" * 197, MINUTE),
    ],
)
def test_a_hub_that_does_not_take_it_is_left_alone_for_a_while(built, hub, status, headers, body, fault, wait):
    hub.status, hub.headers, hub.body = status, headers, body
    report = run(built)
    assert (report.told, report.waiting, report.next_due) == ({}, 15, NOW + wait)
    assert report.failed == {hub.url: fault}
    assert row(built, hub) == HubRow(hub.url, due=NOW + wait, fails=1, good=0, detail=fault)
    early = run(built, NOW + wait - 1)
    assert (early.failed, early.waiting, early.next_due, len(hub.pings)) == ({}, 15, NOW + wait, 1)
    hub.status, hub.headers, hub.body = 204, {}, b""
    assert run(built, NOW + wait).told == {hub.url: 15}
    assert row(built, hub).fails == 0


def test_waits_double_until_it_answers(built, hub):
    hub.status = 500
    now, waits = NOW, []
    for _ in range(11):
        report = run(built, now)
        waits.append((int(report.next_due) - now) // MINUTE)
        now = int(report.next_due)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    hub.status = 200
    assert run(built, now).told == {hub.url: 15}
    built.write("b.md", LAW, START + 20)
    built.build(now)
    hub.status = 500
    assert run(built, now).next_due == now + MINUTE


def test_a_hub_that_is_down_during_three_builds_is_told_once_of_each_file(built, hub, files_of):
    hub.status = 503
    run(built)
    for number in range(1, 4):
        now = NOW + number * 600
        built.write("b.md", replace(LAW, title=f"B, edit {number}"), now - 5)
        built.build(now)
        assert run(built, now).told == {}
    hub.status = 200
    hub.pings.clear()
    run(built, NOW + DAY)
    assert hub.told == files_of(*EVERYTHING)


def test_one_hub_that_is_down_does_not_keep_another_waiting(project, hubs, closed, name_hubs):
    good, slow = hubs(), hubs()
    slow.hanging = True
    name_hubs(closed, slow.url, good.url)
    project.build(NOW)
    report = run(project, seconds=1.0)
    assert report.told == {good.url: 15}
    assert report.failed == {closed: "refused", slow.url: "no-answer-in-time"}
    assert waiting(project) == {closed: 15, slow.url: 15}
    assert report.next_due == NOW + MINUTE


def test_a_hub_in_a_private_network_is_not_asked_unless_allowed(built, hub):
    built.configure(push={"hubs": [hub.url]})
    assert run(built).failed == {hub.url: "address-loopback"}
    assert hub.pings == []


def test_what_changes_while_a_hub_is_told_is_told_again(built, hub, files_of):
    def edit() -> None:
        hub.on_ping = lambda: None
        built.write("b.md", LAW, START + 5)
        built.build(NOW)  # within the very second of the first build

    hub.on_ping = edit
    report = run(built)
    changed = files_of("all", "topics/law", "providers/news.example")
    assert hub.told == sorted([*files_of(*EVERYTHING), *changed])
    assert (report.told, report.waiting) == ({hub.url: 15 + 9}, 0)


def test_while_somebody_else_is_at_it_nobody_is_told_twice(built, hub):
    def compete() -> None:
        hub.on_ping = lambda: None
        code = (
            "import sys, time; from pathlib import Path; from feeds.config.load import load\n"
            "from feeds.app.pushing import run_push\n"
            f"report = run_push(load(Path(sys.argv[1]), {{}}, {{}}, Path(sys.argv[2])), clock=lambda: {NOW})\n"
            f"print(report.held, report.waiting, report.next_due - {NOW})"
        )
        command = [sys.executable, "-c", code, str(built.config), str(built.root)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    said: list[str] = []
    hub.on_ping = compete
    assert run(built).told == {hub.url: 15}
    assert said == ["True 15 60\n"]
    assert len(hub.pings) == 1


def test_the_lease_of_a_dead_process_is_taken_over(built, hub):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    store = store_of(built)
    with store.transaction():
        store.leases.claim("push", f"{os.uname().nodename}:{dead.pid}", int(time.time()) + 300, int(time.time()))
    store.close()
    assert run(built).told == {hub.url: 15}


def test_once_asked_to_stop_it_keeps_what_was_told(project, hubs, name_hubs):
    good, slow = hubs(), hubs()
    slow.hanging = True
    name_hubs(good.url, slow.url)
    project.build(NOW)
    asked = Event()
    good.on_ping = asked.set

    def stopped() -> bool:
        return asked.is_set() and good.url not in waiting(project)

    with pytest.raises(Interrupted):
        run(project, stopped=stopped)
    assert waiting(project) == {slow.url: 15}
    store = store_of(project)
    assert store.leases.holder("push", int(time.time())) == ""
    assert slow.url not in store.pings.hubs()  # it is not to blame
    assert store.ticks.all()["push"].detail == "interrupted"
    store.close()


def test_hubs_that_are_no_longer_named_are_forgotten(built, hub, hubs, name_hubs):
    hub.status = 500
    run(built)
    other = hubs()
    name_hubs(other.url)
    run(built, NOW + 5)
    store = store_of(built)
    assert (store.pings.counts(), store.pings.hubs()) == ({}, {})
    store.close()
    built.build(NOW + 6)
    name_hubs()
    run(built, NOW + 7)
    assert waiting(built) == {}
    assert other.pings == []


def test_after_a_week_nobody_needs_to_hear_of_it(built, hub):
    week = 7 * DAY
    built.write("b.md", LAW, START + 20)
    built.build(NOW + 60)
    assert run(built, NOW + week + 1).told == {hub.url: 9}
    assert not any("/ai." in url or "/courant." in url for url in hub.told)


def test_a_time_that_a_wrong_clock_wrote_down_is_not_waited_for(built, hub):
    store = store_of(built)
    with store.transaction():
        store.pings.keep(HubRow(hub.url, due=NOW + 3000 * DAY, fails=4))
    store.close()
    assert run(built).told == {hub.url: 15}


@pytest.mark.parametrize("due", [True, False])
def test_httpx_is_imported_only_where_something_is_due(built, due):
    if not due:
        run(built)
    code = (
        "import sys; from pathlib import Path; from feeds.config.load import load\n"
        "from feeds.app.pushing import run_push\n"
        f"run_push(load(Path(sys.argv[1]), {{}}, {{}}, Path(sys.argv[2])), clock=lambda: {NOW})\n"
        "print('httpx' in sys.modules, 'feedgen' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(built.config), str(built.root)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{due} False\n"


# --- after a build, and by hand

MORE = "how each hub stands: feeds status; to try at once: feeds push"


def test_a_build_ends_the_same_with_a_dead_hub(project, hub, closed, name_hubs, files_of):
    now = int(time.time())
    name_hubs(closed)
    report = project.build(now)
    lines = push_after_build(project.loaded())
    assert lines == [f"{closed} was not told of 15 files (refused); tried again in 1 min", MORE]
    assert push_after_build(project.loaded()) == []
    assert (report.feeds, len(report.written)) == (5, 15 + len(LISTS))
    without = project.fresh(now, "calm", **{"push.hubs": ()})
    for path, body in project.tree().items():
        assert [line for line in body.splitlines() if closed.encode() not in line] == without[path].splitlines()


def test_the_command_ends_the_same_with_a_dead_hub(project, closed, name_hubs):
    code = {}
    for name, hubs in (("calm", ()), ("dead", (closed,))):
        name_hubs(*hubs)
        words = ["build", "--config", str(project.config), "--out", f"{project.root}/{name}"]
        words += ["--state", f"{project.root}/{name}.db", "--json"]
        done = subprocess.run([sys.executable, "-m", "feeds", *words], capture_output=True, text=True, check=False)
        code[name] = done.returncode
        assert json.loads(done.stdout)["feeds"] == 5
    assert code == {"calm": 0, "dead": 0}
    assert f"{closed} was not told of 15 files (refused)" in done.stderr


def test_a_build_waits_for_a_slow_hub_only_so_long_and_only_once(built, hub):
    now = int(time.time())
    hub.hanging = True
    built.write("b.md", LAW, now)
    built.build(now)
    lines = push_after_build(built.loaded())
    assert lines == [f"{hub.url} was not told of 9 files (no-answer-in-time); tried again in 1 min", MORE]
    assert len(hub.pings) == 1
    assert push_after_build(built.loaded()) == []
    assert len(hub.pings) == 1


def test_a_build_says_whom_it_told(project, hub, name_hubs):
    name_hubs(hub.url)
    project.build(int(time.time()))
    assert push_after_build(project.loaded()) == [f"{hub.url} was told of 15 files"]
    assert push_after_build(project.loaded()) == []


def test_a_build_without_hubs_does_not_even_open_the_state(project):
    assert push_after_build(project.loaded()) == []
    assert not project.state.exists()


def test_a_state_that_cannot_be_used_is_told_and_not_raised(project, closed, name_hubs):
    name_hubs(closed, state="/dev/null/state.db")
    line, more = push_after_build(project.loaded())
    assert line.startswith("hubs were not told: ")
    assert more == "to tell them: feeds push"


def pushed(project, *words):
    return CliRunner().invoke(push, ["--config", str(project.config), *words], standalone_mode=False)


def test_by_hand_it_asks_at_once_and_says_so(project, hub, name_hubs):
    name_hubs(hub.url)
    project.build(int(time.time()))
    hub.status = 500
    failed = pushed(project)
    assert (failed.return_value, len(hub.pings)) == (1, 1)
    assert failed.output == f"{hub.url} was not told of 15 files (http-500); tried again in 1 min\n{MORE}\n"
    hub.status = 202
    good = pushed(project)
    assert (good.return_value, good.output) == (0, f"{hub.url} was told of 15 files\n")
    again = pushed(project)
    assert (again.return_value, again.output, len(hub.pings)) == (0, "nothing to tell\n", 2)


def test_by_hand_it_tells_of_everything_if_asked_to(project, hub, name_hubs, files_of):
    name_hubs(hub.url)
    project.build(int(time.time()))
    pushed(project)
    hub.pings.clear()
    assert pushed(project, "--all").return_value == 0
    assert hub.told == files_of(*EVERYTHING)


def test_all_leaves_out_what_is_not_published(project, hub, name_hubs, files_of):
    name_hubs(hub.url)
    now = int(time.time())
    project.build(now)
    name_hubs(hub.url, feeds={"topics": False, "formats": ["atom"]})
    project.write("d.md", Draft("https://news.example/d", "D", held=True, provider=("Secret", "secret.example")), now)
    project.build(now)
    pushed(project)
    hub.pings.clear()
    pushed(project, "--all")
    assert hub.told == files_of("all", "providers/news.example", "providers/courant.example", formats=("atom",))


def test_json_tells_all(project, hub, closed, name_hubs):
    name_hubs(hub.url, closed)
    now = int(time.time())
    project.build(now)
    done = pushed(project, "--json")
    said = json.loads(done.output)
    assert done.return_value == 1
    assert said.keys() == {"told", "waiting", "held", "next_due", "hubs"}
    assert (said["told"], said["waiting"], said["held"]) == (15, 15, False)
    good, bad = said["hubs"]
    assert good == {"url": hub.url, "told": 15, "waiting": 0, "fails": 0, "due": 0, "fault": ""}
    assert now + MINUTE <= bad.pop("due") <= time.time() + MINUTE
    assert bad == {"url": closed, "told": 0, "waiting": 15, "fails": 1, "fault": "refused"}


def test_by_hand_without_hubs_it_names_the_setting(project):
    project.build(int(time.time()))
    done = pushed(project)
    assert done.return_value == 0
    assert "push.hubs" in done.output


def test_by_hand_while_another_thread_is_at_it(project, hub, name_hubs):
    """Threads of one process share a lease; what one told, the other need not."""
    name_hubs(hub.url)
    project.build(int(time.time()))
    first = Thread(target=lambda: run_push(project.loaded()))
    first.start()
    first.join()
    store = store_of(project)
    with leased(store, "push"):
        assert pushed(project).output == "nothing to tell\n"
    store.close()
