"""Remember what was read, which story is which, and what was published: SQLite or PostgreSQL through SQLAlchemy Core.

The only package that speaks SQL. It decides nothing: it answers questions and writes down decisions. Times are whole
seconds since 1970 (the database knows no time zone), text that decides order is compared bytewise.
"""

from feeds.store.database import Store, open_store

__all__ = ["Store", "open_store"]
