"""Run the daemon as operators do: a process of its own, signals, its log read line by line."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from project import Project

# Of a machine that is busy with other tests; nothing here waits that long when all is well.
PATIENCE = 90.0


def until(true: Callable[[], object], seconds: float = PATIENCE) -> Any:
    """Wait until `true` returns something true, and return it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > end:
            raise TimeoutError(f"not true within {seconds} s: {true}")
        time.sleep(0.02)
    return found


@dataclass
class Daemon:
    """A running `feeds run`, and all it has logged."""

    process: "subprocess.Popen[str]"
    log: list[dict[str, Any]] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    def said(self, text: str, after: int = 0) -> dict[str, Any]:
        """Wait for a message that begins with `text`, logged after the first `after` ones; return it."""

        def found() -> dict[str, Any] | None:
            if self.process.poll() is not None and not self.has_said(text, after):
                raise AssertionError(f"it ended with {self.process.returncode}: {self.log} {self.other}")
            return self.has_said(text, after)

        try:
            return until(found)
        except TimeoutError:
            raise AssertionError(f"it never said {text!r}: {self.log} {self.other}") from None

    def has_said(self, text: str, after: int = 0) -> dict[str, Any] | None:
        """Return the first such message, or None."""
        return next((line for line in self.log[after:] if line["message"].startswith(text)), None)

    def stop(self, number: int = signal.SIGTERM, seconds: float = PATIENCE) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    @property
    def address(self) -> str:
        """Return where it serves the feeds, with a slash at the end."""
        return str(self.said("serving the feeds at ")["message"]).rpartition(" ")[2]

    @property
    def admin(self) -> str:
        """Return where its health is told, with a slash at the end."""
        return str(self.said("health and metrics at ")["message"]).split()[4]


@contextmanager
def daemon(project: Project, *words: str, environ: Mapping[str, str] | None = None) -> Iterator[Daemon]:
    """Run the daemon of a project; it is killed in the end if it still lives."""
    command = [sys.executable, "-m", "feeds", "run", "--config", str(project.config), "--log", "json", *words]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env={**os.environ, **(environ or {})}
    )
    found = Daemon(process)
    thread = threading.Thread(target=_listen, args=(found,))
    thread.start()
    try:
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        thread.join()
        assert process.stderr is not None
        process.stderr.close()


def _listen(found: Daemon) -> None:
    assert found.process.stderr is not None
    for line in found.process.stderr:
        try:
            found.log.append(json.loads(line))
        except ValueError:
            found.other.append(line)


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body of a GET, whatever the status."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()
