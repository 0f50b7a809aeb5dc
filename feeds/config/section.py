"""What every group of settings is: frozen, strict about types, closed to unknown keys.

A new concern is a new file with one `Section`, named as one field of `feeds.config.settings.Settings`.
It must never hold a default that is not safe to publish with.
"""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

# What YAML 1.1 section 5.1 keeps out of a stream; XML 1.0 section 2.2 cannot write it either.
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# More than this no number of items, days or bytes is; as seconds it still fits into the state.
GREATEST = 2**31 - 1


class Section(BaseModel):
    """Be a group of keys of feeds.yaml; subclass it with fields that all have a description.

    Strict, because lax pydantic reads `limit: yes` as 1; the environment's text is converted before it comes here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @field_validator("*")
    @classmethod
    def _printable(cls, value: Any) -> Any:
        """Refuse what no feed can carry: a YAML escape and the environment bring it past the check of the file."""
        for each in value if isinstance(value, tuple) else (value,):
            odd = UNPRINTABLE.search(each) if isinstance(each, str) else None
            if odd:
                raise ValueError(f"must not hold the control character U+{ord(odd[0]):04X}")
        return value

    @field_validator("*")
    @classmethod
    def _bounded(cls, value: Any) -> Any:
        """Refuse numbers that no database could keep or compare with."""
        if isinstance(value, int) and value > GREATEST:
            raise ValueError(f"must be at most {GREATEST}, not {value}")
        return value
