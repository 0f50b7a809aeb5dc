"""New rules give every story out anew, in as many batches as it takes."""

from dataclasses import replace

from project import LISTS, START, Draft, Mention, Project

# More than one batch (2,000) of stories stand between a record and the mention of the URL it once had.
MANY = 2_100
OLD = Draft("https://news.example/old", "The record")


def test_a_story_that_two_batches_speak_of(project: Project) -> None:
    mentions = tuple(Mention(f"https://many.example/{number}", f"Story {number}") for number in range(MANY))
    project.write("a.md", OLD)
    for start in range(0, MANY, 300):
        project.write(f"many/{start}.md", Draft(f"https://many.example/r{start}", "R", related=mentions[start:][:300]))
    late = Mention(OLD.url, "The record, mentioned", date=START - 10)
    project.write("z.md", Draft("https://news.example/z", "Z", related=(late,)))
    project.build(START)
    project.write("a.md", replace(OLD, url="https://news.example/new"), START + 10)
    project.build(START + 20)
    before = project.tree()
    project.configure(time_zone="Europe/Berlin")
    project.build(START + 30)
    assert project.tree() == before


def test_another_spelling_of_a_topic_or_provider_names_the_feed_anew(project: Project) -> None:
    story = Draft("https://news.example/a", "A", provider=("Reuters", "reuters.com"), topics=("AI",))
    project.write("a.md", story)
    project.build(START)
    renamed = replace(story, provider=("Thomson Reuters", "reuters.com"), topics=("Ai",))
    project.write("a.md", renamed, START + 10)
    report = project.build(START + 20)
    assert b'"title": "Ai \xe2\x80\x93 Site"' in project.tree()["topics/ai.json"]
    assert b'"title": "Thomson Reuters \xe2\x80\x93 Site"' in project.tree()["providers/reuters.com.json"]
    assert len(report.written) == 9 + len(LISTS)
