"""Tell the configuration in force: every setting, its value and where it came from.

This module must never let a password out.
"""

import re

from feeds.config.keys import leaves
from feeds.config.load import Loaded
from feeds.config.settings import Settings

# Greedy up to the last @: a password may hold one, and hiding too much is the safe side.
_USER_INFO = re.compile(r"(?<=://)([^:/@]*):.*@")
_PARAMETER = re.compile(r"(?<=password=)[^&]*", re.IGNORECASE)


def effective(loaded: Loaded) -> list[tuple[str, object, str]]:
    """Return (dotted key, value, origin) for every setting, in the order of the documentation."""
    values = loaded.settings.model_dump(by_alias=True, mode="json")
    return [
        (name, _masked(name, _at(values, key)), loaded.origins[name])
        for key, _ in leaves(Settings)
        for name in [".".join(key)]
    ]


def masked(url: str) -> str:
    """Return a state URL with its password as ***."""
    return _PARAMETER.sub("***", _USER_INFO.sub(r"\1:***@", url))


def _masked(name: str, value: object) -> object:
    return masked(value) if name == "state" and isinstance(value, str) else value


def _at(values: object, key: tuple[str, ...]) -> object:
    for part in key:
        values = values[part] if isinstance(values, dict) else None
    return values
