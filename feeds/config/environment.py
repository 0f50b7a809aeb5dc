"""Read the settings that the environment gives: FEEDS_BASE_URL, FEEDS_SITE__TITLE.

Text becomes what the setting holds, as far as it can; what cannot be converted stays text, for the model to refuse.
This module must never read the process's environment itself: it is handed one.
"""

from collections.abc import Mapping
from types import NoneType
from typing import get_args

import yaml

from feeds.config.faults import ENVIRONMENT, Fault, Place, suggestion
from feeds.config.keys import Key, leaves
from feeds.config.section import Section

PREFIX = "FEEDS_"
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def from_environment(
    environ: Mapping[str, str], model: type[Section]
) -> tuple[dict[Key, tuple[object, Place]], list[Fault]]:
    """Return the settings in `environ` with their places; a FEEDS_ variable that names no setting is a fault."""
    known = {variable(key): (key, info.annotation) for key, info in leaves(model)}
    found: dict[Key, tuple[object, Place]] = {}
    faults = []
    for name in sorted(each for each in environ if each.startswith(PREFIX)):
        place = Place(ENVIRONMENT, f"environment {name}")
        if name in known:
            key, annotation = known[name]
            found[key] = (converted(environ[name], annotation), place)
        else:
            faults.append(Fault(place, "", _unknown(name, known)))
    return found, faults


def variable(key: Key) -> str:
    """Return the name of the variable that sets `key`."""
    return PREFIX + "__".join(key).upper()


def _unknown(name: str, known: Mapping[str, object]) -> str:
    inside = [each for each in known if each.startswith(name + "__")]
    if inside:
        return f"names a group; set its keys one by one, such as {inside[0]}"
    return f"unknown setting{suggestion(name, known, prefix=PREFIX)}"


def converted(text: str, annotation: object) -> object:
    """Return `text` as a value for a field of type `annotation`."""
    types = (annotation, *get_args(annotation))
    if NoneType in types and text.strip().lower() in {"", "none", "null"}:
        return None
    if bool in types:
        return _BOOLEANS.get(text.strip().lower(), text)
    if int in types:
        return _whole(text)
    return text if annotation is str else _structure(text)


def _whole(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        return text


def _structure(text: str) -> object:
    if not text.lstrip().startswith(("[", "{")):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return text
