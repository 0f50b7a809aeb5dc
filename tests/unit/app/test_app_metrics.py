"""The metrics say what the status says, within bounds, and the manual lists them."""

import re
from dataclasses import replace
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from feeds.app.health import Health
from feeds.app.metrics import FEEDS_MOST, metrics_text
from feeds.app.standing import FeedState, Holder, HubState, LinkStates, ProblemCount, RemoteSources, Status, Tick

MANUAL = Path(__file__).parents[3] / "docs" / "operations.md"
HUB = 'https://hub.example/a"b\\c'
STATUS = Status(
    1_700_000_000,
    "/srv/state.db",
    "/srv/out",
    out_there=True,
    schema="3",
    state_bytes=4096,
    daemon=Holder("here:1", alive=True),
    builder=Holder("here:2", alive=False),
    ticks=(
        Tick("build", due=1_700_000_900, started=1_699_999_000, ended=1_699_999_007, good=1_699_999_007),
        Tick("check", started=1_699_990_000, ended=1_699_990_010, good=1_699_980_000, fails=3),
        Tick("tidy", due=1_700_009_999),
    ),
    records=9,
    held_back=2,
    items=12,
    published=1_699_999_007,
    next_item=1_700_003_600,
    problems=(ProblemCount("error", "title-missing", 3), ProblemCount("warning", "url-broken", 1)),
    feeds=(
        FeedState("all", "all", "All", 12, 1_699_999_000),
        FeedState("topics/ai", "topic", "AI", 5, 1_699_000_000),
        FeedState("topics/empty", "topic", "Empty", 0, 0),
        FeedState("topics/old", "topic", "Old", 1, 1_600_000_000),
    ),
    links=LinkStates({"ok": 20, "dead": 2}, due=4),
    hubs=(HubState(HUB, waiting=3, due=1_700_000_060, good=1_699_000_000, fails=2),),
    remote=RemoteSources({"fine": 38, "failing": 2}, due=4, moved=1),
)


def samples(status: Status, judged: Health | None = None) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(metrics_text(status, judged).decode())
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_the_figures_are_those_of_the_status() -> None:
    found = samples(STATUS, Health(ready=False, why=("no",), warnings=("a", "b")))
    told = {
        ("feeds_state_up",): 1,
        ("feeds_output_up",): 1,
        ("feeds_ready",): 0,
        ("feeds_standby",): 0,
        ("feeds_warnings",): 2,
        ("feeds_daemon_up",): 1,
        ("feeds_build_running",): 0,
        ("feeds_state_size_bytes",): 4096,
        ("feeds_records",): 9,
        ("feeds_records_held_back",): 2,
        ("feeds_items",): 12,
        ("feeds_published_timestamp_seconds",): 1_699_999_007,
        ("feeds_next_item_timestamp_seconds",): 1_700_003_600,
        ("feeds_problems", "title-missing", "error"): 3,
        ("feeds_problems", "url-broken", "warning"): 1,
        ("feeds_tick_start_timestamp_seconds", "build"): 1_699_999_000,
        ("feeds_tick_end_timestamp_seconds", "check"): 1_699_990_010,
        ("feeds_tick_success_timestamp_seconds", "check"): 1_699_980_000,
        ("feeds_tick_next_timestamp_seconds", "tidy"): 1_700_009_999,
        ("feeds_tick_duration_seconds", "build"): 7,
        ("feeds_tick_failures", "check"): 3,
        ("feeds_feeds", "all"): 1,
        ("feeds_feeds", "topic"): 3,
        ("feeds_newest_update_timestamp_seconds", "topic"): 1_699_000_000,
        ("feeds_oldest_update_timestamp_seconds", "topic"): 1_600_000_000,
        ("feeds_feed_items", "topics/ai"): 5,
        ("feeds_feed_updated_timestamp_seconds", "topics/old"): 1_600_000_000,
        ("feeds_links", "dead"): 2,
        ("feeds_links_due",): 4,
        ("feeds_hub_waiting", HUB): 3,
        ("feeds_hub_failures", HUB): 2,
        ("feeds_hub_success_timestamp_seconds", HUB): 1_699_000_000,
        ("feeds_hub_next_timestamp_seconds", HUB): 1_700_000_060,
        ("feeds_sources", "fine"): 38,
        ("feeds_sources", "failing"): 2,
        ("feeds_sources_due",): 4,
        ("feeds_sources_moved",): 1,
    }
    assert {key: found.get(key) for key in told} == told


def test_the_program_and_the_state_are_named() -> None:
    [info] = [key for key in samples(STATUS) if key[0] == "feeds_info"]
    assert "3" in info


def test_a_state_that_cannot_be_read_says_so_and_nothing_wrong() -> None:
    found = samples(replace(STATUS, fault="gone"), Health(ready=False, why=("gone",)))
    assert found[("feeds_state_up",)] == 0
    assert {key[0] for key in found} == {
        *("feeds_info", "feeds_state_up", "feeds_output_up", "feeds_ready", "feeds_standby", "feeds_warnings")
    }


def test_many_feeds_are_not_told_one_by_one() -> None:
    feeds = tuple(FeedState(f"topics/{number}", "topic", "", 1, 1) for number in range(FEEDS_MOST))
    assert ("feeds_feed_items", "topics/7") in samples(replace(STATUS, feeds=feeds))
    more = samples(replace(STATUS, feeds=(*feeds, STATUS.feeds[0])))
    assert more[("feeds_feeds", "topic")] == FEEDS_MOST
    assert not [key for key in more if key[0].startswith("feeds_feed_")]


def test_two_statuses_in_one_process_do_not_mix() -> None:
    before = metrics_text(STATUS)
    metrics_text(replace(STATUS, ticks=(), feeds=()))
    assert metrics_text(STATUS) == before


def test_the_manual_lists_every_metric_with_its_labels() -> None:
    section = MANUAL.read_text(encoding="utf-8").partition("## Metrics")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `(feeds_\w+)` \|([^|]*)\|", section, re.MULTILINE))
    families = text_string_to_metric_families(metrics_text(STATUS, Health(ready=True)).decode())
    known = {each.name: sorted(each.labels) for family in families for each in family.samples}
    assert {name: re.findall(r"`(\w+)`", labels) for name, labels in told.items()} == known
