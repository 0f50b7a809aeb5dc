"""Look for what is wrong with this installation, and name the cure of each fault.

finding     what one check says
subject     what is examined: settings, a status, a time
machine     Python, packages, clock, time zones, open files
project     settings, public address, records
state       the database: whole, writable, on a disk it can live on; leases left behind
output      the published folder, and whether it is what was published
web         names, and what the public address answers
examine     all of them in order
"""

from feeds.app.doctor.examine import CHECKS, examine
from feeds.app.doctor.finding import Finding, Grade

__all__ = ["CHECKS", "Finding", "Grade", "examine"]
