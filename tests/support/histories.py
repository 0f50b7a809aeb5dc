"""Histories of records for Hypothesis: a small universe, so that stories meet, share URLs and part again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from project import START, Draft, Mention, Project

FILES = ("a.md", "b.md", "c.txt", "sub/d.md", "sub/e.json.md")
URLS = tuple(f"https://news.example/{number}" for number in range(4))
# One domain under two names, one topic in two spellings: a feed is called what most of its items call it.
PROVIDERS = (("Reuters", "reuters.com"), ("REUTERS NEWS", "reuters.com"), ("Hartford Courant", "courant.com"), ("", ""))
TOPICS = ((), ("AI",), ("ai", "Computer Vision"), ("Law", "AI"))
DAY = 86_400
FUTURE = START + 1000 * DAY

# CI must not depend on luck or on the clock; to search on: `--hypothesis-seed=N`, and raise `examples`.
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


def few(examples: int) -> settings:
    """Return the settings of a test that builds in every step."""
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)


@dataclass(frozen=True)
class Write:
    """Add a record, or put another in its place."""

    file: str
    draft: Draft


@dataclass(frozen=True)
class Delete:
    file: str


@dataclass(frozen=True)
class Hold:
    """Hold a record back, or publish it again."""

    file: str


@dataclass(frozen=True)
class Touch:
    """Change what no reader sees: the time of the file, or its heat."""

    file: str
    heat: bool


@dataclass(frozen=True)
class Rename:
    file: str
    to: str


Edit = Write | Delete | Hold | Touch | Rename


@dataclass(frozen=True)
class Step:
    """Some edits, and how many seconds later the next build comes."""

    edits: Sequence[Edit]
    wait: int


def drafts(urls: st.SearchStrategy[str], dates: st.SearchStrategy[int | None]) -> st.SearchStrategy[Draft]:
    """Return records with one of `urls` that mention any; those without a date are of a kind that needs none."""

    def typed(draft: Draft) -> Draft:
        return replace(draft, kind="course") if draft.date is None else draft

    return st.builds(
        Draft,
        url=urls,
        title=st.sampled_from(("One", "Two", "Three & four")),
        excerpt=st.sampled_from(("", "Short.", "Somewhat longer.")),
        date=dates,
        held=st.booleans(),
        provider=st.sampled_from(PROVIDERS),
        topics=st.sampled_from(TOPICS),
        images=st.sampled_from(((), ("https://img.example/1.jpg",))),
        related=st.lists(mentions(dates), max_size=2).map(tuple),
    ).map(typed)


def mentions(dates: st.SearchStrategy[int | None]) -> st.SearchStrategy[Mention]:
    """Return related stories, which always have a date."""
    return st.builds(
        Mention,
        url=st.sampled_from(URLS),
        title=st.sampled_from(("One, they say", "Mentioned")),
        provider=st.sampled_from(PROVIDERS),
        date=dates.map(lambda date: date or START),
    )


def edits(records: st.SearchStrategy[Write], moves: st.SearchStrategy[Rename]) -> st.SearchStrategy[Edit]:
    """Return edits; writing is the commonest."""
    files = st.sampled_from(FILES)
    return st.one_of(
        records,
        records,
        st.builds(Delete, files),
        st.builds(Hold, files),
        st.builds(Touch, files, st.booleans()),
        moves,
    )


def histories(records: st.SearchStrategy[Write], moves: st.SearchStrategy[Rename]) -> st.SearchStrategy[list[Step]]:
    """Return steps of a few edits each."""
    waits = st.sampled_from((1, 3, 3600, 2 * DAY))
    steps = st.builds(Step, st.lists(edits(records, moves), min_size=1, max_size=4), waits)
    return st.lists(steps, min_size=1, max_size=5)


class Desk:
    """The editors: they make the edits of a history in a project, and remember what stands where."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.now = START
        self.drafts: dict[str, Draft] = {}

    def work(self, step: Step) -> None:
        """Make the edits of a step, then wait."""
        for edit in step.edits:
            self.make(edit)
        self.now += step.wait

    def make(self, edit: Edit) -> None:
        """Make one edit; what names a record that is not there does nothing."""
        match edit:
            case Write(file, draft):
                self._write(file, draft)
            case Delete(file) if file in self.drafts:
                self._remove(file)
            case Hold(file) if file in self.drafts:
                self._write(file, replace(self.drafts[file], held=not self.drafts[file].held))
            case Touch(file, heat) if file in self.drafts:
                self._write(file, replace(self.drafts[file], heat=self.drafts[file].heat + heat))
            case Rename(file, to) if file in self.drafts and to != file:
                draft = self.drafts[file]
                self._remove(file)
                self._write(to, draft)

    def _write(self, file: str, draft: Draft) -> None:
        self.drafts[file] = draft
        self.project.write(file, draft, self.now)

    def _remove(self, file: str) -> None:
        del self.drafts[file]
        (self.project.records / file).unlink()
