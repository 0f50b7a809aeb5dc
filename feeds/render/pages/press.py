"""Templates, compiled once for each look, and what a fault in one of them is told as.

Must never escape by name of file: everything is escaped, and only what this package rendered itself is let through.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from feeds.errors import ThemeError
from feeds.model import Artifact
from feeds.model.look import Look

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "assets/"


def assets(look: Look) -> tuple[Artifact, ...]:
    """Return the files that the pages share."""
    return tuple(Artifact(FOLDER + name, body) for name, body in look.assets)


@lru_cache(8)
def asset_links(look: Look) -> dict[str, Any]:
    """Return the addresses of the assets below the root, each with a version: caches keep old ones for long."""
    version = blake2b(repr(look.assets).encode(), digest_size=4).hexdigest()
    names = sorted((name for name, _ in look.assets), key=lambda name: (name != "feeds.css", name))
    linked = {name: f"{FOLDER}{quote(name)}?v={version}" for name in names}
    return {
        "styles": [linked[name] for name in names if name.endswith(".css")],
        "scripts": [linked[name] for name in names if name.endswith(".js")],
        "icon": linked.get("icon.svg", ""),
    }


def printed(look: Look, name: str, variables: Mapping[str, Any]) -> str:
    """Return a template filled in. Raises ThemeError, which names the file and the line."""
    try:
        return _render_of(look, name)(variables)
    except ThemeError:
        raise
    except Exception as error:
        place = _place_in_template(look, error)
        if not place:
            raise
        raise ThemeError(f"{place}: {_reason(error)}; correct the template or remove it") from error


def _reason(error: Exception) -> str:
    from jinja2 import TemplateNotFound, TemplatesNotFound  # noqa: PLC0415  see _render_of

    if isinstance(error, TemplateNotFound) and not isinstance(error, TemplatesNotFound):
        return f"there is no template {error.name!r}"  # Jinja2 says no more than the name
    return str(error)


@lru_cache(64)
def _render_of(look: Look, name: str) -> Callable[..., str]:
    from jinja2 import TemplateNotFound, TemplateSyntaxError  # noqa: PLC0415  30 ms, for builds that render pages

    try:
        return _environment(look).get_template(name).render
    except TemplateSyntaxError as error:
        where = error.filename or name
        raise ThemeError(f"{where}:{error.lineno}: {error.message}; correct the template or remove it") from error
    except TemplateNotFound as error:
        raise ThemeError(f"{error.name}: there is no template of that name, which another one asks for") from error


@lru_cache(8)
def _environment(look: Look) -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415  see above

    texts = {template.name: (template.text, _place(look, template.name), None) for template in look.templates}
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(texts.get),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.clear()  # `lipsum` throws dice
    del environment.filters["random"]
    return environment


def _place(look: Look, name: str) -> str:
    return next(each.place or name for each in look.templates if each.name == name)


def _place_in_template(look: Look, error: BaseException) -> str:
    """Return file:line of the innermost template an error passed through, "" for none."""
    places = {each.place or each.name for each in look.templates}
    found, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found = f"{name}:{trace.tb_lineno}" if name in places else found
        trace = trace.tb_next
    return found


def root_of(path: str) -> str:
    """Return the way from a page to the root of the tree, "" where it is there already."""
    return "../" * path.count("/")
