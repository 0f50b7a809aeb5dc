"""The `serve` settings: where feeds are handed out, and within which bounds.

This module must never hold a default that shows the state to anybody but this machine.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from feeds.config.section import Section

_ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")


def listening(value: str) -> str:
    """Return `value` if it is host:port, or ""."""
    found = _ADDRESS.fullmatch(value)
    if value and (not found or int(found["port"]) > 65_535):
        raise ValueError(f"must be an address and a port such as 127.0.0.1:8000 or [::]:8000, not {value!r}")
    return value


def served_at(value: str) -> str:
    """Return `value` if it is host:port."""
    if not value:
        raise ValueError("must be an address and a port such as 127.0.0.1:8000")
    return listening(value)


class ServeSettings(Section):
    """Where `feeds serve` and `feeds run --serve` answer readers."""

    address: Annotated[str, AfterValidator(served_at)] = Field(
        "127.0.0.1:8000", description="The address and port the feeds are served at; port 0 takes a free one."
    )
    admin: Annotated[str, AfterValidator(listening)] = Field(
        "127.0.0.1:8001",
        description="The address and port of a page on how things stand, /health and /metrics "
        "while `feeds run` is at work; empty for none. "
        "They tell of the state: keep them from the public.",
    )
    memory_mb: int = Field(256, ge=1, description="How much of the feeds is kept in memory at most, in MiB.")
    connections: int = Field(10_000, ge=1, description="How many connections are open at once at most.")
