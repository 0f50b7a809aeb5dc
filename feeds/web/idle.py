"""Connections that wait for another question, the longest unused given up first."""

import time
from collections import OrderedDict

from feeds.web.limits import Limits
from feeds.web.wire import Wire

Origin = tuple[str, str, int, bool]  # scheme, host, port, certificate verified

_PER_ORIGIN = 2


class IdleWires:
    """At most `limits.idle` connections in all; what one request costs does not depend on how many there are."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._wires: OrderedDict[Wire, Origin] = OrderedDict()
        self._by_origin: dict[Origin, list[Wire]] = {}

    def take(self, origin: Origin) -> Wire | None:
        """Return a connection that still stands, the most recently used one; None if there is none."""
        while wires := self._by_origin.get(origin):
            wire = wires[-1]
            self._forget(wire)
            if wire.open and time.monotonic() - wire.idle_since < self._limits.keep_alive:
                return wire
            wire.abort()
        return None

    def give(self, origin: Origin, wire: Wire) -> None:
        """Keep a connection for the next question."""
        wire.idle_since = time.monotonic()
        self._wires[wire] = origin
        wires = self._by_origin.setdefault(origin, [])
        wires.append(wire)
        if len(wires) > _PER_ORIGIN:
            self._drop(wires[0])
        if len(self._wires) > self._limits.idle:
            self._drop(next(iter(self._wires)))

    def close(self) -> None:
        """Close them all."""
        for wire in list(self._wires):
            self._drop(wire)

    def _drop(self, wire: Wire) -> None:
        self._forget(wire)
        wire.abort()

    def _forget(self, wire: Wire) -> None:
        origin = self._wires.pop(wire)
        wires = self._by_origin[origin]
        wires.remove(wire)
        if not wires:
            del self._by_origin[origin]
