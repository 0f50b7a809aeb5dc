"""Records whose URLs change hands: every story keeps one id, and no two share one."""

from project import START, Draft, Project

MINUTE = 60


def _draft(number: int, title: str) -> Draft:
    return Draft(f"https://news.example/{number}", title, date=START - number * MINUTE)


def test_a_new_record_never_gets_the_id_of_a_living_one(project: Project) -> None:
    project.write("r1.md", _draft(1, "One"))
    project.write("r2.md", _draft(2, "Two"))
    project.build(START)
    ids = {item["title"]: key for key, item in project.items().items()}
    project.write("r1.md", _draft(2, "One"), START + MINUTE)
    project.write("r2.md", _draft(1, "Two"), START + MINUTE)
    project.build(START + 2 * MINUTE)
    project.write("r1.md", _draft(5, "One"), START + 3 * MINUTE)
    project.build(START + 4 * MINUTE)
    project.write("r9.md", _draft(2, "Nine"), START + 5 * MINUTE)
    report = project.build(START + 6 * MINUTE)
    assert report.problems == ()
    found = {item["title"]: key for key, item in project.items().items()}
    assert sorted(found) == ["Nine", "One", "Two"]
    assert {title: found[title] for title in ids} == ids
    assert len(set(found.values())) == 3


def test_a_copy_that_was_corrected_is_a_story_of_its_own(project: Project) -> None:
    project.write("first.md", _draft(1, "First"))
    project.build(START)
    (key,) = project.items()
    project.write("second.md", _draft(1, "Copied as a template"), START + MINUTE)
    project.build(START + 2 * MINUTE)
    assert list(project.items()) == [key]
    project.write("second.md", _draft(2, "Second"), START + 3 * MINUTE)
    project.build(START + 4 * MINUTE)
    titles = {found: item["title"] for found, item in project.items().items()}
    assert titles[key] == "First"
    assert sorted(titles.values()) == ["First", "Second"]
