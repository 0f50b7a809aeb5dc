import pytest

from feeds.web.addresses import host_of, next_url, origin_of, url_refusal


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/a?b#c", ""),
        ("http://example.com:8080/", ""),
        ("http://[2606:4700::1111]/", ""),
        ("ftp://example.com/", "url-scheme"),
        ("javascript:alert(1)", "url-scheme"),
        ("file:///etc/passwd", "url-scheme"),
        ("mailto:a@example.com", "url-scheme"),
        ("http://user:secret@example.com/", "url-userinfo"),
        ("http://user@example.com/", "url-userinfo"),
        ("http://example.com:25/", "url-port"),
        ("https://example.com:6667/", "url-port"),
        ("http://exa mple.com/", "url-malformed"),
        ("http://", "url-malformed"),
        ("example.com/a", "url-malformed"),
        ("", "url-malformed"),
        ("http://example.com/" + "a" * 8192, "url-malformed"),
    ],
)
def test_which_urls_are_asked(url, reason):
    assert url_refusal(url) == reason


@pytest.mark.parametrize(
    ("url", "status", "location", "target"),
    [
        ("http://a.example/b/c", 301, "/d", "http://a.example/d"),
        ("http://a.example/b/c", 302, "d?e", "http://a.example/b/d?e"),
        ("https://a.example/b", 303, "//b.example/x", "https://b.example/x"),
        ("https://a.example/b", 307, " https://b.example ", "https://b.example/"),
        ("https://a.example/b", 308, "/é ü", "https://a.example/%C3%A9%20%C3%BC"),
        ("https://a.example/b#part", 301, "/c", "https://a.example/c#part"),
        ("https://a.example/b#part", 301, "/c#other", "https://a.example/c#other"),
        ("https://a.example/b", 301, "http://0x7f.1/", "http://127.0.0.1/"),
        ("https://a.example/b", 301, "http://2130706433/", "http://127.0.0.1/"),
        ("https://a.example/b", 301, "//b.example\\@c.example/", "https://b.example/@c.example/"),
        ("https://a.example/b", 301, "", ""),
        ("https://a.example/b", 301, "http://a b/", ""),
        ("https://a.example/b", 300, "/c", ""),
        ("https://a.example/b", 304, "/c", ""),
        ("https://a.example/b", 200, "/c", ""),
    ],
)
def test_where_a_redirect_leads(url, status, location, target):
    assert next_url(url, status, location) == target


def test_the_parts_of_a_url():
    assert origin_of("https://Example.com:443/a") == "https://example.com"
    assert origin_of("http://example.com:8080/a") == "http://example.com:8080"
    assert host_of("http://EXAMPLE.com:8080/a") == "example.com"
