"""How many requests may be under way, so that slow ones take nothing from the fast."""

from feeds.probe.lane import Flight, Lane


class Slots:
    """At most `running` requests that are young, and `sockets` in all.

    A request that lasts longer than `patience` seconds no longer counts among the young: 300 URLs that hang would
    otherwise keep 200 slots for as long as the time-out is.
    """

    def __init__(self, running: int, sockets: int, patience: float) -> None:
        self._running = running
        self._sockets = sockets
        self._patience = patience
        self._young: dict[Flight, None] = {}  # in order of their start
        self._old: set[Flight] = set()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    @property
    def free(self) -> bool:
        """Whether one more request may start."""
        return len(self._young) < self._running and len(self) < self._sockets

    def take(self, lane: Lane, now: float) -> Flight:
        """Begin a request."""
        flight = Flight(lane, now, lane.next_at)
        self._young[flight] = None
        lane.in_flight += 1
        lane.young += 1
        return flight

    def give(self, flight: Flight) -> None:
        """End a request; a second end of the same one changes nothing."""
        if flight in self._old:
            self._old.remove(flight)
        elif flight in self._young:
            del self._young[flight]
            flight.lane.young -= 1
        else:
            return
        flight.lane.in_flight -= 1

    def age(self, now: float) -> list[Lane]:
        """Let the young that lasted too long be old, and return their hosts."""
        aged = []
        for flight in self._young:
            if flight.started + self._patience > now:
                break
            aged.append(flight)
        for flight in aged:
            del self._young[flight]
            self._old.add(flight)
            flight.lane.young -= 1
        return [flight.lane for flight in aged]

    def next_aging(self) -> float | None:
        """Return when the oldest of the young will be old."""
        return next((flight.started + self._patience for flight in self._young), None)
