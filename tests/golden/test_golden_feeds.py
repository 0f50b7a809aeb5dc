"""A few items and the exact files they give. Refresh: `python tests/golden/refresh.py`, then read the diff."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Artifact, Enclosure, FeedSpec, FeedSummary, Image, Item, Provider, Site, Story
from feeds.model.item import Mention
from feeds.render import render_catalogue, render_entry, render_feed

EXPECTED = Path(__file__).parent / "expected"
SITE = Site(
    base_url="https://feeds.example.org/",
    title="Faces & society",
    description="Facial recognition in public.",
    rights="Excerpts & images belong to their publishers.",
    image="https://feeds.example.org/logo.png",
    authority="feeds.example.org",
)
REUTERS = Provider("Reuters", "reuters.com")
STORIES = (
    Story(
        title='"Face control": Russian police go digital against protesters',
        summary="Georgy Malets didn't make it to an anti-Kremlin rally last month.",
        link="https://www.reuters.com/article/us-russia-politics-navalny-tech-idUSKBN2AB1U2",
        kind="article",
        provider=REUTERS,
        topics=("Computer Vision", "AI"),
        images=(Image("https://s4.reutersmedia.net/resources/r/?m=02&d=20210211&w=&fh=545px", 810, 545),),
    ),
    Story(
        title="AT&T’s lab: is a<b? – Künstliche Intelligenz 😀",
        summary="R&D says x < y.",
        link="https://www.example.com/a?b=1&c=%C3%A4",
        kind="video",
        provider=Provider("Barnes & Noble", "bn.com"),
        topics=("R&D",),
        enclosure=Enclosure("https://cdn.example.com/talk.mp4", "video/mp4", 1234567),
        duration=4440,
        authors=("Jane Doe", "Max Müller"),
    ),
    Story(title="", summary="", link="", kind="", provider=Provider("nyoooz.com", "nyoooz.com")),
)
ARTICLE = (
    '<p>R&amp;D says <em>x</em> &lt; y: <a href="https://a.example/?a=1&amp;b=2">more</a>.</p>\n'
    '<pre>if a:\n  b</pre><figure><img src="https://a.example/x.png" alt="“x”"></figure>'
)
ALSO = (
    Mention(
        "Thomson Reuters Foundation", "news.trust.org", "https://news.trust.org/item/1?a=1&b=2", 'Police & "faces"'
    ),
    Mention("Barnes & Noble", "bn.com", "", "1&1"),
)
TOLD_IN_FULL = (
    replace(STORIES[0], content=ARTICLE, language="ru", also=ALSO),
    replace(STORIES[1], also=ALSO[:1]),
    replace(STORIES[1], summary="", content=ARTICLE, language="EN"),
    replace(STORIES[2], summary="An excerpt.", content=ARTICLE),
    replace(STORIES[1], summary="", also=ALSO),
)


def dated(stories: tuple[Story, ...], first: int) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"0f5a3c2e-0000-5000-8000-00000000000{n}",
            datetime(2021, 2, n, 20, 8, tzinfo=UTC),
            datetime(2021, 3, n, tzinfo=UTC),
            s,
        )
        for n, s in enumerate(stories, first)
    )


ITEMS = dated(STORIES, 1)
FEEDS = (
    (FeedSpec("all", "all", "Faces & society"), ITEMS),
    (FeedSpec("providers/reuters.com", "provider", "Reuters"), ITEMS[:1]),
    (FeedSpec("topics/künstliche-intelligenz", "topic", "Künstliche Intelligenz", "Maschinen & Menschen"), ()),
)
# Not in the catalogue, which is as old as its first three feeds.
AGGREGATED = ((FeedSpec("topics/told-in-full", "topic", "Told in full"), dated(TOLD_IN_FULL, 4)),)


def artifacts() -> list[Artifact]:
    files: list[Artifact] = []
    for spec, items in (*FEEDS, *AGGREGATED):
        updated = max((item.updated for item in items), default=datetime(2021, 1, 1, tzinfo=UTC))
        files += render_feed(spec, updated, SITE, [render_entry(item, SITE) for item in items])
    lines = [FeedSummary(spec, len(items), items[-1].updated if items else None) for spec, items in FEEDS]
    return [*files, render_catalogue(lines, SITE)]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


@pytest.mark.parametrize("artifact", artifacts(), ids=lambda artifact: ascii(artifact.path))
def test_a_feed_is_what_it_was(artifact):
    assert artifact.body.decode() == (EXPECTED / artifact.path).read_bytes().decode()


def test_no_expected_file_is_left_over():
    assert sorted(tree(EXPECTED)) == sorted(artifact.path for artifact in artifacts())


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"}, {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "1"}],
)
def test_bytes_depend_on_no_hash_seed_zone_or_locale(tmp_path, environment):
    script = Path(__file__).parent / "refresh.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], env={**os.environ, **environment}, check=True)
    assert tree(tmp_path) == tree(EXPECTED)
