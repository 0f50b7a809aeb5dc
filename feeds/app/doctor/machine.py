"""Look at what the program stands on: Python, packages, clock, time zones, open files."""

import platform
import re
import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds import __version__
from feeds.app.doctor.finding import Said, fail, ok, warn
from feeds.app.health import span
from feeds.model.tree import CATALOGUE

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<versions>[^;]*);?(?P<marker>.*)")
_CLAUSE = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9][0-9.]*)")
_HOLDS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": lambda has, wants: has >= wants,
    "<=": lambda has, wants: has <= wants,
    "==": lambda has, wants: has == wants,
    "!=": lambda has, wants: has != wants,
    ">": lambda has, wants: has > wants,
    "<": lambda has, wants: has < wants,
}
_PARTS = 4
# 2025-01-01: a clock before that was never set.
OLDEST = 1_735_689_600
CLOCK_SECONDS = 60
# Besides the connections of a check: the state, record files, the readers that /health and the feeds are served to.
OTHER_FILES = 256


def python(_: "Subject") -> Iterator[Said]:
    """Name the versions; which of them work is what the installation goes by."""
    yield ok(f"Python {platform.python_version()} on {platform.system()}, feeds {__version__}")


def packages(_: "Subject") -> Iterator[Said]:
    """Compare the packages that are installed with those this version was made for."""
    try:
        wanted = metadata.requires("feeds") or []
    except metadata.PackageNotFoundError:
        yield warn("feeds itself is not installed, so nothing tells which packages it needs", "pip install .")
        return
    faults = list(package_faults(wanted, _installed))
    yield from (fail(fault, "make feeds, or: pip install --upgrade feeds") for fault in faults)
    if not faults:
        yield ok("the packages are those this version was made for")


def package_faults(wanted: Iterable[str], installed: Callable[[str], str]) -> Iterator[str]:
    """Yield what does not fit these requirements (PEP 508); those of extras may be absent.

    `installed` returns the version of a package, "" for one that is absent.
    """
    for requirement in wanted:
        found = _REQUIREMENT.match(requirement)
        if not found or ("extra" in found["marker"] and not installed(found["name"])):
            continue
        version = installed(found["name"])
        if not version:
            yield f"the package {found['name']} is not installed"
        elif not _fits(version, _CLAUSE.findall(found["versions"])):
            yield f"{found['name']} {version} is installed, {found['versions'].strip()} is needed"


def _fits(version: str, clauses: Sequence[tuple[str, str]]) -> bool:
    return all(_HOLDS[sign](_numbers(version), _numbers(wanted)) for sign, wanted in clauses)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the first numbers of a version, so many that 1 and 1.0 are the same."""
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("+")[0])][:_PARTS]
    return (*numbers, *([0] * (_PARTS - len(numbers))))


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def clock(subject: "Subject") -> Iterator[Said]:
    """Compare the clock with the latest time that was ever written down."""
    latest = max(_written(subject), default=0)
    shown = datetime.fromtimestamp(subject.now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    cure = "set the clock, and keep it right: timedatectl set-ntp true"
    if subject.now < OLDEST:
        yield fail(f"the clock says {shown}, before this program was written", cure)
    elif latest > subject.now + CLOCK_SECONDS:
        yield fail(f"the clock says {shown}, but something was done {span(latest - subject.now)} later", cure)
    else:
        yield ok(f"the clock says {shown}")


def _written(subject: "Subject") -> Iterator[int]:
    status = subject.status
    yield status.published
    yield from (max(tick.started, tick.ended, tick.good) for tick in status.ticks)
    if status.out_there:
        yield int((subject.out / CATALOGUE).stat().st_mtime)


def zones(subject: "Subject") -> Iterator[Said]:
    """Open the time zones that the settings name."""
    settings = subject.loaded.settings
    names = dict.fromkeys((settings.time_zone, settings.schedule.time_zone))
    try:
        _ = [ZoneInfo(name) for name in names]
    except (KeyError, ValueError) as error:
        yield fail(f"no rules for a time zone: {error}", "pip install --upgrade tzdata")
    else:
        yield ok(f"time zones: {', '.join(names)}; tzdata {_installed('tzdata') or 'of the system'}")


def open_files(subject: "Subject") -> Iterator[Said]:
    """Compare the limit on open files with what a check of links opens at once."""
    links = subject.loaded.settings.links
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = links.concurrency + OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        yield ok(
            f"{'any number of' if soft == resource.RLIM_INFINITY else format(soft, ',')} files may be open at once"
        )
        return
    most = max(soft - OTHER_FILES, 1)
    raised = hard == resource.RLIM_INFINITY or hard >= needed
    cure = f"ulimit -n {needed}" if raised else f"set links.concurrency to {most}"
    yield warn(f"{soft:,} files may be open at once, a check of links may need {needed:,}", cure)
