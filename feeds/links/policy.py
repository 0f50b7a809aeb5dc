"""The thresholds of every verdict, and what a verdict does to an item. Values only; nothing here may decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from feeds.model.link import Seen, Verdict

HOUR = 3600
DAY = 86_400
# Not 0, which reads as "due" where what is due is looked up: the last second of the year 9999.
NEVER = 253_402_300_799

Action = Literal["keep", "fallback", "flag", "drop"]


@dataclass(frozen=True, slots=True)
class Death:
    """What makes a link dead: `fails` counted failures, and `seconds` since the first of them."""

    fails: int
    seconds: int


def _deaths() -> Mapping[Seen, Death]:
    return {
        Seen.GONE: Death(2, DAY),
        Seen.MISSING: Death(3, 3 * DAY),
        Seen.SOFT: Death(3, 7 * DAY),
        Seen.NO_HOST: Death(4, 7 * DAY),
        Seen.LOOP: Death(4, 7 * DAY),
        Seen.TRANSIENT: Death(5, 14 * DAY),
        Seen.TLS: Death(5, 14 * DAY),
    }


_WEAK = (HOUR // 2, 6 * HOUR, 24 * HOUR, 72 * HOUR)
_STRONG = (24 * HOUR, 48 * HOUR, 72 * HOUR)
_SLOW = (48 * HOUR, 72 * HOUR)


def _suspects() -> Mapping[Seen, tuple[int, ...]]:
    return {
        Seen.GONE: _STRONG,
        Seen.MISSING: _STRONG,
        Seen.SOFT: _SLOW,
        Seen.NO_HOST: _SLOW,
        Seen.LOOP: _WEAK,
        Seen.TRANSIENT: _WEAK,
        Seen.TLS: _WEAK,
    }


@dataclass(frozen=True, slots=True)
class Policy:
    """How much evidence a verdict needs, when to look again, and what an item does about it. Times in seconds.

    `deaths` and `suspects` have a row for every class of failure. A ladder names the waits in their order; its last one
    repeats. `flag_after` is the age at death from which a story without any copy is flagged and not dropped. `told` are
    the verdicts on a story's page that are told by themselves, on web pages or to queries, whatever they do.
    """

    deaths: Mapping[Seen, Death] = field(default_factory=_deaths)
    between_fails: int = 20 * HOUR  # quick retries never add up to death
    move_sightings: int = 2
    move_seconds: int = 7 * DAY
    far_move_sightings: int = 3
    far_move_seconds: int = 14 * DAY

    good: tuple[int, ...] = (7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY)
    good_in_window: int = 7 * DAY
    good_while_young: int = DAY
    suspects: Mapping[Seen, tuple[int, ...]] = field(default_factory=_suspects)
    blocked: tuple[int, ...] = (7 * DAY, 14 * DAY, 30 * DAY)
    dead: tuple[int, ...] = (30 * DAY, 60 * DAY, 120 * DAY, 180 * DAY)
    soonest: int = 60
    jitter: tuple[float, float] = (0.85, 1.15)
    suspect_jitter: tuple[float, float] = (1.0, 1.15)

    on_dead: Action = "fallback"
    on_suspect: Action = "keep"
    on_blocked: Action = "keep"
    follow_moves: bool = True
    archive: bool = True
    flag_after: int = 30 * DAY
    flag: str = "(The publisher's page is gone.)"
    told: frozenset[Verdict] = frozenset()

    def action(self, verdict: Verdict) -> Action:
        """Return what an item does when its page has this verdict; only what is bad can change an item."""
        if verdict is Verdict.DEAD:
            return self.on_dead
        if verdict is Verdict.SUSPECT:
            return self.on_suspect
        return self.on_blocked if verdict is Verdict.BLOCKED else "keep"
