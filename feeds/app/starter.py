"""Write the files a project begins with. Must never change a file that is there."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds.errors import UsageError
from feeds.starter.blanks import Blanks
from feeds.starter.files import starter_files

if TYPE_CHECKING:
    from feeds.config.load import Loaded

# The user of the units where a project belongs to root, or to nobody known here.
SERVICE_USER = "feeds"


@dataclass(frozen=True, slots=True)
class Started:
    """What became of each file, by its path in the project; those `kept` say something else than ours."""

    project: Path
    base_url: str
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]


def run_init(folder: Path, base_url: str | None, title: str | None, environ: Mapping[str, str]) -> Started:
    """Write what is missing in `folder`, an absolute path; without an argument, its settings tell address and title.

    Raises ConfigError for faults in them, and UsageError where the folder cannot be written to.
    """
    from feeds.config.load import load  # noqa: PLC0415  pydantic costs 80 ms

    wished = {"base_url": base_url, "site.title": title}
    loaded = load(None, {key: value for key, value in wished.items() if value is not None}, environ, folder)
    files = starter_files(blanks_of(loaded, _program(), _owner(folder)), fresh=_is_fresh(folder))
    fates = {name: _fate(folder / name, body) for name, body in files.items()}
    written, unchanged, kept = (
        tuple(name for name, fate in fates.items() if fate == wanted) for wanted in ("written", "unchanged", "kept")
    )
    return Started(folder, loaded.settings.base_url, written, unchanged, kept)


def blanks_of(loaded: "Loaded", program: Path, user: str) -> Blanks:
    """Return what the files are to say of a project with these settings."""
    url = urlsplit(loaded.state_url)
    state = Path(url.path[1:]).parent if url.scheme.startswith("sqlite") else loaded.project / ".feeds"
    settings = loaded.settings
    return Blanks(
        settings.base_url,
        settings.site.title,
        str(loaded.project),
        str(loaded.out),
        str(state),
        str(program),
        user,
    )


def _is_fresh(folder: Path) -> bool:
    """Tell whether nothing was ever kept or built here: a project at work would publish the samples."""
    if any((folder / name).exists() for name in ("config/feeds.yaml", ".feeds", "out")):
        return False
    records = folder / "records"
    return not (records.is_dir() and any(records.iterdir()))


def _fate(path: Path, body: bytes) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:  # x: also what appears this moment stays
            stream.write(body)
    except FileExistsError:
        return "unchanged" if path.is_file() and path.read_bytes() == body else "kept"
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name another folder: feeds init DIR") from error
    return "written"


def _program() -> Path:
    beside = Path(sys.executable).parent / "feeds"
    return beside if beside.exists() else Path(shutil.which("feeds") or beside)


def _owner(folder: Path) -> str:
    """Return who is to run the program: whom the project belongs to, or whoever is about to make it."""
    import pwd  # noqa: PLC0415  not on every system

    try:
        number = folder.stat().st_uid if folder.exists() else os.getuid()
        return pwd.getpwuid(number).pw_name if number else SERVICE_USER
    except KeyError:
        return SERVICE_USER
