"""How much of anything one request may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes.

    `first_byte` counts from the request sent to the first byte of the answer, `total` from the name to the last byte:
    it alone stops a server that drips. `idle` connections are kept for `keep_alive` seconds, two per host.
    """

    connect: float = 10.0
    first_byte: float = 15.0
    total: float = 25.0
    headers: int = 65_536
    body: int = 65_536
    idle: int = 128
    keep_alive: float = 15.0
