"""The names of the settings, read from the models, so that no list of them is kept by hand.

This module must never look at values.
"""

from collections.abc import Iterator
from typing import get_args

from pydantic.fields import FieldInfo

from feeds.config.section import Section

Key = tuple[str, ...]
Loc = tuple[int | str, ...]


def fields(model: type[Section]) -> dict[str, FieldInfo]:
    """Return the fields of one section by the names the user writes."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def leaves(model: type[Section], above: Key = ()) -> Iterator[tuple[Key, FieldInfo]]:
    """Yield every setting that holds a value, in the order of the models."""
    for name, info in fields(model).items():
        inner = section_of(info.annotation)
        if inner is None:
            yield (*above, name), info
        else:
            yield from leaves(inner, (*above, name))


def section_of(annotation: object) -> type[Section] | None:
    """Return the section a field holds, or None where it holds a value."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def names_at(model: type[Section], loc: Loc) -> list[str]:
    """Return the names that may stand in the group at `loc`, or nothing where `loc` is no group."""
    at: object = model
    for part in loc:
        section = section_of(at)
        if isinstance(part, int):
            at = next(iter(get_args(at)), None)
        else:
            at = fields(section)[part].annotation if section and part in fields(section) else None
    found = section_of(at)
    return list(fields(found)) if found else []


def dotted(loc: Loc) -> str:
    """Return `loc` as people write it: `feeds.limit`, `topics[1].slug`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")
