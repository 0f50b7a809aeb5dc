"""A plan tells the same on both databases, and nothing of it stays in either."""

from project import START, Draft, Project
from sqlalchemy import create_engine, inspect, text

from feeds.app.planning import run_plan
from feeds.pipeline.foretold import Foretold

NS = 1_000_000_000


def plan(project: Project, now: int, **overrides: object) -> Foretold:
    return run_plan(project.loaded(**overrides), lambda *_: None, now * NS)


def everything(url: str) -> dict[str, list[str]]:
    """Return all rows of all tables, and what every sequence would hand out next."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        looked = inspect(connection)
        found = {
            name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in looked.get_table_names()
        }
        for name in looked.get_sequence_names() if connection.dialect.name == "postgresql" else ():
            found[name] = sorted(map(str, connection.execute(text(f'SELECT last_value, is_called FROM "{name}"'))))
    engine.dispose()
    return found


def test_a_plan_changes_no_row(project: Project, state_url: str) -> None:
    project.configure(feeds={"archives": True, "limit": 2, "tombstone_days": 1}, pages={"enabled": True})
    for number in range(4):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}", date=START - number))
    project.build(START, state=state_url)
    (project.records / "2.md").unlink()
    project.write("5.md", Draft("https://news.example/5", "Five", topics=("Law",)), START + 5)
    before, tree = everything(state_url), project.tree()
    found = plan(project, START + 10, state=state_url)
    assert (everything(state_url), project.tree()) == (before, tree)
    report = project.build(START + 10, state=state_url)
    assert {each.path for each in found.files if each.kind == "written"} == set(report.written)
    assert {each.title for each in found.items} >= {"Five"}


def test_before_the_first_build_no_table_is_made(project: Project, postgres_url: str) -> None:
    project.write("a.md", Draft("https://news.example/a", "A"))
    found = plan(project, START, state=postgres_url)
    assert [each.title for each in found.items] == ["A"]
    assert everything(postgres_url) == {}
