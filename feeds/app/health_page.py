"""Make the page for the operator: how things stand now, and what is wrong by file, page and source."""

from typing import TYPE_CHECKING

from feeds.app.looks import health_look
from feeds.app.status_lines import status_lines
from feeds.config.source_settings import sources_of
from feeds.store.existing import existing_state

if TYPE_CHECKING:
    from feeds.app.health import Health
    from feeds.app.standing import Status
    from feeds.config.load import Loaded
    from feeds.render.pages import HealthFacts


def health_page(loaded: "Loaded", status: "Status", judged: "Health") -> bytes:
    """Return it as HTML that needs no other file, whatever the state is in. Raises ThemeError."""
    from feeds.render.pages import Standing, render_own_health  # noqa: PLC0415  Jinja2, only where somebody looks

    lines = [(line.name, line.said, line.more) for line in status_lines(status)]
    standing = Standing(status.now, judged.ready, judged.why, judged.warnings, lines)
    return render_own_health(_facts(loaded, status), standing, loaded.site, health_look(loaded))


def _facts(loaded: "Loaded", status: "Status") -> "HealthFacts":
    from feeds.pipeline.upkeep import upkeep  # noqa: PLC0415  see health_page
    from feeds.render.pages import HealthFacts  # noqa: PLC0415  see health_page

    if status.fault or not status.schema:
        return HealthFacts()
    with existing_state(loaded.state_url) as seen:
        sources = sources_of(loaded.sources, loaded.settings.polling)
        return upkeep(seen.store, sources) if seen else HealthFacts()
