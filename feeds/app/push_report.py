"""What came of telling the hubs, and how people are told of it. Values only: it asks nobody and opens nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HubReport:
    """One hub: how many files it was told of now, how many it has still to be told of, and when it is asked again.

    `fault` is what went wrong in this run, "" for nothing; `fails` counts since the last good answer; `due` is in
    seconds since 1970, 0 for no wait.
    """

    url: str
    told: int = 0
    waiting: int = 0
    fails: int = 0
    due: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PushReport:
    """What came of telling the hubs; `held` where another process was at it.

    `next_due` is when there is something to do again, in seconds since 1970, None while nothing waits.
    """

    hubs: tuple[HubReport, ...] = ()
    held: bool = False
    next_due: float | None = None

    @property
    def told(self) -> dict[str, int]:
        """Return how many files each hub was told of, by its URL."""
        return {hub.url: hub.told for hub in self.hubs if hub.told}

    @property
    def waiting(self) -> int:
        """Return how many files wait in all, each once for every hub."""
        return sum(hub.waiting for hub in self.hubs)

    @property
    def failed(self) -> dict[str, str]:
        """Return what went wrong with each hub that was asked now and did not take it, by its URL."""
        return {hub.url: hub.fault for hub in self.hubs if hub.fault}


def hub_lines(report: PushReport, now: float) -> list[str]:
    """Return what came of asking, in a sentence each, and what tells more; hubs that were not asked are left out."""
    told = [f"{hub} was told of {_files(count)}" for hub, count in report.told.items()]
    failed = [
        f"{hub.url} was not told of {_files(hub.waiting)} ({hub.fault}); tried again in {_span(hub.due - now)}"
        for hub in report.hubs
        if hub.fault
    ]
    return [*told, *failed, *(["how each hub stands: feeds status; to try at once: feeds push"] if failed else [])]


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _span(seconds: float) -> str:
    minutes = max(round(seconds / 60), 1)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
