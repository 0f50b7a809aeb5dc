"""Sources that are added, taken in and removed, in a project on disk; feeds are asked for on the loopback interface."""

import gzip
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from project import START, Project
from sources import Entry, Page, Remote, remote, rss

from feeds.app.polling import run_poll, source_states
from feeds.app.source_adding import Added, Several, add_source
from feeds.app.sources import (
    Wish,
    export_sources,
    export_to,
    import_sources,
    keep_sources,
    known_sources,
    new_source,
    remove_sources,
)
from feeds.errors import ConfigError, UsageError

FEED = rss(Entry("One", "https://remote.example/1", date=START - 60), Entry("Two", "https://remote.example/2"))
HTML = {"Content-Type": "text/html; charset=utf-8"}
ATOM = '<link rel="alternate" type="application/atom+xml" title="{1}" href="{0}">'


@pytest.fixture
def server() -> Iterator[Remote]:
    with remote() as started:
        yield started


@pytest.fixture
def project(project: Project) -> Project:
    project.configure(links={"allow_networks": ["127.0.0.0/8"]})
    return project


def page(*links: tuple[str, str]) -> Page:
    return Page(f"<!doctype html><title>x</title>{''.join(ATOM.format(*link) for link in links)}".encode(), 200, HTML)


def listed(project: Project) -> list[tuple[str, str]]:
    return [(each.name, each.settings.url) for each in project.loaded().listed]


def file(project: Project) -> Path:
    return project.root / "config" / "sources.opml"


def add(project: Project, url: str, **said: Any) -> Added:
    how = {key: said.pop(key) for key in ("check", "first") if key in said}
    done = add_source(project.loaded(), Wish(url, **said), **how)
    assert isinstance(done, Added)
    return done


def refused(project: Project, url: str, **said: Any) -> str:
    before = file(project).read_bytes() if file(project).exists() else None
    with pytest.raises(UsageError) as caught:
        add(project, url, **said)
    assert (file(project).read_bytes() if file(project).exists() else None) == before
    return str(caught.value)


# --- add


def test_a_feed_is_added_with_what_it_says(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(FEED)
    done = add(project, f"{server.url}/feed", topics=("AI", "C, D"), provider="Remote", id="remote")
    assert done.is_new
    assert done.feed is not None
    assert (done.feed.title, done.feed.entries, done.feed.faults) == ("Remote News", 2, ())
    assert done.feed.newest is not None
    assert done.feed.newest.timestamp() == START - 60
    [source] = project.loaded().listed
    assert (source.name, source.title, source.home) == ("remote", "Remote News", "https://remote.example/")
    assert (source.settings.topics, source.settings.provider.name) == (("AI", "C, D"), "Remote")
    assert server.paths() == ["/feed"]


def test_what_was_added_is_polled_and_known(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(FEED)
    add(project, f"{server.url}/feed", id="remote")
    assert [each.state for each in known_sources(project.loaded(), source_states(project.loaded()))] == [None]
    run_poll(project.loaded(), clock=lambda: START)
    [known] = known_sources(project.loaded(), source_states(project.loaded()))
    assert known.state is not None
    assert (known.id, known.place, known.state.polled, known.state.entries) == (
        "remote",
        "config/sources.opml:7",
        START,
        2,
    )


def test_a_page_that_points_to_one_feed(project: Project, server: Remote) -> None:
    server.pages |= {"/": page(("news/atom", "News")), "/news/atom": Page(FEED)}
    assert add(project, f"{server.url}/").source.settings.url == f"{server.url}/news/atom"
    assert [url for _, url in listed(project)] == [f"{server.url}/news/atom"]


def test_of_several_feeds_none_is_taken_unasked(project: Project, server: Remote) -> None:
    server.pages |= {"/": page(("/a", "News"), ("/b", "Comments")), "/a": Page(FEED), "/b": Page(FEED)}
    found = add_source(project.loaded(), Wish(f"{server.url}/"))
    assert found == Several(((f"{server.url}/a", "News"), (f"{server.url}/b", "Comments")))
    assert server.paths() == ["/"]
    assert listed(project) == []
    assert add(project, f"{server.url}/", first=True).source.settings.url == f"{server.url}/a"


def test_a_feed_that_moved_for_good_is_added_where_it_is(project: Project, server: Remote) -> None:
    server.pages |= {"/old": Page(status=301, headers={"Location": "/new"}), "/new": Page(FEED)}
    server.pages["/now"] = Page(status=302, headers={"Location": "/new?2"})
    server.pages["/new?2"] = Page(FEED)
    assert add(project, f"{server.url}/old").source.settings.url == f"{server.url}/new"
    assert add(project, f"{server.url}/now").source.settings.url == f"{server.url}/now"


def test_a_packed_feed(project: Project, server: Remote) -> None:
    server.pages["/feed"] = Page(gzip.compress(FEED), headers={"Content-Encoding": "gzip"})
    assert add(project, f"{server.url}/feed").is_new


def test_what_is_known_is_not_added_again(project: Project, server: Remote) -> None:
    server.pages |= {"/": page(("/feed", "")), "/feed": Page(FEED)}
    add(project, f"{server.url}/feed", id="remote")
    before = file(project).stat().st_mtime_ns
    assert server.paths() == ["/feed"]
    again = add(project, f"{server.url}/feed", topics=("AI",))
    assert (again.is_new, again.source.name, server.paths()) == (False, "remote", [])
    through_its_page = add(project, f"{server.url}/")
    assert (through_its_page.is_new, through_its_page.source.name) == (False, "remote")
    assert file(project).stat().st_mtime_ns == before


def test_nobody_is_asked_without_a_check(project: Project) -> None:
    done = add(project, "example.org/feed.xml", check=False)
    assert done.feed is None
    assert listed(project) == [("example-org-feed-xml", "https://example.org/feed.xml")]


ENDS: dict[str, tuple[Page, str]] = {
    "gone": (Page(status=410), "{} answers 410; try again later, or add it unseen with --no-check"),
    "locked": (
        Page(status=401),
        "{} answers 401; a source that wants credentials is written into feeds.yaml, with username_env or token_env",
    ),
    "a page without feeds": (
        Page(b"<!doctype html><p>Hello", 200, HTML),
        "{} is no feed: this is a web page, not a feed; give the address of a feed, or of a page with one",
    ),
    "a page that lies": (
        page(("/nowhere", "")),
        "{.url}/nowhere answers 404; try again later, or add it unseen with --no-check",
    ),
    "a circle": (
        Page(status=302, headers={"Location": "/x"}),
        "{} cannot be asked (too-many-redirects); try again later, or add it unseen with --no-check",
    ),
    "a bomb": (
        Page(gzip.compress(b" " * 4_000_000), headers={"Content-Encoding": "gzip"}),
        "{} cannot be asked (too-large); raise polling.max_bytes if it may be that large",
    ),
    "entities": (
        Page(b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>'),
        (
            "{} is no feed: declares entities, which no feed needs: refused unread; "
            "give the address of a feed, or of a page with one"
        ),
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_what_is_no_feed_is_not_added(project: Project, server: Remote, name: str) -> None:
    project.configure(links={"allow_networks": ["127.0.0.0/8"]}, polling={"max_bytes": 1_000_000})
    server.pages["/x"], said = ENDS[name]
    expected = said.format(server) if "{." in said else said.format(f"{server.url}/x")
    assert refused(project, f"{server.url}/x") == expected


def test_private_addresses_are_refused_unless_allowed(project: Project, server: Remote) -> None:
    project.configure()
    server.pages |= {"/feed": Page(FEED)}
    assert refused(project, f"{server.url}/feed") == (
        f"{server.url}/feed cannot be asked (address-loopback); "
        "open its network with links.allow_networks if it may be asked"
    )
    assert server.paths() == []


WRONG = {
    "no address": ("http://exa mple/", {}, "URL: 'http://exa mple/' is no web address; "),
    "a password": ("https://me:secret@example.org/", {}, "URL: holds a user name or password; "),
    "an odd id": ("https://example.org/", {"id": "My Feed"}, "--id: must be a-z, 0-9, dots, - and _ only"),
    "no topic": ("https://example.org/", {"topics": ("AI", " ")}, "--topic: must not be empty"),
    "an id that is taken": (
        "https://example.org/",
        {"id": "taken"},
        "--id: 'taken' is the source at config/feeds.yaml:1:",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wishes_that_cannot_be_granted(project: Project, name: str) -> None:
    project.configure(sources=[{"url": "https://b.example/", "id": "taken"}])
    url, said, reason = WRONG[name]
    told = refused(project, url, **said)
    assert told.startswith(reason)
    assert "secret" not in told


# --- import, export, remove


def taken_in(project: Project, *outlines: str) -> tuple[list[str], int, tuple[str, ...]]:
    lines = "\n".join(("<opml><body>", *outlines, "</body></opml>"))
    path = project.root / "list.opml"
    path.write_text(lines, encoding="utf-8")
    found = import_sources(project.loaded(), path)
    return [each.name for each in found.new], found.known, found.faults


def test_known_addresses_stay_as_they_are(project: Project) -> None:
    project.configure(sources=[{"url": "https://a.example/feed", "id": "a", "topics": ["AI"]}])
    assert taken_in(project, '<outline xmlUrl="https://b.example/" category="B"/>') == (["b-example"], 0, ())
    first = project.loaded().listed
    outlines = (
        '<outline xmlUrl="http://www.a.example/feed/" title="Another" category="B"/>',
        '<outline xmlUrl="http://b.example/" category="C"/>',
        '<outline xmlUrl="https://c.example/"/>',
        '<outline xmlUrl="http://c.example/"/>',
    )
    assert taken_in(project, *outlines) == (["c-example"], 3, ())
    assert project.loaded().listed[:2] == first
    assert taken_in(project, *outlines) == ([], 4, ())


def test_ids_never_clash(project: Project) -> None:
    project.configure(sources=[{"url": "https://a.example/x-y"}])
    outlines = ('<outline xmlUrl="https://a.example/x/y"/>', '<outline xmlUrl="https://a.example/x_y"/>')
    assert taken_in(project, *outlines)[0] == ["a-example-x-y-2", "a-example-x-y-3"]
    head = '<outline xmlns:feeds="urn:x-feeds:sources" xmlUrl="https://z.example/" feeds:id="a-example-x-y"/>'
    new, known, [fault] = taken_in(project, head)
    assert (new, known) == ([], 0)
    assert fault.endswith(
        "list.opml:2:1: has the id 'a-example-x-y' of the source at config/feeds.yaml:1:94; change its feeds:id"
    )


def test_a_source_whose_address_changes_keeps_its_id(project: Project) -> None:
    add(project, "https://example.org/feed.xml", check=False)
    text = file(project).read_text(encoding="utf-8").replace("https://example.org/feed.xml", "https://new.example/rss")
    file(project).write_text(text, encoding="utf-8")
    assert listed(project) == [("example-org-feed-xml", "https://new.example/rss")]


def test_what_is_exported_can_be_imported(project: Project, tmp_path: Path) -> None:
    provider = {"name": "A & B", "domain": "a.example"}
    project.configure(sources=[{"url": "https://a.example/", "id": "a", "topics": ["X/Y", "AI"], "provider": provider}])
    add(project, "https://b.example/", check=False, topics=("AI",))
    export_to(project.loaded(), tmp_path / "deep" / "all.opml")
    other = Project(tmp_path / "other")
    found = import_sources(other.loaded(), tmp_path / "deep" / "all.opml")
    assert (len(found.new), found.known, found.faults) == (2, 0, ())
    given = [each.settings.model_dump(exclude={"id"}) for each in project.loaded().listed]
    assert [each.settings.model_dump(exclude={"id"}) for each in other.loaded().listed] == given
    assert listed(other) == listed(project)
    assert export_sources(other.loaded()) == export_sources(project.loaded())


def test_remove_takes_an_id_or_an_address(project: Project) -> None:
    for name in "abc":
        add(project, f"https://{name}.example/", check=False)
    removed = remove_sources(project.loaded(), ["a-example", "http://www.c.example", "a-example"])
    assert [each.name for each in removed] == ["a-example", "c-example"]
    assert [name for name, _ in listed(project)] == ["b-example"]


def test_remove_says_where_the_others_are_and_removes_all_or_none(project: Project) -> None:
    project.configure(sources=[{"url": "https://a.example/", "id": "mine"}])
    add(project, "https://b.example/", check=False)
    before = file(project).read_bytes()
    for words, said in (
        (["b-example", "mine"], "mine is written at config/feeds.yaml:1:94, which commands do not touch; "),
        (["b-example", "b-exmaple"], "b-exmaple is no source; did you mean b-example?"),
        (["https://c.example/"], "https://c.example/ is no source; feeds sources list shows all of them"),
    ):
        with pytest.raises(UsageError, match="^" + said.replace("?", r"\?")):
            remove_sources(project.loaded(), words)
    assert file(project).read_bytes() == before


# --- the file


def test_the_file_may_be_elsewhere(project: Project) -> None:
    project.configure(sources_file="lists/mine.opml")
    add(project, "https://a.example/", check=False)
    assert (project.root / "lists" / "mine.opml").exists()
    assert not file(project).exists()
    assert project.loaded().listed[0].place.origin == "lists/mine.opml:7"


def test_two_commands_at_once_lose_nothing(project: Project) -> None:
    early = project.loaded()
    add(project, "https://a.example/", check=False)
    keep_sources(early, [new_source(early, Wish("https://b.example/")), new_source(early, Wish("https://a.example/"))])
    assert [name for name, _ in listed(project)] == ["a-example", "b-example"]


def test_a_file_that_broke_meanwhile_is_left_alone(project: Project) -> None:
    early = project.loaded()
    file(project).write_text("<opml>\n<body>\n<outline", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config/sources\.opml:3:1: broken XML"):
        keep_sources(early, [new_source(early, Wish("https://b.example/"))])
    assert file(project).read_text(encoding="utf-8") == "<opml>\n<body>\n<outline"


def test_no_list_is_written_that_could_not_be_read_again(project: Project) -> None:
    loaded = project.loaded()
    wishes = (Wish(f"https://example.org/{number:06}{'x' * 1900}") for number in range(2300))
    with pytest.raises(UsageError, match=r"^config/sources\.opml would be larger than 8 MiB and could not be read"):
        keep_sources(loaded, [new_source(loaded, wish) for wish in wishes])
    assert not file(project).exists()


def test_rights_and_links_stay(project: Project) -> None:
    add(project, "https://a.example/", check=False)
    kept = project.root / "kept.opml"
    file(project).rename(kept)
    file(project).symlink_to(kept)
    kept.chmod(0o640)
    add(project, "https://b.example/", check=False)
    assert file(project).is_symlink()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert len(listed(project)) == 2
    assert sorted(path.name for path in kept.parent.glob(".*")) == []


def test_a_folder_that_cannot_be_written_to_is_told(project: Project) -> None:
    if os.geteuid() == 0:  # whom no rights stop: a folder stands where the file would
        file(project).mkdir()
        with pytest.raises(ConfigError, match=r"config/sources\.opml: cannot be read: Is a directory"):
            project.loaded()
        return
    file(project).parent.chmod(0o500)
    try:
        assert refused(project, "https://a.example/", check=False).endswith("Permission denied; nothing was changed")
    finally:
        file(project).parent.chmod(0o700)
