"""Decide what to write and what to delete, from what is wanted and what is there. Pure."""

from feeds.publish.plan import Plan, digest, plan

__all__ = ["Plan", "digest", "plan"]
