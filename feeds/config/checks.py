"""Check single values of the configuration; each check answers the value in its final form or says what is wrong.

A check must never quote an URL that could hold a password.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from feeds.config.faults import suggestion

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_STATE_URL = re.compile(r"(sqlite|postgresql)(\+[a-z0-9_]+)?://")
_PARAMETER = re.compile(r"[^\s&=?#*]+\*?")
_URL_FAULT = "must be an absolute http or https URL such as https://feeds.example.org/"


def web_url(value: str) -> str:
    """Return `value` if it is an absolute http(s) URL in ASCII (RFC 3986) without user name or password."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(_URL_FAULT) from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise ValueError(_URL_FAULT)
    if not value.isascii() or re.search(r"[\s\x00-\x20<>\"\\^`{|}]", value):
        raise ValueError("must be ASCII without spaces: write the host in punycode and percent-encode the rest")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user name or password: it is published")
    return value


def optional_web_url(value: str) -> str:
    """Return `value` if it is "" or passes `web_url`."""
    return web_url(value) if value else value


def base_url(value: str) -> str:
    """Return the public address of the output folder, ending with a slash."""
    if "?" in value or "#" in value:
        raise ValueError("must not have a query or a fragment: the feeds' paths are added to its end")
    checked = web_url(value)
    return checked if checked.endswith("/") else checked + "/"


def language(value: str) -> str:
    """Return `value` if it has the shape of a language tag (BCP 47)."""
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"must be a language tag such as en or pt-BR, not {value!r}")
    return value


def time_zone(value: str) -> str:
    """Return `value` if it names a time zone of the IANA database."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = suggestion(value, available_timezones())
        raise ValueError(f"must be a time zone such as UTC or Europe/Berlin, not {value!r}{near}") from None
    return value


def state(value: str) -> str:
    """Return `value` if it can be the path of a SQLite file or the SQLAlchemy URL of a database we know."""
    if _SCHEME.match(value):
        if not _STATE_URL.match(value):
            raise ValueError("must be a path, or a URL that starts with sqlite:/// or postgresql+psycopg://")
    elif "?" in value:
        raise ValueError("must not have a question mark in its path: SQLAlchemy would cut it there")
    return value


def is_state_url(value: str) -> bool:
    """Return whether `state` is given as a URL and not as a path."""
    return _SCHEME.match(value) is not None


def parameter(value: str) -> str:
    """Return the name of a query parameter in lower case; a trailing * makes it a prefix."""
    if not _PARAMETER.fullmatch(value):
        raise ValueError(f"must be the name of a query parameter, or its beginning and a *, not {value!r}")
    return value.lower()


def text(value: str) -> str:
    """Return `value` if there is something to see in it."""
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def kind(value: str) -> str:
    """Return the kind of a record in lower case."""
    return value.strip().lower()


Text = Annotated[str, Field(min_length=1), AfterValidator(text)]
SomeUrl = Annotated[str, AfterValidator(web_url), Field(json_schema_extra={"format": "uri"})]
WebUrl = Annotated[str, AfterValidator(optional_web_url), Field(json_schema_extra={"format": "uri-reference"})]
BaseUrl = Annotated[str, AfterValidator(base_url), Field(json_schema_extra={"format": "uri"})]
Language = Annotated[str, AfterValidator(language), Field(json_schema_extra={"pattern": f"^{_LANGUAGE.pattern}$"})]
TimeZone = Annotated[str, AfterValidator(time_zone)]
State = Annotated[Text, AfterValidator(state)]
Parameter = Annotated[str, AfterValidator(parameter)]
Kind = Annotated[Text, AfterValidator(kind)]
