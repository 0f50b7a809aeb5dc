"""The steps of a build in order. It knows what comes after what, and nothing of files, SQL or feed formats.

    scan -> read (parse, normalise) -> settle (identity, merging) -> release (windows, rendering, publishing)

Each step leaves its work in the store and marks what the next has to look at, so a build that was killed goes on where
it stopped, and one in which nothing changed does nothing.
"""

from feeds.pipeline.build import build
from feeds.pipeline.order import BuildOrder, BuildReport, Ports

__all__ = ["BuildOrder", "BuildReport", "Ports", "build"]
