"""Which command tells more of an error that ends a command; none where its text names one already."""

import re

from feeds.cli.main import COMMANDS
from feeds.errors import AddressError, ConfigError, FeedsError, Interrupted, LeaseHeld, ThemeError, UsageError

_NAMED = re.compile(rf"\bfeeds (?:{'|'.join(COMMANDS)})\b")
# The first that fits; what is left (state, output) is the installation's, which the doctor looks at.
_MORE: tuple[tuple[type[FeedsError], str], ...] = (
    (Interrupted, "what was done: feeds status"),
    (LeaseHeld, "who is at work: feeds status"),
    (AddressError, "which address is set, and where: feeds config show"),
    (ConfigError, "what each setting may be: feeds config schema"),
    (ThemeError, "which folder the templates are in: feeds config show"),
    (UsageError, "how it is called: feeds --help"),
)
_ELSE = "what is wrong, and the cure: feeds doctor"


def more(error: FeedsError) -> str:
    """Return a line that names a command, or ""."""
    if _NAMED.search(f"{error}"):
        return ""
    return next((line for kind, line in _MORE if isinstance(error, kind)), _ELSE)
