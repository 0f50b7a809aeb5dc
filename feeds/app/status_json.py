"""A status and the judgement on it as one JSON object, the same for `feeds status --json` and /health.

The keys are documented in docs/operations.md and stay: new ones may come.
"""

from dataclasses import asdict

from feeds.app.health import Health
from feeds.app.standing import Status


def status_json(status: Status, judged: Health, *, feeds: bool = False) -> dict[str, object]:
    """Return what JSON can hold; with `feeds` every single feed too. Times are seconds since 1970, 0 for never."""
    single = {"list": [asdict(feed) for feed in status.feeds]} if feeds else {}
    return {
        "ready": judged.ready,
        "why": list(judged.why),
        "warnings": list(judged.warnings),
        "standby": judged.standby,
        "now": status.now,
        "state": {"place": status.state, "schema": status.schema, "bytes": status.state_bytes, "fault": status.fault},
        "out": {"path": status.out, "there": status.out_there},
        "daemon": asdict(status.daemon),
        "build": asdict(status.builder),
        "ticks": [asdict(tick) for tick in status.ticks],
        "sources": [asdict(source) for source in status.sources],
        "remote": {
            "count": status.remote.total,
            "due": status.remote.due,
            "moved": status.remote.moved,
            "standings": dict(status.remote.standings),
            "worst": [asdict(each) for each in status.remote.worst],
        },
        "records": status.records,
        "held_back": status.held_back,
        "items": status.items,
        "published": status.published,
        "next_item": status.next_item,
        "problems": {
            "errors": status.problem_count("error"),
            "warnings": status.problem_count("warning"),
            "codes": [asdict(each) for each in status.problems],
        },
        "feeds": {"count": len(status.feeds), "kinds": [asdict(group) for group in status.feed_groups()], **single},
        "links": {"count": status.links.total, "due": status.links.due, "verdicts": dict(status.links.verdicts)},
        "hubs": [asdict(hub) for hub in status.hubs],
    }
