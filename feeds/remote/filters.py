"""Decide whether a source's entry is wanted, and what it is worth.

What is excluded is out, whatever includes it. This module must never let a pattern hold up the run: each search has a
time limit, and one that runs into it counts for what keeps an entry out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from feeds.model.remote import RemoteEntry
from feeds.model.source import Source
from feeds.remote.shown import excerpt, told_date
from feeds.remote.topics import Reason
from feeds.remote.words import Words, searchable, words

_SEARCH_SECONDS = 0.05
_SEARCHED = 10_000
_LONGEST_PATTERN = 1_000


class _Pattern(Protocol):
    @property
    def pattern(self) -> str: ...

    def search(self, string: str, *, timeout: float) -> object: ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an entry is kept out: `reason` says why in words for people, "" for one that is wanted.

    `slow` are the patterns that were given up because they took too long.
    """

    reason: str
    slow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sieve:
    """The filters of one source, made once for all its entries. Patterns in `lost` are not tried any more."""

    source: Source
    include: Words
    exclude: Words
    include_patterns: tuple[_Pattern, ...]
    exclude_patterns: tuple[_Pattern, ...]
    lost: frozenset[str] = frozenset()

    def without(self, patterns: Iterable[str]) -> "Sieve":
        """Return the sieve that takes these patterns as too slow without trying them again."""
        return replace(self, lost=self.lost | frozenset(patterns))


def sieve(source: Source) -> Sieve:
    """Return the filters of a source; its patterns must be free of faults (`pattern_fault`)."""
    return Sieve(
        source,
        words(source.include),
        words(source.exclude),
        tuple(map(_compiled, source.include_patterns)),
        tuple(map(_compiled, source.exclude_patterns)),
    )


def pattern_fault(written: str) -> str:
    """Return what is wrong with a regular expression, "" for one that can be used."""
    import regex  # noqa: PLC0415 - 31 ms, and few sources have patterns

    if len(written) > _LONGEST_PATTERN:
        return f"longer than {_LONGEST_PATTERN} characters"
    try:
        _compiled(written)
    except regex.error as error:
        return str(error)
    except (RecursionError, OverflowError):
        return "nested too deeply"
    return ""


def score(entry: RemoteEntry, source: Source, reasons: Iterable[Reason]) -> int:
    """Return what an entry is worth, 0 to 100.

    It is the weight of its source, 10 for each topic it has of its own (at most three count), 5 for a picture and 5 for
    a summary.
    """
    own = sum(reason.rule != "source" for reason in reasons)
    return min(source.weight + 10 * min(own, 3) + 5 * bool(entry.images) + 5 * bool(excerpt(entry)), 100)


def refused(entry: RemoteEntry, sieve: Sieve, score: int, now: int, *, language: str = "") -> Ruling:
    """Return why the entry is not wanted, if it is not; what costs least is asked first.

    `language` is what the feed is written in, for entries that do not say. Unknown languages and dates are let pass.
    """
    source = sieve.source
    reason = (
        _of_language(entry.language or source.language or language, source)
        or _of_age(entry, source, now)
        or _of_score(score, source)
    )
    return Ruling(reason) if reason else _by_text(entry, sieve)


def _of_language(tag: str, source: Source) -> str:
    # Basic filtering, RFC 4647 section 3.3.1: `en` takes en and en-US, but not eng.
    tag = tag.replace("_", "-").lower()
    wanted = [each.lower() for each in source.languages]
    if not tag or not wanted or any(each == tag or tag.startswith(each + "-") for each in wanted):
        return ""
    return f"language {tag} is not among {', '.join(source.languages)}"


def _of_age(entry: RemoteEntry, source: Source, now: int) -> str:
    if source.max_age_days is None:
        return ""
    told = told_date(entry, now)
    if told is None or datetime.fromtimestamp(now, UTC) - told <= timedelta(days=source.max_age_days):
        return ""
    return f"older than {source.max_age_days} days"


def _of_score(score: int, source: Source) -> str:
    short = source.min_score is not None and score < source.min_score
    return f"score {score} is below {source.min_score}" if short else ""


def _by_text(entry: RemoteEntry, sieve: Sieve) -> Ruling:
    source = sieve.source
    includes, excludes = bool(source.include or source.include_patterns), source.exclude or source.exclude_patterns
    if not includes and not excludes:
        return Ruling("")
    said = _said(entry)
    plain = searchable(said) if source.include or source.exclude else ""
    if unwanted := sieve.exclude.found_in(plain):
        return Ruling(f"excluded by the word {unwanted[0]!r}")
    # Patterns see the address too: a section of a site is often told by nothing else.
    lines = f"{said}\n{entry.link}"
    hit, slow = _first(sieve.exclude_patterns, lines, sieve.lost)
    if hit or slow:
        return Ruling(f"excluded by the pattern {hit!r}" if hit else _too_slow(slow), slow)
    if not includes or sieve.include.found_in(plain):
        return Ruling("")
    hit, slow = _first(sieve.include_patterns, lines, sieve.lost)
    return Ruling("" if hit else "nothing in it is included" + (f"; {_too_slow(slow)}" if slow else ""), slow)


def _said(entry: RemoteEntry) -> str:
    return "\n".join((entry.title, *entry.categories, entry.summary or excerpt(entry)))[:_SEARCHED]


def _too_slow(slow: tuple[str, ...]) -> str:
    return f"the pattern {slow[0]!r} takes more than {_SEARCH_SECONDS * 1000:.0f} ms"


def _first(patterns: tuple[_Pattern, ...], text: str, lost: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Return the first pattern that matches, or "", and those on the way to it that took too long."""
    slow = []
    for pattern in patterns:
        try:
            if pattern.pattern in lost:
                slow.append(pattern.pattern)
            elif pattern.search(text, timeout=_SEARCH_SECONDS):
                return pattern.pattern, tuple(slow)
        except TimeoutError:
            slow.append(pattern.pattern)
    return "", tuple(slow)


def _compiled(written: str) -> _Pattern:
    import regex  # noqa: PLC0415 - as above

    found: _Pattern = regex.compile(written, regex.IGNORECASE | regex.MULTILINE)
    return found
