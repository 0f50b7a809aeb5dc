"""A build that goes on from the last one gives the very tree that a build from the beginning gives.

Two ways to start anew. With the memory kept, any history will do: ids, dates and the times of edits are remembered,
all else is worked out again. Without it, whatever only memory can know must not matter: so nothing is shown until the
end of the history (all dates are still to come), and a file keeps its URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from histories import DAY, FILES, FUTURE, URLS, Desk, Rename, Step, Write, drafts, few, histories
from hypothesis import given
from hypothesis import strategies as st
from project import START, Project, copy_state, forget, tree

pytestmark = pytest.mark.slow

READ = ("listing", "document", "sighting", "sighting_key", "membership", "problem", "stale_item", "stale_feed")
WITH_PAGES: dict[str, object] = {
    "pages": {"enabled": True},
    "custom_feeds": [
        {"name": "best", "query": "topic:ai or heat > 1", "sort": "score"},
        {"name": "young", "query": "age < 1d and not topic:law"},
    ],
}
DATES = st.sampled_from((START - 40 * DAY, START - 3600, START - 3600, START + 3600, START + DAY, None))
ANYTHING = st.builds(Write, st.sampled_from(FILES), drafts(st.sampled_from(URLS), DATES))
ANYWHERE = st.builds(Rename, st.sampled_from(FILES), st.sampled_from(FILES))
COMING = st.sampled_from((FUTURE - DAY, FUTURE - 60, FUTURE - 30))
HOME = dict(zip(FILES, (URLS[0], URLS[1], URLS[0], URLS[2], URLS[3]), strict=True))
# a.md and c.txt tell the same story.
NEXT_DOOR = st.sampled_from((Rename(FILES[0], FILES[2]), Rename(FILES[2], FILES[0])))


def at_home(file: str) -> st.SearchStrategy[Write]:
    return drafts(st.just(HOME[file]), COMING).map(lambda draft: Write(file, draft))


@contextmanager
def projects(**settings: object) -> Iterator[Project]:
    with TemporaryDirectory() as folder:
        yield Project(Path(folder), dict(settings))


def from_memory(project: Project, now: int) -> dict[str, bytes]:
    copy_state(project.state, project.root / "anew" / "state.db")
    forget(project.root / "anew" / "state.db", READ, ("rules", "site", "counts"))
    project.build(now, out="anew/out", state="anew/state.db")
    found = tree(project.root / "anew" / "out")
    for path in found:
        (project.root / "anew" / "out" / path).unlink()
    return found


@few(25)
@given(histories(ANYTHING, ANYWHERE), st.sampled_from((2, 50)))
def test_with_the_memory_kept_after_any_history(history: list[Step], limit: int) -> None:
    with projects(feeds={"limit": limit}, **(WITH_PAGES if limit == 2 else {})) as project:
        desk = Desk(project)
        for step in history:
            desk.work(step)
            project.build(desk.now)
            assert project.tree() == from_memory(project, desk.now)


@few(25)
@given(histories(st.sampled_from(FILES).flatmap(at_home), NEXT_DOOR))
def test_with_no_memory_when_all_was_still_to_come(history: list[Step]) -> None:
    with projects(feeds={"limit": 2}, **WITH_PAGES) as project:
        desk = Desk(project)
        for step in history:
            desk.work(step)
            project.build(desk.now)
        project.build(FUTURE)
        assert project.tree() == project.fresh(FUTURE, "anew")


@few(25)
@given(histories(ANYTHING, ANYWHERE))
def test_a_second_build_at_the_same_time_does_nothing(history: list[Step]) -> None:
    with projects() as project:
        desk = Desk(project)
        for step in history:
            desk.work(step)
            project.build(desk.now)
            before = project.stamps(), project.tree()
            report = project.build(desk.now)
            assert (report.written, report.deleted, report.rendered) == ([], [], 0)
            assert (project.stamps(), project.tree()) == before
