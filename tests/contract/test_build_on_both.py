"""A whole build gives the same bytes, the same report and the same refusals on both databases."""

from dataclasses import replace
from pathlib import Path

from project import START, Draft, Mention, Project, tree

from feeds.pipeline import BuildReport

SEEDS = Path(__file__).parents[2] / "seeds"
ODD = (
    Draft("https://news.example/ä", "Zürich & Åre", topics=("Älter", "Zebra", "éclair", "AI")),
    Draft("https://news.example/\\0", "Nul \x00 and \x1b", excerpt="a\x00b", topics=("İstanbul", "N\x00l")),
    Draft("https://news.example/z", "日本", related=(Mention("https://news.example/ä", "Zürich, they say"),)),
    Draft("https://news.example/k", "Künstlich", topics=("Künstliche Intelligenz", "kz", "KZ 2", "a-b", "a b")),
    Draft("not a url", "Broken", topics=("Never",)),
)


def test_the_seeds_and_odd_records(project: Project, postgres_url: str) -> None:
    for path in sorted(SEEDS.iterdir()):
        project.write(f"seeds/{path.name}", path.read_bytes())
    for number, draft in enumerate(ODD):
        project.write(f"odd/{number}.md", draft)
    project.write("bad.md", b"---\ntitle: \xff\n---\n")
    assert both(project, START + 5, postgres_url) > 60
    project.write("odd/2.md", replace(ODD[2], title="日本語", held=False), START + 10)
    project.write("odd/0.md", replace(ODD[0], held=True), START + 10)
    (project.records / "odd" / "3.md").unlink()
    both(project, START + 20, postgres_url)
    project.configure(feeds={"limit": 2, "max_age_days": 900}, time_zone="Asia/Kathmandu")
    project.name(topics=[{"name": "AI", "slug": "machines", "aliases": ["Zebra"]}])
    both(project, START + 30, postgres_url)


WITH_ALL = {
    "feeds": {"archives": True, "limit": 2, "tombstone_days": 2},
    "pages": {"enabled": True, "health": True},
    "custom_feeds": [
        {"name": "best", "query": "topic:ai,law or age < 2h", "sort": "score"},
        {"name": "checked", "query": "not link:dead", "provider_cap": 1},
    ],
}


def test_archives_tombstones_pages_and_custom_feeds(project: Project, postgres_url: str) -> None:
    project.configure(**WITH_ALL)
    for number in range(9):
        topics = ("AI", "Law")[: number % 3]
        draft = Draft(f"https://news.example/{number}", f"Story {number}", date=START - number * 500_000, topics=topics)
        project.write(f"{number}.md", draft)
    assert both(project, START + 10, postgres_url) > 60
    (project.records / "7.md").unlink()
    project.write("late.md", Draft("https://news.example/late", "Late", date=START - 9_000_000), START + 20)
    project.write("1.md", Draft("https://news.example/1", "Corrected", date=START - 500_000, heat=900), START + 20)
    both(project, START + 30, postgres_url)
    for path in ("here", "there"):
        (project.root / path / "archive" / "all" / "1.rss").unlink()
    both(project, START + 40, postgres_url)
    project.configure(**WITH_ALL, time_zone="Asia/Kathmandu")
    both(project, START + 50, postgres_url)
    both(project, START + 8_000, postgres_url)
    both(project, START + 3 * 86_400, postgres_url)
    project.configure(**{**WITH_ALL, "feeds": {"archives": False}})
    both(project, START + 4 * 86_400, postgres_url)


def both(project: Project, now: int, postgres_url: str) -> int:
    """Build on both; return how many files there are."""
    here = project.build(now, out="here")
    there = project.build(now, out="there", state=postgres_url)
    assert facts(there) == facts(here)
    assert tree(project.root / "there") == tree(project.root / "here")
    again = project.build(now, out="there", state=postgres_url)
    assert (again.read, again.written, again.deleted) == (0, [], [])
    return len(tree(project.root / "here"))


def facts(report: BuildReport) -> tuple[object, ...]:
    return (
        (report.records, report.items, report.held_back, report.feeds, report.read, report.rendered, report.unchanged),
        report.written,
        report.deleted,
        report.problems,
    )
