"""What the operator has to look after, for the page that tells it: bad records, dead pages, silent sources.

Where everybody reads the page, no story may be named that is held back or still to come, and no record that may be one.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from feeds.links.encoding import decode_link
from feeds.model import Problem
from feeds.model.link import Role, Verdict
from feeds.model.source import Source
from feeds.pipeline.check import told_titles
from feeds.store import Store
from feeds.store.rows import chunks

if TYPE_CHECKING:
    from feeds.render.pages import DeadPage, HealthFacts, SilentSource

# A page of so many lines is read; of the rest the commands tell.
MOST = 500


def upkeep(store: Store, sources: Sequence[Source]) -> "HealthFacts":
    """Return what is wrong now, all of it: for the operator's own eyes."""
    return _facts(store.documents.problems(), 0, _dead(store, None), _silent(store, sources))


def public_upkeep(store: Store, sources: Sequence[Source], now: int) -> "HealthFacts":
    """Return what everybody may know of it at `now`, and how many problems that leaves out.

    A record that cannot be read does not say whether it is held back.
    """
    problems = store.documents.problems()
    public = store.items.files_out({each.file for each in problems}, now)
    shown = [each for each in problems if each.file in public]
    # An address may hold a key that only subscribers know.
    silent = [each._replace(url="") for each in _silent(store, sources)]
    return _facts(shown, len(problems) - len(shown), _dead(store, now), silent)


def _facts(
    problems: Sequence[Problem], hidden: int, dead: "Sequence[DeadPage]", silent: "Sequence[SilentSource]"
) -> "HealthFacts":
    from feeds.render.pages import HealthFacts  # noqa: PLC0415  feedgen and Jinja2, only where this is shown

    more = hidden + max(0, len(problems) - MOST), max(0, len(dead) - MOST), max(0, len(silent) - MOST)
    return HealthFacts(problems[:MOST], dead[:MOST], silent[:MOST], more)


def _dead(store: Store, now: int | None) -> "list[DeadPage]":
    """Return the dead pages that stories lead to; with `now` those only that lead from a story that is out by then."""
    from feeds.render.pages import DeadPage  # noqa: PLC0415  see _facts

    found = []
    rows = (row for row in store.links.find((Verdict.DEAD.value,)) if row.role == Role.ARTICLE)
    for part in chunks(rows):
        users = store.links.users([row.url for row in part])
        titles = _titles(store, {item for items in users.values() for item in items}, now)
        for row in part:
            told = tuple(titles[item] for item in users.get(row.url, ()) if item in titles)
            if told or now is None:
                state = decode_link(row.body)
                found.append(DeadPage(row.url, state.reason, state.since, told))
    return found


def _titles(store: Store, items: Iterable[str], now: int | None) -> dict[str, str]:
    wanted = sorted(items)
    if now is not None:
        wanted = [key for key, row in store.items.get(wanted).items() if row.published <= now]
    return told_titles(store, sorted(wanted))


def _silent(store: Store, sources: Sequence[Source]) -> "list[SilentSource]":
    from feeds.render.pages import SilentSource  # noqa: PLC0415  see _facts

    rows = store.sources.some([source.id for source in sources])
    return [
        SilentSource(source.id, source.url, rows[source.id].detail, rows[source.id].good)
        for source in sources
        if not source.paused and source.id in rows and rows[source.id].fails
    ]
