"""A remote feed as the operator configured it, in the terms the core decides by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One configured source. How it is reached (credentials, headers, time-outs) is no part of it.

    `id` names it for ever: entries are known by it. `provider_name` and `provider_domain` are "" where the feed itself
    shall tell. `include` and `exclude` are words, `include_patterns` and `exclude_patterns` regular expressions;
    `languages` are language ranges (RFC 4647 section 2.1). `weight` is 0 to 100; `shortest` and `longest` bound the
    time between two polls, in seconds. None stands for no limit.
    """

    id: str
    url: str
    provider_name: str = ""
    provider_domain: str = ""
    topics: tuple[str, ...] = ()
    keep_categories: bool = False
    language: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include_patterns: tuple[str, ...] = ()
    exclude_patterns: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    max_age_days: int | None = None
    min_score: int | None = None
    weight: int = 50
    full_text: bool = False
    shortest: int = 900
    longest: int = 86_400
    paused: bool = False
