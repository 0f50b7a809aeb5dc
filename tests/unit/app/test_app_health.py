"""What counts against a site, what is only worth a look, and what is neither."""

from dataclasses import replace
from typing import Any

import pytest

from feeds.app.health import Health, health, period, span
from feeds.app.standing import Holder, HubState, LinkStates, ProblemCount, RemoteSources, Source, Status, Tick
from feeds.config.settings import Settings

NOW = 1_700_000_000
MINUTE, HOUR, DAY = 60, 3600, 86_400
# The defaults: a build every 15 minutes, so three missed ones are 45; a check every 10, a push every minute.
SETTINGS = Settings()
WELL = Status(
    NOW,
    "/srv/state.db",
    "/srv/out",
    out_there=True,
    schema="3",
    published=NOW - DAY,
    sources=(Source("/srv/records", there=True, records=9),),
)
DEAD_MANY = LinkStates({"ok": 80, "dead": 20})


def judged(**changes: Any) -> Health:
    return health(replace(WELL, **changes), SETTINGS)


def build(**changes: Any) -> tuple[Tick, ...]:
    return (replace(Tick("build", started=NOW - 70, ended=NOW - 60, good=NOW - 60), **changes),)


READY = {
    "nothing ever ran but a build by hand": {"ticks": build()},
    "a build by hand long ago": {"ticks": build(started=NOW - 99 * DAY, ended=NOW - 99 * DAY, good=NOW - 99 * DAY)},
    "a build is due soon": {"ticks": build(due=NOW + MINUTE)},
    "a build is a little late": {"ticks": build(started=NOW - HOUR, due=NOW - 44 * MINUTE)},
    "cron builds where a daemon once planned": {"ticks": build(due=NOW - DAY)},
    "a build that takes long": {
        "ticks": build(started=NOW - DAY, due=NOW - HOUR),
        "builder": Holder("here:1", alive=True),
    },
    "some dead links": {"links": LinkStates({"ok": 91, "dead": 9})},
    "few links, many dead": {"links": LinkStates({"ok": 1, "dead": 9})},
    "few of many sources fail": {"remote": RemoteSources({"fine": 99, "failing": 3})},
    "smaller faults": {"problems": (ProblemCount("warning", "url-broken", 7),)},
    "hubs that wait": {"hubs": (HubState("https://hub.example/", waiting=3),)},
}


@pytest.mark.parametrize("changes", READY.values(), ids=READY)
def test_nothing_to_say(changes: dict[str, Any]) -> None:
    assert judged(**changes) == Health(ready=True)


NOT_READY = [
    ({"fault": "it is gone"}, "the state cannot be read: it is gone (feeds doctor)"),
    ({"published": 0}, "nothing was published yet: feeds build"),
    (
        {"published": 0, "ticks": build(good=0, fails=1, detail="no room")},
        "nothing was published yet (no room): feeds build",
    ),
    ({"out_there": False}, "the output /srv/out is gone: feeds build"),
    (
        {"ticks": build(good=NOW - HOUR, fails=4, detail="no room")},
        "the build has failed 4 times, the last good one was 60 minutes ago (no room): feeds build",
    ),
    ({"ticks": build(good=0, fails=1)}, "the build has failed once, none ever went well: feeds build"),
    (
        {"ticks": build(started=NOW - 2 * HOUR, due=NOW - HOUR)},
        "the build has been due for 60 minutes, nobody runs it: feeds run, or feeds build",
    ),
]


@pytest.mark.parametrize(("changes", "why"), NOT_READY)
def test_not_ready(changes: dict[str, Any], why: str) -> None:
    assert judged(**changes) == Health(ready=False, why=(why,))


WARNINGS = [
    (
        {"ticks": build(good=NOW - 40 * MINUTE, fails=2, detail="no room")},
        "build has failed 2 times (no room): feeds build",
    ),
    (
        {"ticks": (Tick("check", started=NOW, ended=NOW, fails=1, detail="offline"),)},
        "check has failed once (offline): feeds check",
    ),
    ({"ticks": (Tick("tidy", started=NOW, ended=NOW, fails=2),)}, "tidy has failed 2 times: feeds doctor"),
    ({"ticks": (Tick("check", due=NOW - HOUR),)}, "check has been due for 60 minutes: feeds run"),
    ({"ticks": (Tick("push", due=NOW - 6 * MINUTE),)}, "push has been due for 6 minutes: feeds run"),
    ({"daemon": Holder("here:1", alive=False)}, "the daemon here:1 ended without a word: feeds run"),
    ({"sources": (Source("/gone", there=False),)}, "there is no folder of records /gone: feeds config show"),
    (
        {"problems": (ProblemCount("error", "title-missing", 1_200), ProblemCount("warning", "url-broken", 1))},
        "1,200 faults keep records from being published: feeds build --json",
    ),
    ({"links": DEAD_MANY}, "20 of 100 links are dead: feeds links --state dead"),
    (
        {"remote": RemoteSources({"fine": 2, "failing": 1})},
        "1 of 3 remote feeds fail: feeds sources list",
    ),
    (
        {"hubs": (HubState("https://hub.example/", waiting=3, fails=2, detail="500 busy"),)},
        "the hub https://hub.example/ has failed 2 times (500 busy), 3 feeds wait for it: feeds push",
    ),
]


@pytest.mark.parametrize(("changes", "warning"), WARNINGS)
def test_a_warning_does_not_count_against_it(changes: dict[str, Any], warning: str) -> None:
    assert judged(**changes) == Health(ready=True, warnings=(warning,))


@pytest.mark.parametrize("late", [4 * MINUTE, 5 * MINUTE])
def test_a_task_of_every_minute_gets_five(late: int) -> None:
    assert judged(ticks=(Tick("push", due=NOW - late),)).warnings == ()


@pytest.mark.parametrize(("minutes", "ready"), [(15, True), (16, False)])
def test_patience_follows_the_timetable(minutes: int, ready: bool) -> None:
    settings = Settings.model_validate({"schedule": {"build": "5m"}})
    failing = replace(WELL, ticks=build(good=NOW - minutes * MINUTE, fails=1))
    assert health(failing, settings).ready is ready


def test_a_task_of_another_version_is_judged_too() -> None:
    assert judged(ticks=(Tick("poll", due=NOW - 4 * HOUR),)).warnings == ("poll has been due for 4 hours: feeds run",)


def test_a_standby_is_ready_whatever_the_one_at_work_does() -> None:
    failing = replace(WELL, ticks=build(good=0, fails=1), out_there=False)
    found = health(failing, SETTINGS, standby=True)
    assert (found.ready, found.standby, len(found.warnings)) == (True, True, 2)
    assert not health(replace(WELL, fault="gone"), SETTINGS, standby=True).ready


@pytest.mark.parametrize(
    ("when", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("1d", DAY),
        ("*/5 * * * *", HOUR),
        ("17 * * * *", HOUR),
        ("17 3 * * *", DAY),
        ("17 3 * * mon", 7 * DAY),
        ("0 0 1 * *", 31 * DAY),
        ("0 0 1 jan *", 366 * DAY),
    ],
)
def test_periods(when: str, seconds: int) -> None:
    assert period(when) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (2 * DAY - 1, "47 hours"),
        (2 * DAY, "2 days"),
        (-300, "5 minutes"),
        (1500 * DAY, "1,500 days"),
    ],
)
def test_spans(seconds: int, words: str) -> None:
    assert span(seconds) == words
