"""Run named tasks on a timetable. Knows nothing of feeds; the only package that knows APScheduler."""

from feeds.schedule.timetable import Timetable

__all__ = ["Timetable"]
