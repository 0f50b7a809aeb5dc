"""What is examined."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.app.standing import Status
    from feeds.config.load import Loaded


@dataclass(frozen=True, slots=True)
class Subject:
    """The settings, how things stand with them, and the time (seconds since 1970)."""

    loaded: "Loaded"
    status: "Status"
    now: int

    @property
    def has_state(self) -> bool:
        """Tell whether there is a state that can be read."""
        return bool(self.status.schema) and not self.status.fault

    @property
    def out(self) -> Path:
        """Return the folder of the output."""
        return self.loaded.out


def anybody_may_write(path: Path) -> bool:
    """Tell whether every user of this machine may change a file or folder; raises OSError where it is not there."""
    return bool(path.stat().st_mode & 0o002)


def nearest_folder(path: Path) -> Path:
    """Return the folder itself, or the nearest one above it that is there."""
    return next((each for each in (path, *path.parents) if each.is_dir()), Path(path.anchor))
