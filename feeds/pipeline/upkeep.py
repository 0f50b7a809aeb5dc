"""What the operator has to look after, for the page that tells it: bad records, dead pages, silent sources."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from feeds.links.encoding import decode_link
from feeds.model.link import Role, Verdict
from feeds.model.source import Source
from feeds.pipeline.check import told_titles
from feeds.store import Store
from feeds.store.links import LinkRow

if TYPE_CHECKING:
    from feeds.render.pages import DeadPage, HealthFacts, SilentSource

# A page of so many lines is read; of the rest the commands tell.
MOST = 500


def upkeep(store: Store, sources: Sequence[Source]) -> "HealthFacts":
    """Return what is wrong now; nothing in it depends on the clock."""
    from feeds.render.pages import HealthFacts  # noqa: PLC0415  feedgen and Jinja2, only where this is shown

    problems = store.documents.problems()
    dead = [row for row in store.links.find((Verdict.DEAD.value,)) if row.role == Role.ARTICLE]
    silent = _silent(store, sources)
    more = tuple(max(0, len(each) - MOST) for each in (problems, dead, silent))
    return HealthFacts(problems[:MOST], _dead(store, dead[:MOST]), silent[:MOST], (more[0], more[1], more[2]))


def _dead(store: Store, rows: Sequence[LinkRow]) -> "tuple[DeadPage, ...]":
    from feeds.render.pages import DeadPage  # noqa: PLC0415  see upkeep

    users = store.links.users([row.url for row in rows])
    titles = told_titles(store, sorted({item for items in users.values() for item in items}))
    states = {row.url: decode_link(row.body) for row in rows}
    return tuple(
        DeadPage(url, state.reason, state.since, tuple(titles[item] for item in users.get(url, ()) if item in titles))
        for url, state in states.items()
    )


def _silent(store: Store, sources: Sequence[Source]) -> "tuple[SilentSource, ...]":
    from feeds.render.pages import SilentSource  # noqa: PLC0415  see upkeep

    rows = store.sources.some([source.id for source in sources])
    return tuple(
        SilentSource(source.id, source.url, rows[source.id].detail, rows[source.id].good)
        for source in sources
        if not source.paused and source.id in rows and rows[source.id].fails
    )
