"""Go through all checks. One that stumbles is a finding itself: the others still say what they have to say."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from feeds.app.doctor import machine, output, project, state
from feeds.app.doctor.finding import Check, Finding, Grade, Said
from feeds.app.doctor.subject import Subject
from feeds.app.status import read_status
from feeds.errors import ConfigError, FeedsError

if TYPE_CHECKING:
    from feeds.config.load import Loaded

CONFIG = "settings"
CURE = "look at what it names: whether it is there, and whether this user may read it"


def _names(subject: Subject) -> Iterator[Said]:
    from feeds.app.doctor.web import names  # noqa: PLC0415  httpx costs 120 ms

    return names(subject)


def _served(subject: Subject) -> Iterator[Said]:
    from feeds.app.doctor.web import served  # noqa: PLC0415  see _names

    return served(subject)


CHECKS = (
    Check(CONFIG, project.settings),
    Check("python", machine.python),
    Check("packages", machine.packages),
    Check("clock", machine.clock),
    Check("time zones", machine.zones),
    Check("open files", machine.open_files),
    Check("base_url", project.address),
    Check("records", project.records),
    Check("problems", project.problems),
    Check("state", state.opens),
    Check("state whole", state.whole),
    Check("state writable", state.writable),
    Check("state disk", state.place),
    Check("at work", state.leases),
    Check("output", output.writable),
    Check("output disk", output.one_disk),
    Check("permissions", output.permissions),
    Check("stage", output.stage),
    Check("free space", output.space),
    Check("feeds.json", output.catalogue),
    Check("files", output.as_published),
    Check("names", _names, online=True),
    Check("served", _served, online=True),
)


def examine(read: "Callable[[], Loaded]", now: int, *, offline: bool = False) -> Iterator[Finding]:
    """Yield what every check finds, as it finds it.

    `read` reads the settings: with a fault in them nothing else can be looked at. `now` is seconds since 1970.
    `offline` leaves out whatever asks beyond this machine.
    """
    try:
        loaded = read()
    except ConfigError as error:
        cure = "edit it; feeds config check says whether that was all"
        yield from (Finding(CONFIG, Grade.FAIL, fault, cure) for fault in error.faults)
        return
    except (OSError, FeedsError) as error:
        yield Finding(CONFIG, Grade.FAIL, f"{error}", CURE)
        return
    subject = Subject(loaded, read_status(loaded, now), now)
    for check in CHECKS:
        if not (check.online and offline):
            yield from _looked_at(check, subject)


def _looked_at(check: Check, subject: Subject) -> Iterator[Finding]:
    try:
        for said in check.look(subject):
            yield Finding(check.name, said.grade, said.found, said.cure)
    except (OSError, FeedsError) as error:
        yield Finding(check.name, Grade.FAIL, f"could not be looked at: {error}", CURE)
