"""The whole story of an item: who tells it, which rule keeps it out of a feed, and what else it may be called."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from project import START, Draft, Mention, Project, tree
from sources import Entry, Page, Remote, remote, rss

from feeds.app.explaining import Unknown, run_explain
from feeds.app.polling import run_poll
from feeds.errors import StateError, UsageError
from feeds.items.provenance import Said
from feeds.pipeline.check import learn_links, pin
from feeds.pipeline.explained import Explanation, Place
from feeds.store import open_store

NS = 1_000_000_000
HOUR, DAY = 3_600, 86_400
OURS = Draft("https://news.example/ours", "Ours")
THEIRS = Entry(
    "THEIRS speak of robots",
    "https://news.example/ours",
    "g1",
    "Their words.",
    categories=("Robotics",),
    extra='<media:content url="https://remote.example/1.jpg" medium="image"/>',
)
EXCLUDED = Entry("Horoscope", "https://remote.example/h", "h")
ALONE = Entry("More robots", "https://remote.example/alone", "alone", date=START - DAY)


def explained(project: Project, word: str, *, feed: str = "", now: int = START) -> Explanation:
    found = run_explain(project.loaded(), word, feed, now * NS)
    assert isinstance(found, Explanation), found
    return found


def unknown(project: Project, word: str) -> Unknown:
    found = run_explain(project.loaded(), word, "", START * NS)
    assert isinstance(found, Unknown), found
    return found


def why(found: Explanation) -> dict[str, str]:
    """Return the first reason for each feed that the item is not in."""
    return {place.key or f"{place.kind} {place.label}": place.why for place in found.feeds if not place.position}


def positions(found: Explanation) -> dict[str, tuple[int, int]]:
    return {place.key: (place.position, place.of) for place in found.feeds if place.position}


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


def poll(project: Project, server: Remote, *entries: Entry, now: int = START, **settings: Any) -> None:
    """Have the project know these entries; nothing is built."""
    server.pages["/feed"] = Page(rss(*entries))
    source = {
        "url": f"{server.url}/feed",
        "id": "feed",
        "provider": {"name": "Remote", "domain": "remote.example"},
        "topics": ["Tech"],
        "exclude": ["horoscope"],
    }
    project.configure(links={"allow_networks": ["127.0.0.0/8"]}, sources=[{**source, **settings}])
    run_poll(project.loaded(), everything=True, clock=lambda: now)


@pytest.fixture
def both(project: Project, server: Remote) -> Project:
    """Return a project with a record, an entry that tells the same story, one of its own, and one a filter refuses."""
    project.name(topics=[{"name": "Robots", "aliases": ["Robotics"], "keywords": ["robots"]}])
    project.write("ours.md", OURS)
    poll(project, server, THEIRS, EXCLUDED, ALONE)
    project.build(START)
    return project


def test_a_story_of_ours_that_a_feed_tells_too(both: Project) -> None:
    found = explained(both, "https://news.example/ours")
    assert (found.title, found.state, found.why, found.pending) == ("Ours", "published", "", "")
    assert [(seen.place, seen.kind, seen.since) for seen in found.sightings] == [
        ("records/ours.md", "record", 0),
        ("feed#g1", "remote", START),
    ]
    told = {field.field: (field.value, field.place, field.others) for field in found.fields}
    assert told["title"] == ("Ours", "records/ours.md", (Said("feed#g1", THEIRS.title),))
    assert told["images"] == ("https://remote.example/1.jpg", "feed#g1", ())
    assert {field.shown for field in found.fields} == {field.value for field in found.fields}
    assert [(each.topic, each.rule, each.place, each.counts) for each in found.topics] == [
        ("AI", "record", "records/ours.md", True),
        ("Tech", "source", "feed#g1", False),
        ("Robots", "category", "feed#g1", False),
    ]
    assert (found.dates.published, found.dates.by) == (START - HOUR, "as records/ours.md says")
    assert positions(found) == {"all": (1, 2), "topics/ai": (1, 1), "providers/news.example": (1, 1)}


def test_an_entry_of_its_own_and_the_rule_of_each_topic(both: Project) -> None:
    found = explained(both, "feed#alone")
    assert [(each.topic, each.rule, each.why, each.counts) for each in found.topics] == [
        ("Tech", "source", "all of feed", True),
        ("Robots", "keyword", "'robots' in the title", True),
    ]
    assert {name.name: name.since for name in found.names} == {
        "remote.example/alone": START,
        "feed#alone": START,
    }
    assert positions(found).keys() == {"all", "topics/tech", "topics/robots", "providers/remote.example"}


@pytest.mark.parametrize("word", ["feed#h", "https://remote.example/h", "http://www.remote.example/h?utm_source=x"])
def test_an_entry_that_a_filter_refuses_is_no_item_and_is_explained(both: Project, word: str) -> None:
    found = explained(both, word)
    assert (found.id, found.title, found.state) == ("", "Horoscope", "refused")
    assert found.why == "excluded by the word 'horoscope'"
    assert [(seen.place, seen.since) for seen in found.sightings] == [("feed#h", START)]
    assert ("link", "https://remote.example/h") in [(field.field, field.value) for field in found.fields]


def test_one_item_by_all_its_names(both: Project) -> None:
    [key] = [key for key, item in both.items().items() if item["title"] == "Ours"]
    words = [
        key,
        key.removeprefix("urn:uuid:").upper(),
        "records/ours.md",
        str(both.records / "ours.md"),
        "https://www.news.example/ours?utm_source=x",
        "news.example/ours",
        "feed#g1",
    ]
    assert {explained(both, word).id for word in words} == {key.removeprefix("urn:uuid:")}


def test_every_name_that_is_told_is_understood(both: Project) -> None:
    for word in ("records/ours.md", "feed#alone"):
        found = explained(both, word)
        assert {explained(both, name.name).id for name in found.names} == {found.id}


def test_a_url_of_former_days_and_a_file_that_is_gone(project: Project) -> None:
    project.write("a.md", Draft("https://news.example/old", "A"))
    project.build(START)
    project.write("a.md", Draft("https://news.example/new", "A"), START + 9)
    project.build(START + 9)
    found = explained(project, "https://news.example/old")
    assert found.id == explained(project, "https://news.example/new").id
    assert {name.name: name.since for name in found.names} == {
        "news.example/old": START,
        "records/a.md": START,
        "news.example/new": START + 9,
    }
    (project.records / "a.md").unlink()
    project.build(START + 20)
    gone = explained(project, "records/a.md", now=START + 20)
    assert (gone.id, gone.state, gone.why, gone.feeds) == (found.id, "withdrawn", "nobody tells it any more", ())


def test_an_id_that_went_up_in_another(project: Project) -> None:
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.write("b.md", Draft("https://news.example/b", "B"))
    project.build(START)
    ids = {explained(project, f"records/{name}.md").id for name in "ab"}
    project.write("b.md", Draft("https://news.example/a", "B"), START + 9)
    project.build(START + 9)
    assert len(ids) == 2
    assert len({explained(project, key).id for key in ids}) == 1


def test_a_record_that_is_held_back(project: Project) -> None:
    project.write("a.md", Draft("https://news.example/a", "A", held=True))
    project.write("b.md", Draft("https://news.example/b", "B", related=(Mention("https://news.example/a", "M"),)))
    project.build(START)
    never_shown = explained(project, "records/a.md")
    project.write("a.md", Draft("https://news.example/a", "A"), START + 5)
    project.build(START + 5)
    project.write("a.md", Draft("https://news.example/a", "A", held=True), START + 9)
    project.build(START + 9)
    found = explained(project, "records/a.md")
    for each in (never_shown, found):
        assert (each.state, each.why) == ("held back", "records/a.md says that it is unpublished")
    assert [(seen.place, seen.kind, seen.held) for seen in found.sightings] == [
        ("records/a.md", "record", True),
        ("records/b.md", "mention", False),
    ]
    assert set(why(found).values()) == {"held back: records/a.md says that it is unpublished"}


def test_a_record_that_cannot_be_published(project: Project) -> None:
    project.write("bad.md", "---\ntitle: \n---\n")
    project.build(START)
    found = explained(project, str(project.records / "bad.md"))
    assert (found.state, found.id) == ("faulty", "")
    assert [line.split(": ")[1] for line in found.problems] == ["date-missing", "title-missing"]


def test_a_mention_and_the_topics_it_takes_from_its_record(project: Project) -> None:
    project.write("b.md", Draft("https://news.example/b", "B", related=(Mention("https://x.example/m", "Named"),)))
    project.build(START)
    found = explained(project, "https://x.example/m")
    assert [(seen.place, seen.kind) for seen in found.sightings] == [("records/b.md", "mention")]
    assert [(topic.topic, topic.rule, topic.counts) for topic in found.topics] == [("AI", "mention", True)]


def test_outside_the_window(project: Project) -> None:
    for number in range(5):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", "X", date=START - number * HOUR))
    project.configure(feeds={"limit": 2})
    project.build(START)
    assert positions(explained(project, "records/1.md"))["all"] == (2, 2)
    assert why(explained(project, "records/2.md"))["all"] == "2 items are newer, and the feed holds 2 (feeds.limit)"
    assert why(explained(project, "records/4.md"))["all"] == "4 items are newer, and the feed holds 2 (feeds.limit)"


def test_the_share_of_a_provider(project: Project) -> None:
    project.configure(feeds={"provider_cap": 1})
    project.write("a.md", Draft("https://news.example/a", "A"))
    project.write("b.md", Draft("https://news.example/b", "B", date=START - DAY))
    project.build(START)
    found = explained(project, "records/b.md")
    share = "its provider has its share of this feed (feeds.provider_cap, feeds.interleave)"
    assert why(found) == {"all": share, "topics/ai": share}
    assert positions(found) == {"providers/news.example": (2, 2)}


def test_the_share_of_a_provider_where_others_fill_the_feed(project: Project) -> None:
    feeds = [{"name": "best", "sort": "heat", "provider_cap": 1}, {"name": "two", "limit": 2, "provider_cap": 1}]
    project.configure(custom_feeds=feeds)
    project.write("a.md", Draft("https://news.example/a", "A", heat=9))
    project.write("b.md", Draft("https://news.example/b", "B", heat=5, date=START - 2 * HOUR))
    project.write("c.md", Draft("https://news.example/c", "C", heat=3, date=START - 3 * HOUR))
    project.write("d.md", Draft("https://d.example/d", "D", date=START - 4 * HOUR, provider=("D", "d.example")))
    project.write("e.md", Draft("https://e.example/e", "E", date=START - 5 * HOUR, provider=("E", "e.example")))
    project.build(START)
    reasons = why(explained(project, "records/c.md"))
    assert reasons["best"] == "its provider has its share of this feed (provider_cap of the custom feed best)"
    share = "its provider has its share of this feed (provider_cap of the custom feed two, feeds.interleave)"
    assert reasons["two"] == share
    older = why(explained(project, "records/e.md"))["two"]
    assert older == "4 items are newer, and the feed holds 2 (limit of the custom feed two)"


def test_too_old_and_yet_to_come(project: Project) -> None:
    project.configure(feeds={"max_age_days": 2})
    project.write("old.md", Draft("https://news.example/old", "Old", date=START - 3 * DAY, topics=()))
    project.write("later.md", Draft("https://news.example/later", "Later", date=START + HOUR, topics=()))
    project.build(START)
    assert set(why(explained(project, "records/old.md")).values()) == {"older than 2 days (feeds.max_age_days)"}
    found = explained(project, "records/later.md")
    assert (found.state, found.why) == ("coming", "it is dated 2023-11-14 23:13:20 UTC")
    assert set(why(found).values()) == {"dated in the future (2023-11-14 23:13:20 UTC)"}
    found = explained(project, "records/later.md", now=START + 2 * HOUR)
    assert (found.state, set(why(found).values())) == ("published", {"its time came after the last build"})


def test_feeds_that_are_off_or_go_by_another_name(project: Project) -> None:
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI", "Law")))
    project.build(START)
    project.configure(feeds={"providers": False})
    found = explained(project, "records/a.md")
    assert found.pending == "the settings are not those of the last build"
    assert why(found) == {"providers/news.example": "provider feeds are off (feeds.providers)"}
    project.build(START + 1)
    assert explained(project, "records/a.md").pending == ""
    project.name(topics=[{"name": "Justice", "aliases": ["Law"]}])
    found = explained(project, "records/a.md")
    assert why(found)["topics/law"] == "no longer configured: it is another name of Justice"
    project.build(START + 2)
    found = explained(project, "records/a.md")
    assert positions(found).keys() == {"all", "topics/ai", "topics/justice"}


def test_one_feed_only(both: Project) -> None:
    assert explained(both, "records/ours.md", feed="topics/ai").feeds == (Place("topics/ai", "topic", "AI", 1, 1),)
    [place] = explained(both, "records/ours.md", feed="robots").feeds
    assert (place.key, place.position, place.why) == ("topics/robots", 0, "its topics are AI")
    [place] = explained(both, "records/ours.md", feed="providers/remote.example").feeds
    assert place.why == "its provider is Example News (news.example)"
    with pytest.raises(UsageError, match="did you mean topics/robots"):
        explained(both, "records/ours.md", feed="topics/robot")


def test_what_waits_for_a_build(both: Project, server: Remote) -> None:
    fresh = Entry("Fresh", "https://remote.example/fresh", "fresh")
    poll(both, server, THEIRS, EXCLUDED, Entry(**{**vars(ALONE), "title": "Corrected"}), fresh, now=START + HOUR)
    assert explained(both, "feed#alone").pending == "what it is made of changed since the last build"
    assert explained(both, "records/ours.md").pending == ""
    found = explained(both, "feed#fresh")
    assert (found.state, found.why, found.id) == ("waiting", "the next feeds build makes an item of it", "")
    both.build(START + HOUR)
    assert explained(both, "feed#alone", now=START + HOUR).title == "Corrected"
    assert explained(both, "feed#fresh", now=START + HOUR).state == "published"


def test_a_filter_that_came_later(both: Project, server: Remote) -> None:
    poll(both, server, THEIRS, EXCLUDED, ALONE, now=START + HOUR, exclude=["more robots"])
    found = explained(both, "feed#alone")
    assert (found.state, found.pending) == ("published", "the settings are not those of the last build")
    assert found.sightings[0].refusal == "excluded by the word 'more robots'"
    both.build(START + HOUR)
    assert explained(both, "feed#h", now=START + HOUR).state == "published"
    assert explained(both, "feed#alone", now=START + HOUR).state == "refused"


def test_an_entry_that_its_feed_lists_no_more(both: Project, server: Remote) -> None:
    poll(both, server, THEIRS, EXCLUDED, now=START + HOUR)
    assert explained(both, "feed#alone").sightings[0].gone == START + HOUR


def test_dates(both: Project, server: Remote) -> None:
    undated = Entry("Undated", "https://remote.example/u", "u", date=None)
    poll(both, server, undated, now=START + HOUR)
    both.build(START + HOUR)
    dates = explained(both, "feed#u").dates
    assert (dates.published, dates.by) == (START + HOUR, "first sight: feed#u gives no date that can be true")
    both.write("ours.md", Draft(OURS.url, "Ours, corrected", date=START + 9), START + 2 * HOUR)
    both.build(START + 2 * HOUR)
    dates = explained(both, "records/ours.md").dates
    assert (dates.published, dates.updated) == (START - HOUR, START + 2 * HOUR)
    assert dates.by == "fixed since readers saw it; records/ours.md says 2023-11-14 22:13:29 UTC now"


def test_a_link_that_died(project: Project) -> None:
    project.configure(links={"on_dead": "drop"})
    project.write("a.md", Draft("https://news.example/a", "A", images=("https://news.example/a.jpg",)))
    project.build(START)
    store = open_store(project.loaded().state_url)
    learn_links(store, lambda _: "", START)
    pin(store, ["https://news.example/a.jpg"], "dead", lambda _: "", START)
    store.close()
    assert explained(project, "records/a.md").pending == "what it is made of changed since the last build"
    project.build(START + 1)
    found = explained(project, "https://news.example/a.jpg")
    [images] = [field for field in found.fields if field.field == "images"]
    assert (images.value, images.shown) == ("https://news.example/a.jpg", "")
    assert [(link.role, link.verdict, link.pin) for link in found.links] == [
        ("article", "unknown", ""),
        ("image", "dead", "dead"),
    ]
    store = open_store(project.loaded().state_url)
    pin(store, ["https://news.example/a"], "dead", lambda _: "", START)
    store.close()
    project.build(START + 2)
    found = explained(project, "records/a.md")
    assert (found.state, found.title) == ("left out", "A")
    assert set(why(found).values()) == {f"left out: {found.why}"}


def test_what_is_not_known_is_told_with_what_is_near(both: Project) -> None:
    key = explained(both, "records/ours.md").id
    (both.records / "new.md").write_text("---\n---\n", encoding="utf-8")
    near = {
        "records/our.md": ("records/ours.md",),
        "feed#alon": ("feed#alone",),
        "https://news.example/our": ("news.example/ours",),
        "feet#alone": ("feed#...",),
        key[:-1]: (key,),
        "quite something else": (),
    }
    assert {word: unknown(both, word).near for word in near} == near
    assert unknown(both, str(both.records / "new.md")).unread


def test_looking_changes_nothing_and_needs_a_state(project: Project) -> None:
    with pytest.raises(StateError, match="feeds build"):
        explained(project, "x")
    assert not project.state.exists()
    project.write("a.md", OURS)
    project.build(START)
    before = tree(project.root)
    explained(project, "records/a.md")
    assert unknown(project, "b").near == ()
    assert tree(project.root) == before


def test_stories_that_follow_another_say_whom(project: Project) -> None:
    project.configure(feeds={"group_same_stories": True})
    title = "Parliament passes the long awaited water bill after a night of heated debate"
    for name, domain in (("a", "one.example"), ("b", "two.example")):
        project.write(f"{name}.md", Draft(f"https://{domain}/{name}", title, provider=(domain, domain)))
    project.build(START)
    first, second = explained(project, "records/a.md"), explained(project, "records/b.md")
    [leader, follower] = sorted((first, second), key=lambda each: bool(each.leader))
    assert (leader.leader, follower.leader) == ("", leader.id)
    assert [mention.title for mention in leader.also] == [title]
    assert set(why(follower)) == {"all", "topics/ai"}
    assert set(why(follower).values()) == {f"{leader.id} tells the same story and stands for it"}
    assert len(positions(follower)) == 1


def test_it_agrees_with_what_is_published(both: Project) -> None:
    for key in ("all", "topics/tech", "topics/robots", "providers/news.example"):
        shown = both.items(key)
        assert shown
        for at, (urn, item) in enumerate(shown.items(), 1):
            found = explained(both, urn, feed=key)
            assert (found.feeds[0].position, found.feeds[0].of, found.title) == (at, len(shown), item["title"])


# --- what was written, and how it was mended


def repairs(found: Explanation) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {field.field: (field.written, field.repairs) for field in found.fields if field.repairs}


def test_what_a_record_says_and_how_it_was_mended(project: Project) -> None:
    project.configure(site={"title": "Site"}, time_zone="Europe/Berlin")
    draft = Draft("HTTPS://News.example/a?utm_source=x&id=1", "<b>Law &amp; order</b>", images=("/1.jpg",), date=None)
    related = (Mention("http://x.example:80/m", "Named&nbsp;too"),)
    project.write("a.md", replace(draft, related=related))
    path = project.records / "a.md"
    path.write_text(path.read_text("utf-8").replace("---\n", "---\npublishedDateTime: 2023-11-14\n", 1), "utf-8")
    project.build(START)
    found = explained(project, "records/a.md")
    assert repairs(found) == {
        "title": ("<b>Law &amp; order</b>", ("entities decoded", "tags removed")),
        "link": (
            draft.url,
            ("scheme lower-cased", "host lower-cased", "tracking parameters removed: utm_source"),
        ),
        "date": (
            "2023-11-14",
            ("no time of day written: midnight", "no time zone written: read in Europe/Berlin"),
        ),
        "images": ("/1.jpg", ("resolved against https://news.example/a?id=1",)),
    }
    assert repairs(explained(project, "http://x.example/m")) == {
        "title": ("Named&nbsp;too", ("entities decoded",)),
        "link": ("http://x.example:80/m", ("port 80 removed: it goes without saying",)),
        "kind": ("", ("no type written: article",)),
    }


def test_a_topic_that_its_record_calls_by_another_name(project: Project) -> None:
    project.name(topics=[{"name": "AI", "aliases": ["Machine Learning"]}])
    project.write("a.md", Draft("https://news.example/a", "A", topics=("machine learning", "Law")))
    project.build(START)
    found = explained(project, "records/a.md")
    assert [(each.topic, each.rule, each.why) for each in found.topics] == [
        ("AI", "record", "the record lists it as 'machine learning'"),
        ("Law", "record", "the record lists it"),
    ]


def test_a_record_that_changed_since_the_last_build_says_so(project: Project) -> None:
    project.write("a.md", Draft("https://news.example/a", "A &amp; B", excerpt="C &amp; D"))
    project.write("bad.md", "---\ntitle: \n---\n")
    project.build(START)
    assert explained(project, "records/a.md").pending == ""
    project.write("a.md", Draft("https://news.example/a", "A &lt; B", excerpt="C &amp; D"), START + 9)
    project.write("bad.md", "---\ntitle: Better\n---\n", START + 9)
    found = explained(project, "records/a.md")
    assert (found.title, found.pending) == ("A & B", "records/a.md changed since the last build")
    # Its title was made from something that is not there any more.
    assert repairs(found) == {"summary": ("C &amp; D", ("entities decoded",))}
    assert explained(project, "records/bad.md").pending == "records/bad.md changed since the last build"
    (project.records / "a.md").unlink()
    found = explained(project, "records/a.md")
    assert found.pending == "records/a.md is gone or cannot be read any more"
    assert repairs(found) == {}


def test_what_an_entry_says_and_how_it_was_mended(project: Project, server: Remote) -> None:
    long = "word " * 100
    untitled = Entry("", "https://remote.example/u", "u", long.strip() + ".", date=START + HOUR)
    named = Entry("Named", "https://remote.example/n?utm_source=x&ours=1", "n", date=None)
    poll(project, server, untitled, named)
    project.configure(**{**project.settings, "tracking_parameters": ["ours"]})
    project.build(START)
    found = repairs(explained(project, "feed#u"))
    assert found["title"] == ("", ("no title: the first words of its text",))
    assert found["date"] == ("2023-11-14 23:13:20 UTC", ("no date that can be true: when it was first seen",))
    found = repairs(explained(project, "feed#n"))
    assert found["link"] == ("https://remote.example/n?ours=1", ("tracking parameters removed: ours",))
    assert found["date"] == ("", ("no date that can be true: when it was first seen",))


# --- archives, wider topics


def test_what_left_a_feed_is_on_a_page_of_its_archive(project: Project) -> None:
    for number in range(5):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", "X", date=START - number * HOUR))
    project.configure(feeds={"limit": 2, "archives": True})
    project.build(START)
    places = [explained(project, f"records/{number}.md", feed="all").feeds[0] for number in range(5)]
    assert [(place.position, place.page, place.why) for place in places] == [
        (1, 0, ""),
        (2, 2, ""),
        (0, 2, ""),
        (0, 1, ""),
        (0, 1, ""),
    ]


def test_a_wider_topic_takes_in_the_narrower_one(project: Project) -> None:
    wide = {"name": "Science", "include_children": True}
    between = {"name": "Computing", "parent": "Science"}
    project.name(topics=[wide, between, {"name": "AI", "parent": "Computing"}, {"name": "Law", "parent": "Science"}])
    project.write("a.md", Draft("https://news.example/a", "A", topics=("AI",)))
    project.write("b.md", Draft("https://news.example/b", "B", date=START - DAY, topics=("Science", "Law")))
    project.build(START)
    found = explained(project, "records/a.md")
    assert [(each.topic, each.rule, each.why, each.counts) for each in found.topics] == [
        ("AI", "record", "the record lists it", True),
        ("Science", "wider", "takes in AI", True),
    ]
    vias = {place.key: (place.position, place.via) for place in found.feeds if place.kind == "topic"}
    assert vias == {"topics/ai": (1, ""), "topics/science": (1, "AI")}
    [place] = explained(project, "records/a.md", feed="topics/law").feeds
    assert place.why == "its topics are AI"
    found = explained(project, "records/b.md")
    assert [each.rule for each in found.topics] == ["record", "record"]
    assert {place.via for place in found.feeds} == {""}


def test_a_custom_feed_tells_which_part_of_its_query_says_no(project: Project) -> None:
    queries = {
        "march": {"query": "title:robots and heat >= 5"},
        "fresh": {"query": "age < 1d"},
        "one": {"query": "topic:ai", "limit": 1},
        "hottest": {"sort": "heat", "limit": 1},
        "mixed": {"limit": 2, "provider_cap": 1},
        "law": {"query": "topic:law"},
    }
    project.configure(custom_feeds=[{"name": name, **feed} for name, feed in queries.items()])
    project.write("a.md", Draft("https://news.example/a", "Robots march", date=START - DAY, heat=3))
    project.write("b.md", Draft("https://news.example/b", "B", heat=9, topics=("AI", "Law")))
    project.build(START)
    found = explained(project, "records/a.md")
    assert {name: reason for name, reason in why(found).items() if name in queries} == {
        "march": "heat >= 5 is not met: 3",
        "fresh": "age < 1d is not met: it is 1.0 days old",
        "one": "1 item is newer, and the feed holds 1 (limit of the custom feed one)",
        "hottest": "1 item ranks before it by heat (sort and limit of the custom feed hottest)",
        "mixed": "its provider has its share of this feed (provider_cap of the custom feed mixed, feeds.interleave)",
        "law": "topic:law is not met: AI",
    }
    assert positions(explained(project, "records/b.md")).keys() >= {"one", "fresh", "hottest", "mixed", "law"}
    [place] = explained(project, "records/a.md", feed="law").feeds
    assert (place.key, place.kind, place.why) == ("law", "custom", "topic:law is not met: AI")
    project.configure()
    assert why(explained(project, "records/a.md", feed="law")) == {"law": "no longer configured"}


def test_a_custom_feed_of_an_item_that_is_to_come(project: Project) -> None:
    project.configure(custom_feeds=[{"name": "law", "query": "topic:law"}, {"name": "fresh", "query": "age < 1d"}])
    project.write("a.md", Draft("https://news.example/a", "A", date=START + HOUR))
    project.build(START)
    reasons = why(explained(project, "records/a.md"))
    assert reasons["law"] == "topic:law is not met: AI"
    assert reasons["fresh"] == "dated in the future (2023-11-14 23:13:20 UTC)"
