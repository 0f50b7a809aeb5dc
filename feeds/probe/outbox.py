"""Results on their way to whoever keeps them: few at a time, and never older than the crawl allows."""

from collections import Counter
from collections.abc import Iterable

from feeds.model.link import Observation, Seen, Verdict
from feeds.probe.ports import Results


class Outbox:
    """Observations not yet written, and counts of all that were seen.

    What says nothing about a link (`Seen.LOCAL`) is counted and not written: the URL stays due.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._waiting: list[Observation] = []
        self.checked = 0
        self.discarded = 0
        self.seen: Counter[Seen] = Counter()
        self.verdicts: Counter[Verdict] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    def extend(self, observations: Iterable[Observation]) -> None:
        """Take some observations."""
        for observation in observations:
            self._add(observation)

    def _add(self, observation: Observation) -> None:
        if observation.seen is Seen.LOCAL:
            self.discarded += 1
            return
        self.checked += 1
        self.seen[observation.seen] += 1
        self._waiting.append(observation)

    def flush(self) -> None:
        """Write what waits; where that fails it goes on waiting."""
        if self._waiting:
            self.verdicts.update(self._results.write(self._waiting))
            self._waiting = []
