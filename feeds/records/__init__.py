"""Turn the bytes of a record into a Record, or into the Problem that keeps it from being one.

This package must never open a file, trust a YAML tag or let `secured` out: the value of that field ends here.
"""

from feeds.records.parse import Parsed, parse

__all__ = ["Parsed", "parse"]
