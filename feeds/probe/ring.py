"""The ring of hosts: who may be asked next, and when. It sends nothing and knows no clock."""

from collections import deque
from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from feeds.probe.lane import Lane


class Ring:
    """Lanes by host, and a heap of those that wait for their time: (ready at, number of the entry, lane).

    Of the lanes that are ready, those go first whose connection is likely still open, for at most `affinity` URLs in a
    row: with more hosts ready than slots, each URL would else pay for a TLS handshake, half a millisecond or more.
    """

    def __init__(self, affinity: int) -> None:
        self._affinity = affinity
        self._lanes: dict[str, Lane] = {}
        self._heap: list[tuple[float, int, Lane]] = []
        self._warm: deque[tuple[int, Lane]] = deque()
        self._cold: deque[tuple[int, Lane]] = deque()
        self._numbers = 0

    def __len__(self) -> int:
        return len(self._lanes)

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def get(self, host: str) -> Lane | None:
        """Return the lane of a host that we hold."""
        return self._lanes.get(host)

    def add(self, lane: Lane) -> None:
        """Hold a host."""
        self._lanes[lane.host] = lane

    def drop(self, lane: Lane) -> None:
        """Hold a host no longer."""
        self._lanes.pop(lane.host, None)
        lane.number = 0

    def push(self, lane: Lane, ready_at: float) -> None:
        """Let the lane wait until `ready_at`; what was said before about it no longer holds."""
        self._numbers += 1
        lane.number = self._numbers
        heappush(self._heap, (ready_at, lane.number, lane))
        # Entries that no longer hold stay until they surface: parked hosts could bury them for minutes.
        if len(self._heap) > 64 + 2 * len(self._lanes):
            self._heap = [entry for entry in self._heap if entry[1] == entry[2].number]
            heapify(self._heap)

    def next_at(self) -> float | None:
        """Return when the next lane is ready, 0 where one is, None where none waits."""
        if any(number == lane.number for line in (self._warm, self._cold) for number, lane in line):
            return 0.0
        while self._heap and self._heap[0][1] != self._heap[0][2].number:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: float) -> Lane | None:
        """Take the lane to ask next."""
        while self._heap and self._heap[0][0] <= now:
            _, number, lane = heappop(self._heap)
            if number == lane.number:
                (self._warm if 0 < lane.streak < self._affinity else self._cold).append((number, lane))
        for line in (self._warm, self._cold):
            while line:
                number, lane = line.popleft()
                if number == lane.number:
                    return self._taken(lane)
        return None

    def _taken(self, lane: Lane) -> Lane:
        lane.number = 0
        lane.streak = lane.streak + 1 if lane.streak < self._affinity else 1
        return lane
