"""Who runs the tasks of a build: this process, or several. Every engine gives the same results in the same order."""

from feeds.engine.automatic import AutomaticEngine
from feeds.engine.inline import InlineEngine

__all__ = ["AutomaticEngine", "InlineEngine"]
