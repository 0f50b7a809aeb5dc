"""Show a running check on one line of the terminal; where there is no terminal, one line a minute."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.probe.progress import Progress

QUIET_SECONDS = 60.0
WIDTH = 118


class Watcher:
    """One line on standard error that tells how far the check is."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._next = time.monotonic() + (0.0 if self._live else QUIET_SECONDS)
        self._shown = False

    def __enter__(self) -> "Watcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live and self._shown:
            sys.stderr.write("\r" + " " * WIDTH + "\r")
            sys.stderr.flush()

    def show(self, progress: "Progress") -> None:
        """Show this moment."""
        if time.monotonic() < self._next:
            return
        line = line_of(progress)
        if self._live:
            sys.stderr.write("\r" + line[:WIDTH].ljust(WIDTH))
        else:
            self._next = time.monotonic() + QUIET_SECONDS
            sys.stderr.write(line + "\n")
        sys.stderr.flush()
        self._shown = True


def line_of(progress: "Progress") -> str:
    """Return a moment of a check in words."""
    parts = [f"{progress.checked:,} checked, {progress.left:,} left, {progress.rate:.1f}/s"]
    parts += [f"{count:,} {verdict.value}" for verdict, count in sorted(progress.verdicts.items()) if count]
    waiting = ", ".join(f"{count:,} {why.value}" for why, count in sorted(progress.waiting.items()) if count)
    if waiting:
        parts.append(f"hosts: {waiting}")
    if progress.longest:
        longest = progress.longest[0]
        parts.append(f"{longest.host} {longest.why.value}, {longest.left:,} left")
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return a time span in the two units that matter."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
