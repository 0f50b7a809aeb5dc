"""Decide what a request gets: pure functions from a file and the fields of a request to status, fields and body.

Must never read a file or a clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from feeds.model.tree import ARCHIVE
from feeds.serve.conditions import http_date, is_failed, is_unchanged
from feeds.serve.media import FEED_TYPES, TEXT, media_type

Headers = list[tuple[bytes, bytes]]

# What a browser may do with a page or a feed shown as one: nothing from elsewhere but pictures and sound.
_POLICY = (
    b"default-src 'self'; img-src * data:; media-src *; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_ANYBODY = (b"access-control-allow-origin", b"*")
_NO_GUESSING = (b"x-content-type-options", b"nosniff")
_VARY = (b"vary", b"accept-encoding")
_ALLOWED = (b"allow", b"GET, HEAD, OPTIONS")
_URL = ":/?#[]@!$&'()*+,;=%~"  # what may stand in a URL as it is (RFC 3986 2.2)
NOT_FOUND_SECONDS = 60
# A page of an archive may still be corrected, and what is withdrawn from it must not live on in caches for long.
PAGE_SECONDS = 3600


class Answer(NamedTuple):
    """What goes back; `head` is status and headers as they go over the wire, without Date and the blank line."""

    status: int
    headers: Headers
    body: bytes
    head: bytes


def made(status: int, headers: Headers, body: bytes) -> Answer:
    """Return an answer."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(), *(b"%b: %b" % pair for pair in headers), b""]
    return Answer(status, headers, body, b"\r\n".join(lines))


@dataclass(frozen=True, slots=True)
class Rules:
    """What all answers go by: how long a feed may be kept, where the hubs are, what our public address is."""

    cache_seconds: int
    base_url: str = ""
    hubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A file in one content coding ("" for none) with every answer it can give. `modified` is None if not yet past."""

    etag: bytes
    modified: int | None
    fine: Answer
    unchanged: Answer


def form_of(path: str, body: bytes, coding: str, kind: str, modified: int | None, rules: Rules, *, vary: bool) -> Form:
    """Return a file ready to be sent; `modified` is in seconds since 1970, `vary` says that it has several forms."""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode()
    validators: Headers = [(b"etag", etag), (b"cache-control", _kept(path, rules)), _ANYBODY]
    if modified is not None:
        validators.append((b"last-modified", http_date(modified)))
    if vary:
        validators.append(_VARY)
    about: Headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    if coding:
        about.append((b"content-encoding", coding.encode()))
    about += [_NO_GUESSING, (b"content-security-policy", _POLICY), *_links(path, kind, rules)]
    return Form(etag, modified, made(200, about + validators, body), made(304, validators, b""))


def _kept(path: str, rules: Rules) -> bytes:
    if path.startswith(ARCHIVE):
        return _keep(max(PAGE_SECONDS, rules.cache_seconds)) + b", must-revalidate"
    return _keep(rules.cache_seconds)


def _links(path: str, kind: str, rules: Rules) -> Headers:
    """Return what leads a subscriber to the hubs (WebSub 4)."""
    if not rules.hubs or kind not in FEED_TYPES or path.startswith(ARCHIVE):
        return []
    leads = [*((hub, "hub") for hub in rules.hubs), (rules.base_url + quote(path), "self")]
    return [(b"link", ", ".join(f'<{quote(url, safe=_URL)}>; rel="{rel}"' for url, rel in leads).encode())]


def front_page(rules: Rules) -> Form:
    """Return what `/` says where there is no index.html."""
    body = f"The feeds published here are listed in {rules.base_url}feeds.json\n".encode()
    return form_of("", body, "", media_type("a.txt", body), None, rules, vary=False)


def fields_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return the fields of a request by name; lines of one name are one list (RFC 9110 5.3)."""
    lines = headers if isinstance(headers, Sequence) else list(headers)
    fields = dict(lines)
    if len(fields) != len(lines):
        for name in fields:
            fields[name] = b", ".join(value for other, value in lines if other == name)
    return fields


def answer(form: Form, fields: Mapping[bytes, bytes]) -> Answer:
    """Return what GET and HEAD get for a file (RFC 9110 13.2.2); the body of HEAD is for the server to leave out."""
    if is_failed(fields, form.etag, form.modified):
        return _told(412, "The file is not what the request takes it for.", _keep(0))
    return form.unchanged if is_unchanged(fields, form.etag, form.modified) else form.fine


def options() -> Answer:
    """Return what OPTIONS gets, and with it the question of a browser whether a script may ask (Fetch 3.2.2)."""
    return made(
        204,
        [
            _ALLOWED,
            _ANYBODY,
            (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
            (b"access-control-allow-headers", b"accept, cache-control, if-modified-since, if-none-match, range"),
            (b"access-control-max-age", b"86400"),
        ],
        b"",
    )


def not_allowed() -> Answer:
    """Return what every method gets that would change something."""
    return _told(405, "Feeds can only be read here: GET, HEAD and OPTIONS.", _keep(0), _ALLOWED)


def not_acceptable() -> Answer:
    """Return what a request gets that refuses every form there is."""
    return _told(406, "There is no form of this file in a coding that the request accepts.", _keep(0))


def not_found(rules: Rules, *, published: bool) -> Answer:
    """Return what a path gets that names no file; `published` tells whether anything is there at all."""
    if not published:
        return _told(404, "Nothing is published here yet.", _keep(0))
    text = f"There is no such file here. All feeds are listed in {rules.base_url}feeds.json"
    return _told(404, text, _keep(NOT_FOUND_SECONDS))


def withdrawn(rules: Rules) -> Answer:
    """Return what a feed gets that was there and will not come back."""
    text = f"This was withdrawn and will not come back: please unsubscribe. All feeds: {rules.base_url}feeds.json"
    return _told(410, text, _keep(rules.cache_seconds))


def _told(status: int, text: str, keep: bytes, *more: tuple[bytes, bytes]) -> Answer:
    body = f"{text}\n".encode()
    about = [(b"content-type", TEXT.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", keep)]
    return made(status, [*about, _ANYBODY, _NO_GUESSING, *more], body)


def _keep(seconds: int) -> bytes:
    return f"public, max-age={seconds}".encode()
