"""The ring of hosts: who may be asked next, and when. It sends nothing and knows no clock."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from feeds.probe.lane import Lane


class Ring:
    """Lanes by host, and the heap of those that wait for their time: (ready at, number of the entry, lane)."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self._heap: list[tuple[float, int, Lane]] = []
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
        lane.number, lane.ready_at = self._numbers, ready_at
        heappush(self._heap, (ready_at, lane.number, lane))
        # Entries that no longer hold stay until they surface: parked hosts could bury them for minutes.
        if len(self._heap) > 64 + 2 * len(self._lanes):
            self._heap = [entry for entry in self._heap if entry[1] == entry[2].number]
            heapify(self._heap)

    def next_at(self) -> float | None:
        """Return when the next lane is ready, None where none waits."""
        while self._heap and self._heap[0][1] != self._heap[0][2].number:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: float) -> Lane | None:
        """Take the lane that has been ready longest."""
        ready_at = self.next_at()
        if ready_at is None or ready_at > now:
            return None
        lane = heappop(self._heap)[2]
        lane.number = 0
        return lane
