"""The daemon: the same work as by hand, done whenever it is due. Decides nothing about records, links or feeds.

daemon      one process: signals, settings, servers, and whose turn it is when there are several
reign       one daemon at work with one set of settings: the timetable, the watch over files, the lease
duties      what a task does when its time has come
"""

from feeds.app.daemon.daemon import Daemon

__all__ = ["Daemon"]
