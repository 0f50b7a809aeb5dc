"""Pages of archives and web pages on a real socket."""

import gzip
import os

import brotli
import pytest
from project import START, Draft

HUBS = ("https://hub.example/",)
PAGE = b"<feed>" + b"an old story " * 100 + b"</feed>"
PAGE_PATH = "/archive/topics/ai/1.atom"


@pytest.fixture
def archived(out, put):
    """Return a published folder with an archive, and web pages beside the feeds."""
    put(out / "archive/topics/ai/1.atom", PAGE)
    put(out / "archive/topics/ai/1.atom.gz", gzip.compress(PAGE))
    put(out / "archive/topics/ai/1.atom.br", brotli.compress(PAGE))
    put(out / "archive/all/2.rss", PAGE)
    put(out / "index.html", b"<title>Feeds</title>")
    put(out / "topics/ai.html", b"<title>AI</title>")
    put(out / "feeds.opml", b"<opml/>")
    return out


@pytest.mark.parametrize("memory", [0, 10_000_000])
def test_a_page_is_sent_with_validators_and_no_hub(serving, archived, memory):
    with serving(archived, hubs=HUBS, memory_bytes=memory) as server:
        got = server.ask(PAGE_PATH)
        assert (got.status, got.body, got.fields["content-type"]) == (200, PAGE, "application/atom+xml")
        assert got.fields["cache-control"] == "public, max-age=3600, must-revalidate"
        assert got.fields["vary"] == "accept-encoding"
        assert "link" not in got.fields
        assert 'rel="hub"' in server.ask("/all.rss").fields["link"]
        for field, validator in (("If_None_Match", "etag"), ("If_Modified_Since", "last-modified")):
            again = server.ask(PAGE_PATH, **{field: got.fields[validator]})
            assert (again.status, again.body) == (304, b"")
            assert {again.fields[name] == got.fields[name] for name in ("etag", "last-modified", "cache-control")} == {
                True
            }
        head = server.ask(PAGE_PATH, "HEAD")
        assert (head.status, head.body, head.fields["content-length"]) == (200, b"", str(len(PAGE)))


def test_a_page_comes_in_the_forms_that_the_publisher_made(serving, archived):
    with serving(archived) as server:
        tags = set()
        for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress), ("", bytes)):
            got = server.ask(PAGE_PATH, Accept_Encoding=coding)
            assert got.fields.get("content-encoding", "") == coding
            assert unpack(got.body) == PAGE
            tags.add(got.fields["etag"])
        assert len(tags) == 3
        assert server.ask("/archive/all/2.rss", Accept_Encoding="gzip, br").body == PAGE
        assert server.ask(PAGE_PATH, Accept_Encoding="identity;q=0, *;q=0").status == 406


def test_a_form_of_another_version_is_not_sent(serving, archived, put):
    put(archived / "archive/topics/ai/1.atom", PAGE + b" ")  # later: its forms are those of the version before
    with serving(archived) as server:
        got = server.ask(PAGE_PATH, Accept_Encoding="gzip, br")
        assert (got.body, got.fields.get("content-encoding")) == (PAGE + b" ", None)


def test_a_time_to_come_is_not_told(serving, archived):
    os.utime(archived / "archive/all/2.rss", (2**32, 2**32))
    with serving(archived) as server:
        got = server.ask("/archive/all/2.rss")
        assert got.status == 200
        assert "last-modified" not in got.fields


def test_a_page_is_there_as_soon_as_it_is_published_and_gone_as_soon_as_it_is_deleted(serving, archived, put):
    with serving(archived) as server:
        assert server.ask("/archive/all/3.rss").status == 404
        put(archived / "archive/all/3.rss", b"<rss/>")
        assert server.ask("/archive/all/3.rss").body == b"<rss/>"
        put(archived / "archive/all/3.rss", b"<rss>corrected</rss>")
        assert server.ask("/archive/all/3.rss").body == b"<rss>corrected</rss>"
        (archived / "archive/all/3.rss").unlink()
        assert server.ask("/archive/all/3.rss").status == 404


def test_with_a_feed_its_archive_is_withdrawn(serving, archived, put):
    put(archived / "archive/topics/old/1.rss", b"left behind")
    with serving(archived) as server:
        assert server.ask("/archive/topics/old/1.rss").status == 410
        (archived / "topics/ai.atom").unlink()
        server.look()
        assert server.ask(PAGE_PATH).status == 410


@pytest.mark.parametrize(
    "path",
    [
        *("/archive", "/archive/", "/archive/topics/ai", "/archive/topics/ai/", "/archive/all/0.rss"),
        *(
            "/archive/all/02.rss",
            "/archive/all/2.rss.gz",
            "/archive/all/2",
            "/archive/all/2.RSS",
            "/archive/all/-2.rss",
        ),
        *("/archive/all/2.rss/", "/archive//all/2.rss", "/archive/all//2.rss", "/archive/./all/2.rss"),
        *(
            "/archive/topics/../all/2.rss",
            "/archive/%2e%2e/all/2.rss",
            "/archive/all%00/2.rss",
            "/archive/feeds/1.json",
        ),
        *(
            "/archive/all/%D9%A2.rss",
            "/archive/all/99999999999999999999.rss",
            "/archive/all/2.rss%00",
            "/archive/index/1.html",
        ),
        *("/archive/all/7.rss", "/archive/all/8.rss", "/archive/topics/ai/9.atom", "/archive/../../private/2.rss"),
    ],
)
def test_nothing_else_is_found_below_the_archive(serving, archived, put, tmp_path, path):
    put(tmp_path / "private/2.rss", b"secret")
    put(archived / "archive/.hidden/1.rss", b"secret")
    (archived / "archive/all/7.rss").symlink_to(tmp_path / "private/2.rss")
    os.mkfifo(archived / "archive/all/8.rss")  # opening it to read would wait for ever
    (archived / "archive/topics/ai/9.atom").mkdir()
    with serving(archived) as server:
        got = server.ask(path)
        assert got.status in {400, 404}
        assert b"secret" not in got.body


@pytest.mark.parametrize("step", ["archive", "archive/topics", "archive/topics/ai"])
def test_no_step_to_a_page_may_be_a_link(serving, archived, put, step):
    outside = archived.parent / "outside"
    (archived / step).rename(outside)
    (archived / step).symlink_to(outside)
    with serving(archived) as server:
        assert server.ask(PAGE_PATH).status == 404


def test_the_folder_itself_may_be_a_link(serving, archived):
    (archived.parent / "www").symlink_to(archived)
    with serving(archived.parent / "www") as server:
        assert server.ask(PAGE_PATH).body == PAGE


def test_web_pages_and_lists(serving, archived):
    with serving(archived, hubs=HUBS) as server:
        assert server.ask("/").body == server.ask("/index.html").body == b"<title>Feeds</title>"
        for path, kind in (("/", "text/html"), ("/topics/ai.html", "text/html"), ("/feeds.opml", "text/x-opml")):
            got = server.ask(path)
            assert (got.status, got.fields["content-type"]) == (200, f"{kind}; charset=utf-8")
            assert "link" not in got.fields
        assert [server.ask(path).status for path in ("/topics", "/topics/", "/topics/law.html")] == [404, 404, 404]
        assert server.ask("/health.html").status == 404


@pytest.mark.parametrize("images", ["ask", "show", "hide"])
def test_the_policy_of_the_server_forbids_nothing_that_a_page_allows_itself(serving, project, images):
    """Both are in force in a browser: what one forbids is forbidden."""
    project.configure(pages={"enabled": True, "images": images, "health": True}, feeds={"archives": True, "limit": 2})
    for number in range(5):
        project.write(f"{number}.md", Draft(f"https://news.example/{number}", f"Story {number}"))
    project.build(START)
    with serving(project.out) as server:
        for path in ("/", "/all.html", "/topics/ai.html", "/health.html"):
            got = server.ask(path)
            assert got.status == 200
            own = policy(got.body.decode().partition('Content-Security-Policy" content="')[2].partition('"')[0])
            sent = policy(got.fields["content-security-policy"])
            assert own["script-src"]
            for name, sources in own.items():
                wanted = {each.strip("'") for each in sources} - {"none"}
                given = {each.strip("'") for each in sent.get(name, sent["default-src"])}
                assert wanted <= given | ({"https:", "http:", "self"} if "*" in given else set()), name
        assert server.ask("/archive/all/1.json").fields["content-type"] == "application/feed+json"


def policy(text: str) -> dict[str, list[str]]:
    parts = [part.split() for part in text.replace("&#39;", "'").split(";") if part.strip()]
    return {name: sources for name, *sources in parts}
