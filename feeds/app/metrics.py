"""Tell how things stand in the text format of Prometheus; docs/operations.md lists every metric.

Must never put an unbounded set of values into a label: feeds are told one by one only where there are few.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from feeds import __version__

if TYPE_CHECKING:
    from feeds.app.health import Health
    from feeds.app.standing import HubState, Status, Tick

# A label value is a time series for ever in the store of who collects.
FEEDS_MOST = 200

Samples = Iterable[tuple[tuple[str, ...], float]]


class _Collected(Collector):
    """Metrics that are there already."""

    def __init__(self, metrics: tuple[Metric, ...]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def metrics_text(status: "Status", judged: "Health | None" = None) -> bytes:
    """Return the metrics of a status, and of the judgement on it where there is one (text format 0.0.4, UTF-8)."""
    metrics = (*_overall(status, judged), *(() if status.fault else _known(status)))
    registry = CollectorRegistry()
    registry.register(_Collected(metrics))
    return generate_latest(registry)


def _overall(status: "Status", judged: "Health | None") -> Iterator[Metric]:
    yield InfoMetricFamily("feeds", "What runs here.", {"version": __version__, "schema": status.schema})
    yield _one("state_up", "1 where the state can be read.", not status.fault)
    yield _one("output_up", "1 where the output folder holds what was published.", status.out_there)
    if judged is not None:
        yield _one("ready", "1 where /health says ready.", judged.ready)
        yield _one("standby", "1 where this daemon stands by for another one.", judged.standby)
        yield _one("warnings", "How many warnings /health tells.", len(judged.warnings))


def _known(status: "Status") -> Iterator[Metric]:
    yield _one("daemon_up", "1 where a daemon is at work on the state.", status.daemon.alive)
    yield _one("build_running", "1 where a build is at work on the state.", status.builder.alive)
    yield _one("state_size_bytes", "The size of the state.", status.state_bytes)
    yield _one("records", "Records that were read.", status.records)
    yield _one("records_held_back", "Records that are not published because they say so.", status.held_back)
    yield _one("items", "Items in the feed of everything, older ones that it no longer shows included.", status.items)
    yield _one("published_timestamp_seconds", "When a published file last changed.", status.published)
    yield _one("next_item_timestamp_seconds", "When an item dated in the future appears; 0 for none.", status.next_item)
    problems = (((each.severity, each.code), each.count) for each in status.problems)
    yield _many("problems", "Faults in records.", ("severity", "code"), problems)
    yield from _ticks(status)
    yield from _feeds(status)
    yield from _links(status)
    yield from _hubs(status)
    yield from _remote(status)


def _ticks(status: "Status") -> Iterator[Metric]:
    figures: tuple[tuple[str, str, Callable[[Tick], float]], ...] = (
        ("start_timestamp_seconds", "When the task last began.", lambda tick: tick.started),
        ("end_timestamp_seconds", "When the task last ended.", lambda tick: tick.ended),
        ("success_timestamp_seconds", "When the task last went well; 0 for never.", lambda tick: tick.good),
        ("next_timestamp_seconds", "When the daemon runs the task next; 0 for not planned.", lambda tick: tick.due),
        ("duration_seconds", "How long the last run took.", lambda tick: max(tick.ended - tick.started, 0)),
        ("failures", "How often the task failed since it last went well.", lambda tick: tick.fails),
    )
    for name, told, figure in figures:
        yield _many(f"tick_{name}", told, ("tick",), [((tick.name,), figure(tick)) for tick in status.ticks])


def _feeds(status: "Status") -> Iterator[Metric]:
    groups = status.feed_groups()
    yield _many("feeds", "Published feeds.", ("kind",), [((each.kind,), each.feeds) for each in groups])
    newest = [((each.kind,), each.newest) for each in groups]
    yield _many("newest_update_timestamp_seconds", "When a feed of a kind last changed.", ("kind",), newest)
    oldest = [((each.kind,), each.oldest) for each in groups]
    told = "When that feed of a kind changed that has not done so for the longest time."
    yield _many("oldest_update_timestamp_seconds", told, ("kind",), oldest)
    if len(status.feeds) <= FEEDS_MOST:
        yield _many("feed_items", "Items in a feed.", ("feed",), [((each.key,), each.items) for each in status.feeds])
        updated = [((each.key,), each.updated) for each in status.feeds]
        yield _many("feed_updated_timestamp_seconds", "When the items of a feed last changed.", ("feed",), updated)


def _links(status: "Status") -> Iterator[Metric]:
    verdicts = [((verdict,), count) for verdict, count in status.links.verdicts.items()]
    yield _many("links", "Links that items use.", ("verdict",), verdicts)
    yield _one("links_due", "Links that are to be checked by now.", status.links.due)


def _hubs(status: "Status") -> Iterator[Metric]:
    figures: tuple[tuple[str, str, Callable[[HubState], float]], ...] = (
        ("waiting", "Feeds that a WebSub hub has still to be told of.", lambda hub: hub.waiting),
        ("failures", "How often a hub failed since it last answered well.", lambda hub: hub.fails),
        ("success_timestamp_seconds", "When a hub last answered well; 0 for never.", lambda hub: hub.good),
        ("next_timestamp_seconds", "When a hub may be asked again.", lambda hub: hub.due),
    )
    for name, told, figure in figures:
        yield _many(f"hub_{name}", told, ("hub",), [((hub.url,), figure(hub)) for hub in status.hubs])


def _remote(status: "Status") -> Iterator[Metric]:
    standings = [((standing,), count) for standing, count in status.remote.standings.items()]
    yield _many("sources", "Remote feeds.", ("standing",), standings)
    yield _one("sources_due", "Remote feeds that are to be asked by now.", status.remote.due)
    yield _one("sources_moved", "Remote feeds that are asked elsewhere than the settings say.", status.remote.moved)


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"feeds_{name}", told, value=float(value))


def _many(name: str, told: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    metric = GaugeMetricFamily(f"feeds_{name}", told, labels=labels)
    for values, value in samples:
        metric.add_metric(values, value)
    return metric
