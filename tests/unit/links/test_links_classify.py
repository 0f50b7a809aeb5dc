import pytest

from feeds.links.classify import classify, needs_get, target
from feeds.model.link import Role, Seen

URL = "https://news.example/2024/05/a-story-about-something"
ON = "https://news.example/stories/a-story-about-something"
FRONT = "https://news.example/"

STATUSES = [
    *((status, Seen.ALIVE) for status in (200, 203, 204, 206, 299, 304)),
    (404, Seen.MISSING),
    (410, Seen.GONE),
    *((status, Seen.BLOCKED) for status in (401, 402, 403, 405, 406, 407, 418, 423, 429, 451, 999)),
    *((status, Seen.TRANSIENT) for status in (400, 408, 409, 425, 431, 500, 502, 503, 504, 520, 521, 527, 530, 700)),
    *((status, Seen.TRANSIENT) for status in (100, 300, 301, 302, 305)),
]


@pytest.mark.parametrize(("status", "seen"), STATUSES)
def test_status(status, seen):
    assert classify(URL, Role.ARTICLE, status, {}, (), "") == (seen, f"http-{status}")


ERRORS = [
    (Seen.REFUSED, "url-scheme url-malformed address-private address-loopback robots-disallow excluded"),
    (Seen.LOCAL, "no-route too-many-files dns-busy proxy resolver-down breaker-open"),
    (Seen.NO_HOST, "dns-nxdomain"),
    (Seen.TRANSIENT, "dns-failure refused connect-timeout host-unreachable read-timeout total-timeout reset bad-http"),
    (Seen.TRANSIENT, "empty-reply something-new"),
    (Seen.TLS, "tls-expired tls-host tls-unknown-issuer tls-handshake"),
    (Seen.LOOP, "redirect-loop too-many-redirects"),
    (Seen.ALIVE, "headers-too-large"),
    (Seen.BLOCKED, "robots-unreachable"),
]


@pytest.mark.parametrize(("seen", "code"), [(seen, code) for seen, codes in ERRORS for code in codes.split()])
def test_error(seen, code):
    assert classify(URL, Role.ARTICLE, 0, {}, (), code) == (seen, code)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (403, {"CF-Mitigated": "challenge"}, (Seen.BLOCKED, "challenge")),
        (200, {"cf-mitigated": "challenge"}, (Seen.BLOCKED, "challenge")),
        (404, {"cf-mitigated": "challenge"}, (Seen.BLOCKED, "challenge")),
        (503, {"X-Amzn-Waf-Action": "challenge"}, (Seen.BLOCKED, "challenge")),
        (202, {"x-amzn-waf-action": "challenge"}, (Seen.BLOCKED, "challenge")),
        (202, {}, (Seen.ALIVE, "http-202")),
        (200, {"x-datadome": "protected"}, (Seen.ALIVE, "http-200")),
        (404, {"x-datadome": "protected"}, (Seen.MISSING, "http-404")),
        (503, {"retry-after": "60"}, (Seen.TRANSIENT, "http-503")),
    ],
)
def test_challenges(status, headers, expected):
    assert classify(URL, Role.ARTICLE, status, headers, (), "") == expected


CHAINS = [
    (((301, ON),), 200, (Seen.MOVED, "http-301")),
    (((308, ON),), 200, (Seen.MOVED, "http-308")),
    (((302, ON),), 200, (Seen.TEMPORARY, "http-302")),
    (((307, ON), (301, ON + "-2")), 200, (Seen.TEMPORARY, "http-307")),
    (((301, ON), (302, ON + "-2")), 200, (Seen.MOVED, "http-301")),
    (((301, ON),), 404, (Seen.MISSING, "http-404")),
    (((301, ON),), 403, (Seen.BLOCKED, "http-403")),
    # soft
    (((302, FRONT),), 200, (Seen.SOFT, "soft-front-page")),
    (((301, "https://other.example"),), 200, (Seen.SOFT, "soft-front-page")),
    (((301, "https://news.example/en/"),), 200, (Seen.SOFT, "soft-front-page")),
    (((301, "https://news.example/index.html"),), 200, (Seen.SOFT, "soft-front-page")),
    (((301, "https://news.example/?p=77"),), 200, (Seen.MOVED, "http-301")),
    (((301, "https://news.example/404"),), 200, (Seen.SOFT, "soft-error-page")),
    (((301, "https://news.example/errors/page-not-found.html"),), 200, (Seen.SOFT, "soft-error-page")),
    (((301, "https://news.example/error?was=/2024/05"),), 200, (Seen.SOFT, "soft-error-page")),
    (((301, "https://news.example/2024/05/404-media-raises-money"),), 200, (Seen.MOVED, "http-301")),
    # log-in and consent
    (((302, "https://login.news.example/?back=1"),), 200, (Seen.BLOCKED, "login")),
    (((302, "https://consent.portal.example/v2/collectConsent?id=1"),), 200, (Seen.BLOCKED, "login")),
    (((302, "https://news.example/login.php"),), 404, (Seen.BLOCKED, "login")),
    (((302, "https://news.example/authwall"),), 200, (Seen.BLOCKED, "login")),
    (((302, "https://sso.news.example/check"), (302, ON)), 200, (Seen.TEMPORARY, "http-302")),
    (((302, "https://sso.news.example/check"), (302, URL)), 302, (Seen.BLOCKED, "login")),
    # loops
    (((301, ON), (301, URL)), 301, (Seen.LOOP, "redirect-loop")),
    (tuple((302, f"{ON}-{n}") for n in range(11)), 302, (Seen.LOOP, "too-many-redirects")),
    (tuple((302, f"{ON}-{n}") for n in range(10)), 302, (Seen.TRANSIENT, "http-302")),
    (((302, ON), (302, URL)), 200, (Seen.TEMPORARY, "http-302")),
]


@pytest.mark.parametrize(("hops", "status", "expected"), CHAINS)
def test_chain(hops, status, expected):
    assert classify(URL, Role.ARTICLE, status, {"content-type": "text/html"}, hops, "") == expected


@pytest.mark.parametrize(
    ("url", "final", "seen"),
    [
        ("https://t.example/Xy7zK2", FRONT, Seen.MOVED),  # a shortener may well lead to a front page
        ("https://news.example/sport", FRONT, Seen.MOVED),
        ("https://news.example/a-long-headline-as-a-path", FRONT, Seen.SOFT),
        ("https://news.example/?p=4711", FRONT, Seen.SOFT),
        ("https://news.example/a/index.html", "https://www.news.example/a/index.html", Seen.MOVED),
        ("https://news.example/docs/errors/", "https://news.example/manual/errors/", Seen.MOVED),
        ("https://news.example/login/help", "https://news.example/new/login/help", Seen.MOVED),
        ("https://news.example/a/b", "https://news.example:bad/a/b", Seen.MOVED),
        ("https://news.example/a/b", "http://[::1/a/b", Seen.MOVED),
    ],
)
def test_where_it_came_from_matters(url, final, seen):
    assert classify(url, Role.ARTICLE, 200, {}, ((301, final),), "")[0] is seen


@pytest.mark.parametrize(
    ("role", "kind", "seen"),
    [
        (Role.IMAGE, "text/html; charset=utf-8", Seen.SOFT),
        (Role.IMAGE, "Text/HTML", Seen.SOFT),
        (Role.ENCLOSURE, "text/html", Seen.SOFT),
        (Role.IMAGE, "image/jpeg", Seen.ALIVE),
        (Role.IMAGE, "", Seen.ALIVE),
        (Role.AMP, "text/html", Seen.ALIVE),  # an AMP page is one
        (Role.CDN_AMP, "text/html", Seen.ALIVE),
        (Role.ARTICLE, "text/html", Seen.ALIVE),
    ],
)
def test_a_page_in_place_of_a_file(role, kind, seen):
    assert classify(URL, role, 200, {"Content-Type": kind}, (), "")[0] is seen


def test_where_many_pages_end_is_no_sign_of_life():
    hops = ((301, "https://news.example/whatever/old-articles"),)
    assert classify(URL, Role.ARTICLE, 200, {}, hops, "")[0] is Seen.MOVED
    assert classify(URL, Role.ARTICLE, 200, {}, hops, "", crowded={hops[0][1]}) == (Seen.SOFT, "soft-crowded")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (200, "total-timeout", (Seen.ALIVE, "http-200")),
        (404, "reset", (Seen.MISSING, "http-404")),
        (403, "bad-http", (Seen.BLOCKED, "http-403")),
        (200, "tls-expired", (Seen.TLS, "insecure")),
        (403, "tls-host", (Seen.TLS, "insecure")),
        (404, "tls-expired", (Seen.TLS, "tls-expired")),
        (500, "tls-expired", (Seen.TLS, "tls-expired")),
        (403, "address-private", (Seen.REFUSED, "address-private")),
        (403, "no-route", (Seen.LOCAL, "no-route")),
    ],
)
def test_a_status_and_an_error(status, code, expected):
    assert classify(URL, Role.ARTICLE, status, {}, (), code) == expected


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        ((), ""),
        (((302, ON),), ""),
        (((301, ON),), ON),
        (((301, ON), (308, FRONT)), FRONT),
        (((301, ON), (303, FRONT), (301, URL)), ON),
    ],
)
def test_target(hops, expected):
    assert target(hops) == expected


REFUSED_HEAD = (400, 401, 403, 404, 405, 406, 410, 451, 500, 501, 502, 503, 520, 999)
GETS = [
    *((status, "", Role.ARTICLE, (False, False), True) for status in REFUSED_HEAD),
    *((status, "", Role.ENCLOSURE, (False, False), False) for status in (429, 301, 304)),
    *(
        (0, code, Role.ARTICLE, (False, False), True)
        for code in ("read-timeout", "total-timeout", "reset", "empty-reply")
    ),
    *((0, code, Role.ARTICLE, (False, False), False) for code in ("connect-timeout", "dns-nxdomain", "tls-expired")),
    (200, "", Role.ARTICLE, (False, False), False),
    (200, "", Role.IMAGE, (False, True), False),
    (200, "", Role.IMAGE, (True, False), True),
    (200, "", Role.ENCLOSURE, (False, True), True),
    (200, "", Role.ENCLOSURE, (True, True), False),
]


@pytest.mark.parametrize(("status", "code", "role", "known", "expected"), GETS)
def test_needs_get(status, code, role, known, expected):
    assert needs_get(status, code, role, *known) is expected
    assert not needs_get(status, code, role, *known, retry_after=True)
