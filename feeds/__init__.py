"""Publish RSS, Atom and JSON feeds from curated records.

The package root holds the version and nothing else: importing it must never cost anything.
"""

__version__ = "0.4.0"
