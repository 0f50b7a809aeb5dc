"""Remote feeds beside records, from the wire to the published files. The clock is an argument."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from project import START, Draft, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import PollReport, run_poll, source_states
from feeds.errors import UsageError

HOUR, DAY = 3_600, 86_400
STORY = Entry("A remote story", "https://remote.example/a", "a", categories=("AI",))


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def configure(project: Project, server: Remote, *paths: str, **settings: Any) -> None:
    """Have the project read these paths of the server."""
    sources = [
        {
            "url": server.url + path,
            "id": path.strip("/"),
            "provider": {"name": f"News {path[1:]}", "domain": "n.example"},
        }
        for path in paths
    ]
    given = {"sources": sources, **settings}
    for source in given["sources"]:
        source.update(settings.get("each", {}))
    given.pop("each", None)
    project.configure(links={"allow_networks": ["127.0.0.0/8"]}, **given)


def poll(project: Project, now: int, *names: str, everything: bool = False) -> PollReport:
    return run_poll(project.loaded(), names, everything=everything, clock=lambda: now)


def polled(project: Project, now: int, **given: Any) -> PollReport:
    report = poll(project, now, everything=True, **given)
    project.build(now)
    return report


def test_entries_are_items_like_all_others(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(rss(STORY, Entry("Another", "https://remote.example/b", "b", date=START - 9000)))
    configure(project, server, "/feed")
    project.name(topics=[{"name": "Robots", "keywords": ["remote"]}])
    project.write("own.md", Draft("https://news.example/own", "Our own", date=START - 5000))
    report = polled(project, START)
    assert (report.news, report.failed) == (2, ())
    assert project.titles() == ["A remote story", "Our own", "Another"]
    assert project.titles("providers/n.example") == ["A remote story", "Another"]
    assert project.titles("topics/robots") == ["A remote story"]
    item = project.items("topics/robots")[project.items("all").__iter__().__next__()]
    assert (item["url"], item["content_text"]) == ("https://remote.example/a", "What happened.")


def test_a_feed_that_did_not_change_writes_nothing(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(rss(STORY), etag='"one"')
    configure(project, server, "/feed")
    polled(project, START)
    before = project.stamps()
    report = polled(project, START + DAY)
    assert server.asked[-1][1]["if-none-match"] == '"one"'
    assert [result.detail for result in report.results] == ["not modified"]
    assert project.stamps() == before
    # Another ETag, the same entries in another order and white space: nothing a reader could see.
    server.pages["/feed"] = Page(rss(Entry(**{**vars(STORY), "text": "What\n happened. "})), etag='"two"')
    report = polled(project, START + 2 * DAY)
    assert (report.news, project.stamps()) == (0, before)


def test_an_edit_is_seen_once_and_the_dates_hold(project: Project, server: Remote) -> None:
    undated = Entry("Undated", "https://remote.example/u", "u", date=None)
    server.pages["/feed"] = Page(rss(STORY, undated))
    configure(project, server, "/feed")
    polled(project, START)
    first = project.items()
    later = Entry(**{**vars(STORY), "title": "A remote story, corrected", "date": START + 5 * DAY})
    server.pages["/feed"] = Page(rss(later, undated))
    report = polled(project, START + DAY)
    assert [(result.new, result.changed) for result in report.results] == [(0, 1)]
    second = project.items()
    assert second.keys() == first.keys()
    assert {key: item["date_published"] for key, item in second.items()} == {
        key: item["date_published"] for key, item in first.items()
    }
    assert sorted(item["title"] for item in second.values()) == ["A remote story, corrected", "Undated"]


def test_a_record_of_the_same_story_is_completed_and_never_outweighed(project: Project, server: Remote) -> None:
    picture = '<media:content url="https://remote.example/a.jpg" medium="image"/>'
    server.pages["/feed"] = Page(
        rss(Entry("THEIR TITLE", "https://remote.example/a", "a", "Their text.", extra=picture))
    )
    configure(project, server, "/feed")
    project.write("own.md", Draft("https://remote.example/a", "Our title", excerpt="Our words."))
    polled(project, START)
    [item] = project.items().values()
    assert (item["title"], item["content_text"]) == ("Our title", "Our words.")
    assert item["image"] == "https://remote.example/a.jpg"
    assert item["tags"] == ["AI"]
    assert project.build(START).problems == ()
    # Held back by us, it is held back whoever else tells it.
    project.write("own.md", Draft("https://remote.example/a", "Our title", held=True), START + 10)
    project.build(START + 10)
    assert project.titles() == []


def test_the_record_may_come_first_or_last(project: Project, server: Remote, tmp_path: Path) -> None:
    server.pages["/feed"] = Page(rss(STORY))
    trees = []
    for name, steps in (("a", "record poll"), ("b", "poll record")):
        each = Project(tmp_path / name)
        configure(each, server, "/feed")
        for step in steps.split():
            if step == "record":
                each.write("own.md", Draft(STORY.link, "Ours"))
                each.build(START)
            else:
                polled(each, START)
        trees.append({item["title"] for item in each.items().values()})
    assert trees == [{"Ours"}, {"Ours"}]


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (Page(status=404), "http-404"),
        (Page(status=500), "http-500"),
        (
            Page(b"<html><title>Error</title><body>Sorry</body></html>", headers={"Content-Type": "text/html"}),
            "no feed",
        ),
        (Page(b""), "no feed"),
        (Page(rss(STORY), headers={"Content-Encoding": "gzip"}), "broken-compression"),
        (Page(gzip.compress(b" " * 20_000_000), headers={"Content-Encoding": "gzip"}), "too-large"),
        (Page(brotli.compress(b" " * 20_000_000), headers={"Content-Encoding": "br"}), "too-large"),
        (Page(b" " * 12_000_000), "too-large"),
        (Page(status=302, headers={"Location": "/bad"}), "too-many-redirects"),
        (Page(status=302, headers={"Location": "http://10.0.0.1/"}), ""),
    ],
)
def test_a_bad_answer_costs_its_source_and_nothing_else(
    project: Project, server: Remote, page: Page, fault: str
) -> None:
    server.pages.update({"/bad": Page(rss(STORY)), "/good": Page(rss(Entry("Good", "https://good.example/", "g")))})
    configure(project, server, "/bad", "/good")
    polled(project, START)
    before = project.titles()
    server.pages["/bad"] = page
    server.pages["/good"] = Page(rss(Entry("Good, again", "https://good.example/", "g")))
    report = polled(project, START + DAY)
    assert [result.source.id for result in report.failed] == ["bad"]
    assert report.failed[0].fault.startswith(fault)
    assert sorted(project.titles()) == ["A remote story", "Good, again"]
    assert len(before) == 2
    state = source_states(project.loaded())["bad"]
    assert state.fails == 1
    assert state.due is not None
    assert state.due > START + DAY


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_compressed_feeds_are_read(project: Project, server: Remote, encoding: str, pack: Any) -> None:
    server.pages["/feed"] = Page(pack(rss(STORY)), headers={"Content-Encoding": encoding})
    configure(project, server, "/feed")
    polled(project, START)
    assert "gzip" in server.asked[0][1]["accept-encoding"]
    assert project.titles() == ["A remote story"]


def test_only_what_is_due_is_asked(project: Project, server: Remote) -> None:
    for path in ("/a", "/b"):
        server.pages[path] = Page(rss(Entry(path, f"https://remote.example{path}", path)))
    configure(project, server, "/a", "/b")
    assert len(poll(project, START).results) == 2
    assert poll(project, START + 60).results == ()
    assert [result.source.id for result in poll(project, START + 60, "b").results] == ["b"]
    assert len(poll(project, START + 3 * DAY).results) == 2
    with pytest.raises(UsageError, match="there is no source 'c'; see them all: feeds sources list"):
        poll(project, START, "c")


def test_a_paused_source_is_asked_only_by_name(project: Project, server: Remote) -> None:
    server.pages |= {"/a": Page(rss(STORY)), "/b": Page(rss(STORY))}
    configure(project, server, "/a", "/b", each={"paused": True})
    assert poll(project, START).results == poll(project, START, everything=True).results == ()
    for name in ("b", server.url + "/b"):
        report = poll(project, START, name)
        assert ([result.source.id for result in report.results], report.paused) == (["b"], ("b",))
    configure(project, server, "/a", "/b")
    assert poll(project, START, "b").paused == ()


def test_validators_of_an_answer_that_breaks_off_are_not_kept(project: Project, server: Remote) -> None:
    packed = gzip.compress(rss(STORY, *(Entry(f"More {n}", f"https://remote.example/{n}", str(n)) for n in range(50))))
    as_gzip = {"Content-Encoding": "gzip"}
    server.pages["/feed"] = Page(packed[: len(packed) // 2], headers=as_gzip, etag='"1"')
    configure(project, server, "/feed")
    assert [result.fault for result in poll(project, START).failed] == ["broken-compression"]
    server.pages["/feed"] = Page(packed, headers=as_gzip, etag='"1"')
    assert poll(project, START + DAY).news == 51


def test_a_feed_that_breaks_off_is_asked_for_again_as_a_whole(project: Project, server: Remote) -> None:
    whole = rss(STORY, Entry("The rest", "https://remote.example/r", "r"))
    server.pages["/feed"] = Page(whole[: whole.index(b"The rest")], etag='"1"')  # and no length says how long it is
    configure(project, server, "/feed")
    assert [result.detail.partition(";")[0] for result in poll(project, START).results] == ["1 entry"]
    server.pages["/feed"] = Page(whole, etag='"1"')
    assert poll(project, START + DAY).news > 0
    assert poll(project, START + 2 * DAY).results[0].detail == "not modified"


def test_validators_in_any_script_go_back_as_they_came(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(rss(STORY), etag="\u00d0\u009a")  # the two bytes of a Cyrillic letter in UTF-8
    configure(project, server, "/feed")
    assert [poll(project, START + day * DAY).results[0].detail for day in range(2)] == ["1 entry", "not modified"]


def test_a_host_that_wants_to_be_left_alone_is(project: Project, server: Remote) -> None:
    for path in ("/a", "/b", "/c"):
        server.pages[path] = Page(status=429, headers={"Retry-After": "7200"})
    configure(project, server, "/a", "/b", "/c")
    report = poll(project, START)
    assert (len(report.results), report.postponed) == (1, 2)
    state = source_states(project.loaded())[report.results[0].source.id]
    assert state.due is not None
    assert state.due >= START + 7200


def test_a_source_moves_once_that_is_certain_and_is_retired_when_it_is_gone(project: Project, server: Remote) -> None:
    server.pages["/new"] = Page(rss(STORY))
    server.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    configure(project, server, "/old")
    for day in range(3):
        polled(project, START + day * DAY)
    assert source_states(project.loaded())["old"].moved_to == server.url + "/new"
    server.paths()
    polled(project, START + 4 * DAY)
    assert server.paths() == ["/new"]
    server.pages["/new"] = Page(status=410)
    polled(project, START + 5 * DAY)
    assert source_states(project.loaded())["old"].due is None
    assert poll(project, START + 900 * DAY).results == ()
    assert project.titles() == ["A remote story"]


def test_an_entry_that_vanished_is_kept_for_a_while(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(rss(STORY, Entry("Stays", "https://remote.example/s", "s")))
    configure(project, server, "/feed", polling={"retention_days": 10})
    polled(project, START)
    server.pages["/feed"] = Page(rss(Entry("Stays", "https://remote.example/s", "s")))
    polled(project, START + DAY)
    polled(project, START + 10 * DAY)
    assert sorted(project.titles()) == ["A remote story", "Stays"]
    polled(project, START + 11 * DAY)
    assert project.titles() == ["Stays"]


def test_a_feed_that_breaks_off_withdraws_nothing(project: Project, server: Remote) -> None:
    whole = rss(Entry("Stays", "https://remote.example/s", "s"), STORY)
    server.pages["/feed"] = Page(whole)
    configure(project, server, "/feed", polling={"retention_days": 0})
    polled(project, START)
    server.pages["/feed"] = Page(whole[: whole.index(b"A remote story")])
    report = polled(project, START + DAY)
    assert report.failed == ()
    assert sorted(project.titles()) == ["A remote story", "Stays"]
    server.pages["/feed"] = Page(rss(Entry("Stays", "https://remote.example/s", "s")))
    polled(project, START + 2 * DAY)
    assert project.titles() == ["Stays"]


def test_a_source_taken_out_of_the_settings_takes_its_entries_along(project: Project, server: Remote) -> None:
    server.pages.update({"/a": Page(rss(STORY)), "/b": Page(rss(Entry("B", "https://b.example/", "b")))})
    configure(project, server, "/a", "/b")
    polled(project, START)
    ids = set(project.items())
    configure(project, server, "/b")
    project.build(START + 10)
    assert project.titles() == ["B"]
    configure(project, server, "/a", "/b")
    polled(project, START + 20)
    assert set(project.items()) == ids


def test_new_rules_are_applied_to_what_was_polled_and_nobody_is_asked(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(rss(STORY, Entry("Sponsored: buy", "https://remote.example/s", "s")))
    configure(project, server, "/feed")
    polled(project, START)
    server.paths()
    configure(project, server, "/feed", each={"exclude": ["sponsored"], "topics": ["From afar"]})
    project.build(START + 10)
    assert project.titles() == ["A remote story"]
    assert project.titles("topics/from-afar") == ["A remote story"]
    configure(project, server, "/feed")
    project.build(START + 20)
    assert sorted(project.titles()) == ["A remote story", "Sponsored: buy"]
    assert server.paths() == []


def test_full_texts_are_published_where_they_are_wanted(project: Project, server: Remote) -> None:
    html = "<p onclick='x()'>Long <a href='/rel'>text</a></p><script>x</script>"
    text = f"<content:encoded><![CDATA[{html}]]></content:encoded>"
    server.pages["/feed"] = Page(rss(Entry(**{**vars(STORY), "extra": text})))
    configure(project, server, "/feed", each={"full_text": True})
    polled(project, START)
    [item] = project.items().values()
    assert item["content_html"] == '<p>Long <a href="https://remote.example/rel">text</a></p>'
    configure(project, server, "/feed")
    project.build(START + 10)
    [item] = project.items().values()
    assert "content_html" not in item


def test_secrets_come_from_the_environment_and_stay_with_their_host(project: Project, server: Remote) -> None:
    with remote() as other:
        other.pages["/feed"] = Page(rss(STORY))
        server.pages["/feed"] = Page(status=302, headers={"Location": other.url + "/feed"})
        configure(project, server, "/feed", each={"token_env": "NEWS_TOKEN"})
        report = poll(project, START, everything=True)
        assert report.failed[0].fault == "the environment variable NEWS_TOKEN is not set"
        from feeds.config.load import load

        loaded = load(project.config, {}, {"NEWS_TOKEN": "s3cret"}, project.root)
        assert "s3cret" not in repr(loaded)
        assert run_poll(loaded, everything=True, clock=lambda: START + DAY).failed == ()
        assert server.asked[-1][1]["authorization"] == "Bearer s3cret"
        assert "authorization" not in other.asked[-1][1]
        assert b"s3cret" not in project.state.read_bytes()
