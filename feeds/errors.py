"""Every exception this program raises on purpose, and the exit code each one means.

    FeedsError                      1  something unexpected
        UsageError                  2  the call or the configuration is wrong; nothing was done
            ConfigError             2  one or more faults in the configuration, each with its place
           ThemeError              2  a template of the web pages, or the folder it is in, is at fault
        StateError                  1  the state cannot be opened, read or written
        AddressError                1  an address cannot be listened at; it may become free
        PublishError                1  the output cannot be written; the last good tree stays
        LeaseHeld                   4  another build is at work on the same state
        Interrupted               130  asked to stop; what was done is kept

Bad data is never an exception: it is a `feeds.model.Problem`, kept with the record it belongs to.
"""

from collections.abc import Sequence


class FeedsError(Exception):
    """The root of all errors; its text is what the user reads."""

    exit_code = 1


class UsageError(FeedsError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration has faults; `faults` holds one `place: reason` line for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class ThemeError(UsageError):
    """The web pages cannot be made as their templates ask for; the text names file and line."""


class StateError(FeedsError):
    """The state database cannot be used."""


class PublishError(FeedsError):
    """The output folder cannot be written."""


class AddressError(FeedsError):
    """An address to serve at cannot be had now."""


class LeaseHeld(FeedsError):
    """Another build holds the lease on this state."""

    exit_code = 4


class Interrupted(FeedsError):
    """Work was given up because the program was asked to stop; what was done is kept."""

    exit_code = 130
