"""A status in words, the same in a terminal and on a page: a line for everything, with the command that tells more.

This module must never judge; what is wrong was found in `feeds.app.health`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from feeds.app.health import brackets, span, times
from feeds.app.standing import HubState, ProblemCount, Status, Tick
from feeds.model.link import Verdict

CODES_SHOWN = 4
_KINDS = {"all": "of everything", "topic": "of topics", "provider": "of providers", "custom": "of your own"}
_STANDINGS = ("fine", "failing", "new", "paused", "retired")
_BYTES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


class Line(NamedTuple):
    """What is said of something ("" for more of what stands above), which command tells more, whether it is `bad`."""

    name: str
    said: str
    more: str = ""
    bad: bool = False


def status_lines(status: Status) -> Iterator[Line]:
    """Yield what there is to say."""
    if not status.fault and status.schema:
        yield from _work(status)
        yield from _content(status)
        yield from (Line("hub", f"{hub.url}: {_hub(status, hub)}", "feeds push", hub.fails > 0) for hub in status.hubs)
    size = f" ({_size(status.state_bytes)})" if status.state_bytes else ""
    kept = "cannot be read" if status.fault else "" if status.schema else "not there yet"
    yield Line("state", f"{status.state}{size}{kept and ': ' + kept}", "feeds doctor")
    empty = "" if status.out_there else ": nothing is published there"
    yield Line("output", status.out + empty, "feeds build" if empty else "")


def _work(status: Status) -> Iterator[Line]:
    daemon = status.daemon
    if daemon.name:
        how, more = ("is at work", "") if daemon.alive else ("ended without a word", "feeds run")
        yield Line("daemon", f"{daemon.name} {how}", more)
    else:
        yield Line("daemon", "none is at work", "feeds run")
    if status.builder.alive:
        yield Line("building", f"{status.builder.name} is at work")
    yield from (Line(tick.name, _tick(status, tick), bad=tick.fails > 0) for tick in status.ticks)


def _tick(status: Status, tick: Tick) -> str:
    said = []
    if tick.ended:
        how = f"failed {times(tick.fails)}" if tick.fails else "went well"
        how = tick.detail if tick.detail == "interrupted" else how
        said.append(f"{ago(status, tick.ended)} {how}" + brackets(tick.detail if tick.detail != how else ""))
    if tick.fails and tick.good:
        said.append(f"last good {ago(status, tick.good)}")
    if tick.due:
        said.append(f"next {_in(status, tick.due)}")
    return ", ".join(said) or "never ran"


def _content(status: Status) -> Iterator[Line]:
    folders = ", ".join(f"{source.path} ({source.records:,})" for source in status.sources)
    yield Line("sources", folders)
    yield from _remote(status)
    held = f", {status.held_back:,} held back" if status.held_back else ""
    yield Line("records", f"{status.records:,}{held}")
    coming = f"; the next one appears {_in(status, status.next_item)}" if status.next_item else ""
    yield Line("items", f"{status.items:,}{coming}")
    if status.problems:
        yield Line("problems", _problems(status.problems), "feeds build --json")
    changed = f", last published {ago(status, status.published)}" if status.published else ""
    yield Line("feeds", f"{len(status.feeds):,}{changed}", "feeds status --feeds")
    for group in status.feed_groups():
        ages = f"newest {ago(status, group.newest)}, oldest {ago(status, group.oldest)}"
        yield Line(
            "", f"{group.feeds:,} {_KINDS.get(group.kind, group.kind)}: {ages if group.newest else 'without items'}"
        )
    if status.links.total:
        yield Line("links", _links(status), "feeds links --state dead")


def _remote(status: Status) -> Iterator[Line]:
    remote = status.remote
    if not remote.total:
        return
    told = [f"{remote.standings[name]:,} {name}" for name in _STANDINGS if remote.standings.get(name)]
    moved = f", {remote.moved:,} moved" if remote.moved else ""
    yield Line("remote", f"{', '.join(told)}; {remote.due:,} due{moved}", "feeds sources list")
    for each in remote.worst:
        good = f", last good {ago(status, each.good)}" if each.good else ""
        yield Line("", f"{each.id} failed {times(each.fails)}{brackets(each.detail)}{good}", bad=True)
    if (more := remote.standings.get("failing", 0) - len(remote.worst)) > 0:
        yield Line("", f"and {more:,} more that fail")


def _problems(problems: Sequence[ProblemCount]) -> str:
    errors = sum(each.count for each in problems if each.severity == "error")
    warnings = sum(each.count for each in problems) - errors
    codes = [f"{each.code} {each.count:,}" for each in problems[:CODES_SHOWN]]
    more = [f"{len(problems) - CODES_SHOWN} more kinds"] if len(problems) > CODES_SHOWN else []
    return f"{errors:,} cost their record, {warnings:,} do not" + brackets(", ".join((*codes, *more)))


def _links(status: Status) -> str:
    verdicts = status.links.verdicts
    told = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdicts.get(verdict)]
    return f"{', '.join(told)}; {status.links.due:,} due"


def _hub(status: Status, hub: HubState) -> str:
    said = [f"{hub.waiting:,} feeds wait" if hub.waiting else "nothing waits"]
    if hub.fails:
        said.append(f"failed {times(hub.fails)}{brackets(hub.detail)}")
    if hub.good:
        said.append(f"last answered {ago(status, hub.good)}")
    if hub.waiting and hub.due > status.now:
        said.append(f"asked again {_in(status, hub.due)}")
    return ", ".join(said)


def ago(status: Status, moment: int) -> str:
    """Return how long ago a moment was, or in how long it comes."""
    return f"{span(status.now - moment)} ago" if moment <= status.now else _in(status, moment)


def _in(status: Status, moment: int) -> str:
    return f"in {span(moment - status.now)}" if moment > status.now else "now"


def _size(number: int) -> str:
    return next((f"{number / unit:.1f} {name}" for name, unit in _BYTES if number >= unit), f"{number} bytes")
