"""The pages of a site on disk, and a real browser to look at them; skipped where there is none."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))

from serving import served

from feeds.config.pages_settings import PagesSettings, readers_of
from feeds.model import FeedSpec, Image, Item, Problem, Provider, Severity, Site, Story
from feeds.model.item import Mention

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PICTURE = "https://pictures.example/{}.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="5"/>'
NEWEST = datetime(2021, 2, 18, 16, 41, tzinfo=UTC)


@dataclass
class Visit:
    """A browser window, and what it asked for: on this machine, and elsewhere (which is answered here instead)."""

    page: Any
    url: str
    here: list[str] = field(default_factory=list)
    elsewhere: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        self.page.goto(self.url + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


# Not longer than a module: while it drives a browser this thread has an event loop at work, and no other may begin one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    # As root, in a container, there is nothing to make a sandbox of; every page here is ours.
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser: Any, tree: Callable[..., Path]) -> Callable[..., Any]:
    """Return what opens a window on the site, with these properties of the browser and of the site."""

    @contextmanager
    def opened(*, images: str = "ask", feeds: int = 12, **properties: Any) -> Iterator[Visit]:
        with served(tree(images, feeds)) as url:
            context = browser.new_context(**properties)
            seen = Visit(context.new_page(), url)

            def answer(route: Any) -> None:
                if route.request.url.startswith(url):
                    seen.here.append(route.request.url.removeprefix(url))
                    route.continue_()
                else:
                    seen.elsewhere.append((route.request.url, route.request.all_headers()))
                    route.fulfill(body=SVG, content_type="image/svg+xml")

            context.route("**/*", answer)
            seen.page.on("console", lambda message: seen.faults.append(message.text))
            seen.page.on("pageerror", lambda error: seen.faults.append(str(error)))
            try:
                yield seen
            finally:
                context.close()

    return opened


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    made: dict[tuple[str, int], Path] = {}

    def of(images: str, feeds: int) -> Path:
        if (images, feeds) not in made:
            made[images, feeds] = tmp_path_factory.mktemp("pages")
            publish(made[images, feeds], images, feeds)
        return made[images, feeds]

    return of


def publish(out: Path, images: str, feeds: int) -> None:
    """Write a front page with so many feeds beside those of everything and of AI, whose pages are written too."""
    from feeds.render.pages import (
        IndexRow,
        PageFacts,
        Standing,
        assets,
        render_card,
        render_health,
        render_index,
        render_own_health,
        render_page,
    )
    from feeds.theme.theme import read_look

    site = Site("https://feeds.example.org/", "Faces & society", "Facial recognition in public.", rights="Theirs.")
    look = read_look(images, readers_of(PagesSettings()), None)
    specs = [FeedSpec("all", "all", site.title), FeedSpec("topics/ai", "topic", "AI – Faces & society", "R&D of AI")]
    verdicts = ("ok", "dead", "suspect", "unknown")
    cards = [render_card(_item(n), site, look, verdicts[n % 4]) for n in range(20)]
    activity = tuple(n * 7 % 13 for n in range(52))
    pages = [PageFacts(spec, 1234, 50, NEWEST, NEWEST, activity, 10) for spec in specs]
    rows = [IndexRow(spec, 1234, NEWEST) for spec in (*specs, *map(_spec, range(feeds)))]
    written = [*assets(look), *(render_page(page, cards, site, look) for page in pages)]
    written += [render_index(rows, site, look), render_health(_health(), site, look)]
    for artifact in written:
        path = out / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    standing = Standing(
        1_600_000_000,
        ready=False,
        why=["the build has failed 3 times (disk-full): feeds build"],
        warnings=["2 faults keep records from being published: feeds build --json"],
        lines=[("records", "1,234, 300 held back", ""), ("links", "10 ok, 2 dead; 1 due", "feeds links --state dead")],
    )
    (out / "own.html").write_bytes(render_own_health(_health(), standing, site, look))


def _spec(number: int) -> FeedSpec:
    kind, folder = (("topic", "topics/"), ("provider", "providers/"), ("custom", ""))[number % 3]
    name = f"Künstliche Intelligenz {number}" if number == 3 else f"Subject {number}"
    return FeedSpec(f"{folder}s{number}.example", kind, f"{name} – Faces & society")


def _item(number: int) -> Item:
    story = Story(
        title=f"Story {number} of a title that is long enough to need more than a line on a phone",
        summary="Data protection checks required by law were not made before the tool was used. " * (number % 3),
        link=f"https://news.example/{number}" if number else "",
        kind="article",
        provider=Provider("News <of> the world", "news.example"),
        images=(Image(PICTURE.format(number), 800, 500),),
        language=("", "fr", "ar")[number % 3],
        also=(Mention("BBC", "bbc.com", "https://bbc.example/", ""),) if number % 2 else (),
    )
    when = NEWEST - timedelta(days=number)
    return Item(str(uuid5(NAMESPACE_URL, str(number))), when, when, story)


def _health() -> Any:
    from feeds.render.pages import DeadPage, HealthFacts, SilentSource

    problems = [Problem("seeds/a.md", 3, 1, "date", "cannot be read: 'soon'", Severity.WARNING)] * 2
    dead = [DeadPage("https://news.example/a-very-long-address/" + "x" * 80, "http-404", 1_600_000_000, ["One", "Two"])]
    return HealthFacts(
        [*problems, replace(problems[0], severity=Severity.ERROR)],
        dead,
        [SilentSource("reuters", "https://r.example/feed", "http-500", 0)],
    )
