"""Keep what stood in folders, one blob each: see feeds.disk.listing for their form."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, select

from feeds.store.rows import put, remove


def read_listings(connection: Connection, table: Table) -> dict[str, bytes]:
    """Return the entries of every folder in the table."""
    return {row.folder: row.entries for row in connection.execute(select(table))}


def keep_listings(connection: Connection, table: Table, entries: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Keep the entries of these folders, and forget those that are gone."""
    put(connection, table, ("folder", "entries"), list(entries.items()))
    remove(connection, table, "folder", gone)
