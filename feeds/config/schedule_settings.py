"""The `schedule` settings: when the daemon does what.

This module must never compute a time; it says what `feeds.schedule` goes by.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from feeds.config.checks import TimeZone
from feeds.config.section import Section
from feeds.config.when import when

When = Annotated[str, AfterValidator(when)]


class ScheduleSettings(Section):
    """When `feeds run` looks at what, besides at once when something changes."""

    build: When = Field(
        "15m", description="When all records are looked through again, whether or not a change is seen."
    )
    check: When = Field("10m", description="When links that are due are checked.")
    poll: When = Field("1m", description="When remote feeds that are due are asked.")
    push: When = Field("1m", description="When hubs that are due are told of changed feeds again.")
    tidy: When = Field("17 3 * * *", description="When the state is tidied up.")
    time_zone: TimeZone = Field("UTC", description="The time zone that times of day in the schedule are meant in.")
    jitter_seconds: int = Field(
        5,
        ge=0,
        le=3600,
        description="How late at most a run may start, by chance, so that many daemons do not coincide.",
    )
    watch: bool = Field(
        default=True,
        description="Whether changed records and settings are noticed at once; turn it off on network shares.",
    )
