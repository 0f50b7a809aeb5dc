"""Which URLs may be asked at all, and where a redirect leads, parsed as browsers parse (WHATWG).

It must look at text only: which address a host has is checked where the connection is opened.
"""

from ada_url import URL, join_url

LONGEST_URL = 8_192
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# The ports that https://fetch.spec.whatwg.org/#port-blocking forbids: mail, shells, printers and the like would take
# what we send for commands.
_PORTS = (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 "
    "135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 "
    "995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
)
_BLOCKED_PORTS = frozenset(_PORTS.split())


def url_refusal(url: str) -> str:
    """Return why a URL is not asked, "" if it may be: its form, its scheme, its port, or a user name in it."""
    try:
        parsed = URL(url) if len(url) <= LONGEST_URL else None
    except ValueError:
        parsed = None
    if parsed is None:
        return "url-malformed"
    if parsed.protocol not in {"http:", "https:"}:
        return "url-scheme"
    if parsed.username or parsed.password:
        return "url-userinfo"
    return "url-port" if parsed.port in _BLOCKED_PORTS else ""


def next_url(url: str, status: int, location: str) -> str:
    """Return where an answer to `url` leads, as an absolute URL; "" if nowhere.

    The fragment of the first URL is kept where the new one has none (RFC 9110, section 10.2.2).
    """
    if status not in _REDIRECTS or not location:
        return ""
    try:
        target = join_url(url, location.strip())
    except ValueError:
        return ""
    _, mark, fragment = url.partition("#")
    return target + mark + fragment if mark and "#" not in target else target


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL that `url_refusal` lets pass, e.g. `https://example.com:8443`."""
    return str(URL(url).origin)


def host_of(url: str) -> str:
    """Return the host of a URL that `url_refusal` lets pass, in lower-case ASCII."""
    return str(URL(url).hostname)
