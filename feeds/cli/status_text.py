"""A status in a terminal: what is wrong first, then a line for everything."""

from collections.abc import Iterator

import click

from feeds.app.health import Health
from feeds.app.standing import FeedState, Status
from feeds.app.status_lines import Line, ago, status_lines

WIDTH = 9


def status_text(status: Status, judged: Health, *, feeds: bool = False) -> str:
    """Return what `feeds status` prints; with `feeds` every single feed, the one that changed last first."""
    told = (*_verdict(judged), *map(_line, status_lines(status)), *(_feed_lines(status) if feeds else ()))
    return "\n".join(told)


def _verdict(judged: Health) -> Iterator[str]:
    yield click.style("ready", fg="green") if judged.ready else click.style("not ready", fg="red", bold=True)
    yield from (f"  {click.style('fault', fg='red')}: {why}" for why in judged.why)
    yield from (f"  {click.style('warning', fg='yellow')}: {warning}" for warning in judged.warnings)


def _line(line: Line) -> str:
    said = click.style(line.said, fg="red") if line.bad else line.said
    hint = click.style(f"  ({line.more})", dim=True) if line.more else ""
    return f"{line.name:{WIDTH}}{said}{hint}"


def _feed_lines(status: Status) -> Iterator[str]:
    def order(feed: FeedState) -> tuple[int, str]:
        return -feed.updated, feed.key

    yield ""
    width = max((len(feed.key) for feed in status.feeds), default=0)
    for feed in sorted(status.feeds, key=order):
        age = ago(status, feed.updated) if feed.updated else "never"
        yield f"{feed.key:{width}}  {feed.items:>5,}  {age:>15}  {feed.title}"
