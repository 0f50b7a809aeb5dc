"""What is held back is nowhere below the public folder: no text, no address, no name that only it has."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from project import START, Draft, Mention, Project, text

from feeds.app.checking import pin_links

SEEDS = Path(__file__).parents[2] / "seeds"
PUBLIC = Draft("https://news.example/public", "Public", provider=("Public News", "news.example"), topics=("AI",))
HELD = Draft(
    "https://xheld.example/xheld-path",
    "Xheld title",
    excerpt="Xheld excerpt",
    provider=("Xheld Provider", "xheld.example"),
    topics=("Xheld Topic", "AI"),
    images=("https://img.example/xheld.jpg",),
    related=(Mention("https://related.example/xheld", "Xheld related", ("Xheld Related", "xheld-related.example")),),
    secured="Xheld-c2VjcmV0",
)
WORDS = (
    "published: false",
    "published: no",
    "published: False",
    "published: 0",
    "published:",
    "published: maybe",
    "published: [true]",
    "draft: true",
    "removed: yes",
    "deleted: 2021-01-01",
)


def everything(project: Project) -> str:
    """Return all that is public, names of files included, in lower case."""
    return "\n".join(f"{name}\n{body.decode()}" for name, body in project.tree().items()).lower()


@pytest.mark.parametrize("word", WORDS)
def test_a_record_that_does_not_clearly_say_yes_is_nowhere(project: Project, word: str) -> None:
    project.write("public.md", PUBLIC)
    project.build(START)
    before = project.tree()
    project.write("held.md", _saying(HELD, word), START + 10)
    report = project.build(START + 20)
    assert report.held_back == 1
    assert project.tree() == before
    assert "xheld" not in everything(project)
    assert "public" in everything(project)


def _saying(draft: Draft, word: str) -> str:
    """Return the record with `word` in the place of `published: true`."""
    return text(draft).replace("published: true\n", f"{word}\n")


@pytest.mark.parametrize("held_in", ["own", "mentioned"])
def test_a_held_story_is_not_told_by_those_who_mention_it(project: Project, held_in: str) -> None:
    mention = Mention(HELD.url, "Xheld mentioned", ("Xheld Provider", "xheld.example"))
    project.write("a.md", replace(PUBLIC, related=(mention,)))
    project.write("b.md", replace(HELD, held=True))
    project.build(START)
    assert "xheld" not in everything(project)
    if held_in == "mentioned":
        (project.records / "b.md").unlink()
        project.build(START + 10)
        assert "xheld mentioned" in everything(project)
        assert "xheld title" not in everything(project)


def test_the_opaque_field_of_a_record_is_nowhere(project: Project) -> None:
    project.write("public.md", replace(PUBLIC, secured="Xsecured"))
    mention = {"title": "M", "webUrl": "https://m.example/", "publishedDateTime": "2021-01-01", "secured": "Xsecured"}
    fields = {"title": "T", "url": "https://t.example/", "date": "2021-01-01", "secured": {"deep": ["Xsecured"]}}
    project.write("json.json", json.dumps({**fields, "related": [mention]}))
    report = project.build(START)
    assert (report.items, report.problems) == (3, ())
    assert "xsecured" not in everything(project)
    state = b"".join(path.read_bytes() for path in project.state.parent.iterdir())
    assert b"Xsecured" not in state


def test_the_seeds(project: Project) -> None:
    for path in sorted(SEEDS.iterdir()):
        project.write(path.name, path.read_bytes())
    project.build(START)
    public = everything(project)
    records = [yaml.safe_load(path.read_text().split("\n---")[0]) for path in sorted(SEEDS.iterdir())]
    held = [record for record in records if record["published"] is not True]
    shown = [story for record in records if record not in held for story in (record, *record.get("related", ()))]
    domains = {story["provider"]["domain"] for story in shown}
    assert len(held) == 3
    for record in records:
        assert record["secured"][:24].lower() not in public
    for story in (story for record in held for story in (record, *record.get("related", ()))):
        if story["title"] in {each["title"] for each in shown}:
            continue
        assert story["title"].lower() not in public
        assert story["webUrl"].lower() not in public
        assert story["provider"]["domain"] in domains or story["provider"]["domain"] not in public
    assert all(story["webUrl"].lower() in public.replace("&amp;", "&") for story in shown)


def test_the_page_for_the_operator_names_dead_pages_of_published_stories_only(project: Project) -> None:
    project.configure(pages={"enabled": True, "health": True}, links={"on_dead": "flag"})
    project.write("public.md", PUBLIC)
    project.write("coming.md", replace(HELD, held=False, date=START + 500, related=()))
    project.write("gone.md", replace(PUBLIC, url="https://xgone.example/xgone", title="Xgone"))
    project.build(START)
    dead = [PUBLIC.url, HELD.url, "https://xgone.example/xgone"]
    pin_links(project.loaded(), dead, "dead")
    project.build(START + 10)
    health = project.tree()["health.html"].decode().lower()
    assert all(word in health for word in (PUBLIC.url, "xgone"))
    assert "xheld" not in everything(project)
    project.write("gone.md", replace(PUBLIC, url="https://xgone.example/xgone", title="Xgone", held=True), START + 20)
    project.build(START + 20)
    assert "xgone" not in everything(project)
    project.build(START + 600)
    assert "xheld title" in project.tree()["health.html"].decode().lower()


def test_the_page_for_the_operator_only_counts_the_faults_of_records_that_nobody_may_know_of(project: Project) -> None:
    project.configure(pages={"enabled": True, "health": True})
    odd = ("ftp://pictures.example/odd",)
    project.write("fine.md", replace(PUBLIC, images=odd))
    project.write("xheld.md", replace(HELD, held=True, images=odd))
    project.write("xcoming.md", replace(HELD, url="https://coming.example/", held=False, date=START + 500, images=odd))
    project.write("xbroken.md", "---\nxsecret: 1\nxsecret: 2\n---\n")
    project.build(START)
    health = project.tree()["health.html"].decode()
    assert "records/fine.md" in health
    assert not re.findall("xheld|xcoming|xbroken|xsecret", health.lower())
    assert "2 more not listed here" in health
