"""A status for people: what is wrong first, then a line for everything, with the command that tells more.

This module must never judge; what is wrong was found in `feeds.app.health`.
"""

from collections.abc import Iterator, Sequence

import click

from feeds.app.health import Health, span
from feeds.app.standing import FeedState, HubState, ProblemCount, Status, Tick
from feeds.model.link import Verdict

WIDTH = 9
CODES_SHOWN = 4
_KINDS = {"all": "of everything", "topic": "of topics", "provider": "of providers"}
_STANDINGS = ("fine", "failing", "new", "paused", "retired")
_BYTES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def status_text(status: Status, judged: Health, *, feeds: bool = False) -> str:
    """Return what `feeds status` prints; with `feeds` every single feed, the one that changed last first."""
    told = (*_verdict(judged), *_lines(status), *(_feed_lines(status) if feeds else ()))
    return "\n".join(told)


def _verdict(judged: Health) -> Iterator[str]:
    yield click.style("ready", fg="green") if judged.ready else click.style("not ready", fg="red", bold=True)
    yield from (f"  {click.style('fault', fg='red')}: {why}" for why in judged.why)
    yield from (f"  {click.style('warning', fg='yellow')}: {warning}" for warning in judged.warnings)


def _lines(status: Status) -> Iterator[str]:
    if not status.fault and status.schema:
        yield from _work(status)
        yield from _content(status)
        yield from (_line("hub", f"{hub.url}: {_hub(status, hub)}", "feeds push") for hub in status.hubs)
    size = f" ({_size(status.state_bytes)})" if status.state_bytes else ""
    kept = "cannot be read" if status.fault else "" if status.schema else "not there yet"
    yield _line("state", f"{status.state}{size}{kept and ': ' + kept}", "feeds doctor")
    empty = "" if status.out_there else ": nothing is published there"
    yield _line("output", status.out + empty, "feeds build" if empty else "")


def _work(status: Status) -> Iterator[str]:
    daemon = status.daemon
    if daemon.name:
        how, more = ("is at work", "") if daemon.alive else ("ended without a word", "feeds run")
        yield _line("daemon", f"{daemon.name} {how}", more)
    else:
        yield _line("daemon", "none is at work", "feeds run")
    if status.builder.alive:
        yield _line("building", f"{status.builder.name} is at work")
    yield from (_line(tick.name, _tick(status, tick)) for tick in status.ticks)


def _tick(status: Status, tick: Tick) -> str:
    said = []
    if tick.ended:
        how = click.style(f"failed {tick.fails:,} times", fg="red") if tick.fails else "went well"
        how = click.style("failed", fg="red") if tick.fails == 1 else how
        how = tick.detail if tick.detail == "interrupted" else how
        said.append(f"{_ago(status, tick.ended)} {how}" + _brackets(tick.detail if tick.detail != how else ""))
    if tick.fails and tick.good:
        said.append(f"last good {_ago(status, tick.good)}")
    if tick.due:
        said.append(f"next {_in(status, tick.due)}")
    return ", ".join(said) or "never ran"


def _content(status: Status) -> Iterator[str]:
    folders = ", ".join(f"{source.path} ({source.records:,})" for source in status.sources)
    yield _line("sources", folders)
    yield from _remote(status)
    held = f", {status.held_back:,} held back" if status.held_back else ""
    yield _line("records", f"{status.records:,}{held}")
    coming = f"; the next one appears {_in(status, status.next_item)}" if status.next_item else ""
    yield _line("items", f"{status.items:,}{coming}")
    if status.problems:
        yield _line("problems", _problems(status.problems), "feeds build --json")
    changed = f", last published {_ago(status, status.published)}" if status.published else ""
    yield _line("feeds", f"{len(status.feeds):,}{changed}", "feeds status --feeds")
    for group in status.feed_groups():
        ages = f"newest {_ago(status, group.newest)}, oldest {_ago(status, group.oldest)}"
        yield _line(
            "", f"{group.feeds:,} {_KINDS.get(group.kind, group.kind)}: {ages if group.newest else 'without items'}"
        )
    if status.links.total:
        yield _line("links", _links(status), "feeds links --state dead")


def _remote(status: Status) -> Iterator[str]:
    remote = status.remote
    if not remote.total:
        return
    told = [f"{remote.standings[name]:,} {name}" for name in _STANDINGS if remote.standings.get(name)]
    moved = f", {remote.moved:,} moved" if remote.moved else ""
    yield _line("remote", f"{', '.join(told)}; {remote.due:,} due{moved}", "feeds sources list")
    for each in remote.worst:
        good = f", last good {_ago(status, each.good)}" if each.good else ""
        times = "once" if each.fails == 1 else f"{each.fails:,} times"
        yield _line("", f"{each.id} {click.style(f'failed {times}', fg='red')}{_brackets(each.detail)}{good}")
    if (more := remote.standings.get("failing", 0) - len(remote.worst)) > 0:
        yield _line("", f"and {more:,} more that fail")


def _problems(problems: Sequence[ProblemCount]) -> str:
    errors = sum(each.count for each in problems if each.severity == "error")
    warnings = sum(each.count for each in problems) - errors
    codes = [f"{each.code} {each.count:,}" for each in problems[:CODES_SHOWN]]
    more = [f"{len(problems) - CODES_SHOWN} more kinds"] if len(problems) > CODES_SHOWN else []
    return f"{errors:,} cost their record, {warnings:,} do not" + _brackets(", ".join((*codes, *more)))


def _links(status: Status) -> str:
    verdicts = status.links.verdicts
    told = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdicts.get(verdict)]
    return f"{', '.join(told)}; {status.links.due:,} due"


def _hub(status: Status, hub: HubState) -> str:
    said = [f"{hub.waiting:,} feeds wait" if hub.waiting else "nothing waits"]
    if hub.fails:
        times = "once" if hub.fails == 1 else f"{hub.fails:,} times"
        said.append(click.style(f"failed {times}", fg="red") + _brackets(hub.detail))
    if hub.good:
        said.append(f"last answered {_ago(status, hub.good)}")
    if hub.waiting and hub.due > status.now:
        said.append(f"asked again {_in(status, hub.due)}")
    return ", ".join(said)


def _feed_lines(status: Status) -> Iterator[str]:
    def order(feed: FeedState) -> tuple[int, str]:
        return -feed.updated, feed.key

    yield ""
    width = max((len(feed.key) for feed in status.feeds), default=0)
    for feed in sorted(status.feeds, key=order):
        age = _ago(status, feed.updated) if feed.updated else "never"
        yield f"{feed.key:{width}}  {feed.items:>5,}  {age:>15}  {feed.title}"


def _line(name: str, said: str, more: str = "") -> str:
    hint = click.style(f"  ({more})", dim=True) if more else ""
    return f"{name:{WIDTH}}{said}{hint}"


def _brackets(said: str) -> str:
    return f" ({said})" if said else ""


def _ago(status: Status, moment: int) -> str:
    return f"{span(status.now - moment)} ago" if moment <= status.now else _in(status, moment)


def _in(status: Status, moment: int) -> str:
    return f"in {span(moment - status.now)}" if moment > status.now else "now"


def _size(number: int) -> str:
    return next((f"{number / unit:.1f} {name}" for name, unit in _BYTES if number >= unit), f"{number} bytes")
