"""Tell systemd how the service is (sd_notify(3)). Without systemd nothing is told, and nothing is needed."""

import os
import socket
import time
from collections.abc import Mapping


class Supervisor:
    """The one that started this process and wants to hear from it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environ.get("WATCHDOG_USEC", "")
        self._watchdog = int(usec) / 1e6 if mine and usec.isdigit() else 0.0

    @property
    def beat_seconds(self) -> float:
        """Return how often it wants a sign of life, 0 for never: half of its limit, as sd_watchdog_enabled(3) says."""
        return self._watchdog / 2

    def ready(self, status: str) -> None:
        """Say that the service is up, or up again with new settings."""
        self._tell(f"READY=1\nSTATUS={status}")

    def status(self, status: str) -> None:
        """Say what the service is doing, for `systemctl status`."""
        self._tell(f"STATUS={status}")

    def reloading(self) -> None:
        """Say that the settings are being read again."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def alive(self) -> None:
        """Give the sign of life."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the service is on its way out."""
        self._tell("STOPPING=1\nSTATUS=stopping")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        # "@" stands for the NUL byte of an abstract socket.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            try:
                sender.sendto(message.encode(), address)
            except OSError:
                self._address = ""  # it has gone; there is nobody left to tell
