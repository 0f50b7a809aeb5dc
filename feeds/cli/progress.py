"""Show how far a long build has come: on a terminal only, and only once it has taken a second."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0


class Bar:
    """A progress bar on standard error that appears when the work turns out to be long."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, object] = {}
        self._wanted = sys.stderr.isatty()

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, name: str, done: int, total: int) -> None:
        """Show that `done` of `total` pieces of the step called `name` are done."""
        if not self._wanted or time.monotonic() - self._started < PATIENCE:
            return
        bar = self._shown()
        if name not in self._tasks:
            self._tasks[name] = bar.add_task(name, total=total)
        bar.update(self._tasks[name], completed=done, total=total)  # type: ignore[arg-type]

    def _shown(self) -> "Progress":
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415  60 ms, for long builds only
            from rich.progress import Progress  # noqa: PLC0415

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
        return self._bar
