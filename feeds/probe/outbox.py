"""Results on their way to whoever keeps them: few at a time, and never older than the crawl allows."""

from collections import Counter
from collections.abc import Callable

from feeds.model.link import Observation, Seen, Verdict
from feeds.probe.ports import Results


class Outbox:
    """Observations not yet written, and the count of all that were.

    What says nothing about a link (`Seen.LOCAL`) is counted and not written: the URL stays due.
    """

    def __init__(self, results: Results, size: int) -> None:
        self._results = results
        self._size = size
        self._waiting: list[Observation] = []
        self.checked = 0
        self.discarded = 0
        self.seen: Counter[Seen] = Counter()
        self.verdicts: Counter[Verdict] = Counter()

    def add(self, observation: Observation) -> None:
        """Take one observation, and write all that wait once they are as many as a batch."""
        if observation.seen is Seen.LOCAL:
            self.discarded += 1
            return
        self.checked += 1
        self.seen[observation.seen] += 1
        self._waiting.append(observation)
        if len(self._waiting) >= self._size:
            self.flush()

    def discard(self, doubtful: Callable[[Observation], bool]) -> None:
        """Forget those not yet written that are doubtful."""
        for observation in filter(doubtful, self._waiting):
            self.checked -= 1
            self.discarded += 1
            self.seen[observation.seen] -= 1
        self._waiting = [observation for observation in self._waiting if not doubtful(observation)]

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            self.verdicts.update(self._results.write(self._waiting))
            self._waiting = []
