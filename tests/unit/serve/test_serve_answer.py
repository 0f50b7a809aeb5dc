"""From a file and a request to status, fields and body."""

import pytest

from feeds.serve.answer import (
    Rules,
    answer,
    fields_of,
    form_of,
    front_page,
    not_acceptable,
    not_allowed,
    not_found,
    options,
    withdrawn,
)
from feeds.serve.media import is_compressible, media_type

RULES = Rules(3600, "https://feeds.example.org/", ("https://hub.example/", "https://h.example/?a=ü>b"))
RSS = "application/rss+xml"
THEN = 784_111_777


def form(body=b"<rss/>", coding="", path="topics/für.rss", kind=RSS, modified=THEN, rules=RULES, vary=True):
    return form_of(path, body, coding, kind, modified, rules, vary=vary)


def test_a_feed_comes_with_all_that_a_reader_can_use():
    status, headers, body, _ = answer(form(), {})
    assert (status, body) == (200, b"<rss/>")
    told = dict(headers)
    assert told.pop(b"content-security-policy").startswith(b"default-src 'self'; ")
    assert told == {
        b"content-type": b"application/rss+xml",
        b"content-length": b"6",
        b"etag": b'"5ad6d7d8e61fe4cf6c9933b6"',
        b"last-modified": b"Sun, 06 Nov 1994 08:49:37 GMT",
        b"cache-control": b"public, max-age=3600",
        b"vary": b"accept-encoding",
        b"access-control-allow-origin": b"*",
        b"x-content-type-options": b"nosniff",
        b"link": b'<https://hub.example/>; rel="hub", <https://h.example/?a=%C3%BC%3Eb>; rel="hub", '
        b'<https://feeds.example.org/topics/f%C3%BCr.rss>; rel="self"',
    }


def test_not_modified_repeats_both_validators_and_what_caches_go_by():
    status, headers, body, _ = answer(form(), {b"if-modified-since": b"Sun, 06 Nov 1994 08:49:37 GMT"})
    assert (status, body) == (304, b"")
    assert {name for name, _ in headers} == {
        *(b"etag", b"last-modified", b"cache-control", b"vary", b"access-control-allow-origin")
    }


def test_a_tag_is_of_the_bytes_and_of_nothing_else():
    assert form(path="a.rss", modified=1).etag == form(path="b.rss", modified=2).etag
    assert form(body=b"<rss />").etag != form().etag
    assert form(body=b"packed", coding="gzip").etag != form().etag


def test_a_coded_form_says_so():
    assert (b"content-encoding", b"br") in form(coding="br").fine.headers
    assert b"content-encoding" not in dict(form().fine.headers)


def test_what_has_one_form_does_not_vary():
    assert b"vary" not in dict(form(vary=False).fine.headers)


def test_a_time_to_come_is_not_told():
    assert b"last-modified" not in dict(form(modified=None).fine.headers)


def test_an_answer_is_ready_for_the_wire():
    head = options().head
    assert head.startswith(b"HTTP/1.1 204 No Content\r\nallow: GET, HEAD, OPTIONS\r\n")
    assert head.endswith(b"\r\n")
    assert head.count(b"\r\n") == 1 + len(options().headers)


def test_a_failed_precondition():
    assert answer(form(), {b"if-match": b'"x"'}).status == 412


@pytest.mark.parametrize(("path", "kind"), [("feeds.json", "application/json"), ("style.css", "text/css")])
def test_only_feeds_lead_to_hubs(path, kind):
    assert b"link" not in dict(form(path=path, kind=kind).fine.headers)


def test_lines_of_one_name_are_one_list():
    lines = [(b"if-none-match", b'"a"'), (b"accept", b"*/*"), (b"if-none-match", b'"b"')]
    assert fields_of(lines) == {b"if-none-match": b'"a", "b"', b"accept": b"*/*"}
    assert fields_of(iter([(b"host", b"x")])) == {b"host": b"x"}


SAID = [
    (not_found(RULES, published=True), 404, b"https://feeds.example.org/feeds.json"),
    (not_found(RULES, published=False), 404, b"Nothing is published here yet"),
    (withdrawn(RULES), 410, b"withdrawn"),
    (not_allowed(), 405, b"GET, HEAD and OPTIONS"),
    (not_acceptable(), 406, b"no form"),
]


@pytest.mark.parametrize(("said", "status", "words"), SAID)
def test_errors_are_plain_text_that_says_what_happened(said, status, words):
    headers = dict(said.headers)
    assert (said.status, headers[b"content-type"]) == (status, b"text/plain; charset=utf-8")
    assert words in said.body
    assert int(headers[b"content-length"]) == len(said.body)
    assert b"no-store" not in headers[b"cache-control"]
    assert headers[b"access-control-allow-origin"] == b"*"


def test_options_lets_scripts_of_any_page_ask_conditionally():
    status, headers, body, _ = options()
    assert (status, body) == (204, b"")
    assert b"if-none-match" in dict(headers)[b"access-control-allow-headers"]
    assert dict(headers)[b"allow"] == dict(not_allowed().headers)[b"allow"] == b"GET, HEAD, OPTIONS"


def test_the_front_page_leads_to_the_catalogue():
    assert b"https://feeds.example.org/feeds.json" in front_page(RULES).fine.body


JSON_FEED = b'{\n"version": "https://jsonfeed.org/version/1.1",\n'
TYPES = [
    ("all.rss", b"", "application/rss+xml"),
    ("topics/a.b.atom", b"", "application/atom+xml"),
    ("all.json", JSON_FEED, "application/feed+json"),
    ("all.json", JSON_FEED.replace(b"/", rb"\/"), "application/feed+json"),
    ("search.json", b"[]", "application/json"),
    ("feeds.json", JSON_FEED, "application/json"),
    ("feeds.opml", b"", "text/x-opml; charset=utf-8"),
    ("index.html", b"", "text/html; charset=utf-8"),
    ("a.css", b"", "text/css; charset=utf-8"),
    ("a.js", b"", "text/javascript; charset=utf-8"),
    ("a.SVG", b"", "image/svg+xml"),
    ("a.png", b"", "image/png"),
    ("rss", b"", "application/rss+xml"),
    ("README", b"", "application/octet-stream"),
    ("a.exe", b"", "application/octet-stream"),
]


@pytest.mark.parametrize(("path", "body", "kind"), TYPES)
def test_types(path, body, kind):
    assert media_type(path, body) == kind


@pytest.mark.parametrize(("kind", "worth_it"), [(RSS, True), ("text/css; charset=utf-8", True), ("image/png", False)])
def test_what_is_worth_compressing(kind, worth_it):
    assert is_compressible(kind) is worth_it
