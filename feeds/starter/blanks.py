"""The values that are filled into the templates; what a place could misread is refused or escaped here.

Must never let a value through that ends a quotation in nginx, Caddy, systemd, cron or YAML.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from feeds.errors import UsageError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_PATH = re.compile(r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*")
_USER = re.compile(r"[a-z_][a-z0-9_-]*")
# nginx has no way to write a $ that is one, Caddy none for braces; the others end quotations or are patterns.
_UNSAFE = frozenset("\"'\\${}*?[]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#&!|~])")


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a project's files differ in. All paths are absolute; `state` is the folder the state is in."""

    base_url: str
    title: str
    project: str
    out: str
    state: str
    program: str
    user: str


def marks_of(blanks: Blanks) -> dict[str, str]:
    """Return the value of each mark in the templates, as it is. Raises UsageError for what no server could be told."""
    url = urlsplit(blanks.base_url)
    paths = {name: _path(getattr(blanks, name.lower())) for name in ("PROJECT", "OUT", "STATE", "PROGRAM")}
    return {
        "BASE_URL": blanks.base_url,
        "TITLE": " ".join(blanks.title.split()),
        "HOST": _matched(_HOST, url.hostname or "", "base_url: the host", blanks.base_url),
        "PORT": str((url.port if url.scheme == "http" else None) or 80),
        "PATH": _matched(_PATH, url.path, "base_url: the path", blanks.base_url),
        "SITE": f"{url.scheme}://{url.netloc}",
        "USER": _matched(_USER, blanks.user, "the user", blanks.user),
        **paths,
    }


def escape_for(name: str) -> Callable[[str], str]:
    """Return how a value is written in the file of that name."""
    ending = PurePosixPath(name).suffix or PurePosixPath(name).name
    return _ESCAPES.get(ending, str)


def _matched(pattern: re.Pattern[str], value: str, what: str, given: str) -> str:
    if not pattern.fullmatch(value):
        cure = "use letters, digits, - and _ only, or write deploy/ by hand"
        raise UsageError(f"{what} of {given!r} cannot be written into server configurations; {cure}")
    return value


def _path(value: str) -> str:
    odd = sorted({char for char in value if char in _UNSAFE or not char.isprintable()})
    if odd:
        cure = "give the folder another name"
        raise UsageError(f"{value!r} holds {odd[0]!r}, which cannot be written into server configurations; {cure}")
    return value


def _in_yaml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_markdown(value: str) -> str:
    return _MARKDOWN.sub(r"\\\1", value)


def _in_systemd(value: str) -> str:
    return value.replace("%", "%%")


def _in_crontab(value: str) -> str:
    return value.replace("%", r"\%")


_ESCAPES: dict[str, Callable[[str], str]] = {
    ".yaml": _in_yaml,
    ".md": _in_markdown,
    ".service": _in_systemd,
    ".timer": _in_systemd,
    "crontab": _in_crontab,
}
