"""The templates of a new project, filled in. Must never leave a mark unfilled, nor know where files are written."""

import re
from importlib.resources import files

from feeds.starter.blanks import Blanks, escape_for, marks_of

PROJECT = {
    ".gitignore": "gitignore",
    "README.md": "readme.md",
    "config/feeds.yaml": "config/feeds.yaml",
    "config/providers.yaml": "config/providers.yaml",
    "config/topics.yaml": "config/topics.yaml",
}
DEPLOY = {
    "deploy/.htaccess": "deploy/htaccess",  # under its own name Apache would heed it in our source tree
    "deploy/Caddyfile": "deploy/Caddyfile",
    "deploy/Containerfile": "deploy/Containerfile",
    "deploy/_headers": "deploy/_headers",
    "deploy/crontab": "deploy/crontab",
    "deploy/feeds-build.service": "deploy/feeds-build.service",
    "deploy/feeds-build.timer": "deploy/feeds-build.timer",
    "deploy/feeds.service": "deploy/feeds.service",
    "deploy/nginx.conf": "deploy/nginx.conf",
}
SAMPLES = {
    "records/archive-online.md": "records/archive-online.md",
    "records/maps-to-come.md": "records/maps-to-come.md",
}
_MARK = re.compile(r"@([A-Z]+(?:_[A-Z]+)*)@")


def starter_files(blanks: Blanks, *, fresh: bool) -> dict[str, bytes]:
    """Return the files of a project by path, filled in.

    Samples and a README.md are for a `fresh` project only: one that is at work would publish them. Raises UsageError.
    """
    wanted = {**PROJECT, **DEPLOY, **SAMPLES}
    if not fresh:
        wanted = {name: template for name, template in {**PROJECT, **DEPLOY}.items() if name != "README.md"}
    marks = marks_of(blanks)
    return {name: _filled(name, template, marks).encode() for name, template in sorted(wanted.items())}


def _filled(name: str, template: str, marks: dict[str, str]) -> str:
    escape = escape_for(name)
    text = files("feeds.starter").joinpath(template).read_text(encoding="utf-8")
    return _MARK.sub(lambda found: escape(marks[found[1]]), text)
