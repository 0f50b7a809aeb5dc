"""Read what changed: from the folders to sightings in the store."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from feeds.model import Problem
from feeds.pipeline.order import BuildOrder, BuildReport, Ports
from feeds.sources.folder import Scan, scan
from feeds.store.documents import DocumentRow, SightingRow
from feeds.store.rows import chunks

if TYPE_CHECKING:
    from feeds.sources.reading import Reading

# One commit a batch: small enough for a progress bar and to lose little, large enough that commits cost nothing.
BATCH = 500


def ingest(order: BuildOrder, ports: Ports, report: BuildReport, *, again: bool) -> bool:
    """Read changed records, all of them where `again`; return whether anything is different in the store."""
    known = ports.store.documents.listings()
    found = scan(order.roots, {} if again else known, order.now_ns)
    if again:
        found.gone = sorted(set(ports.store.documents.files()) - found.changed.keys())
        found.folders_gone = sorted(known.keys() - found.listings.keys())
    unreadable, changed = set(), False
    for readings in _readings(order, ports, found, again=again) if found.changed else ():
        news = [reading for reading in readings if reading.sightings is not None]
        with ports.store.transaction():
            ports.store.documents.replace([_row(reading) for reading in news])
        unreadable |= {reading.file for reading in news if not reading.revision}
        changed |= bool(news)
        report.read += len(readings)
        ports.progress("reading", report.read, len(found.changed))
    _finish(found, ports, unreadable)
    return changed or bool(found.gone)


def _readings(order: BuildOrder, ports: Ports, found: Scan, *, again: bool) -> "Iterator[list[Reading]]":
    from feeds.sources.reading import Order, read_all  # noqa: PLC0415  parsers: 15 ms, not for builds without changes

    def orders() -> Iterator[list[Order]]:
        for part in chunks(found.changed.items(), BATCH):
            revisions = {} if again else ports.store.documents.revisions(file for file, _ in part)
            yield [Order(file, path, revisions.get(file, "")) for file, path in part]

    return ports.engine.run(partial(read_all, rules=order.rules, limit=order.record_bytes), orders())


def _row(reading: "Reading") -> DocumentRow:
    told = reading.sightings or ()
    sightings = tuple(SightingRow(own, held, "\n".join(keys), body) for own, held, keys, body in told)
    return DocumentRow(reading.file, reading.revision, sightings, reading.problems, reading.broken)


def _finish(found: Scan, ports: Ports, unreadable: set[str]) -> None:
    """Remember the listings, last: a build killed before reads the same files again, and finds them unchanged."""
    listings = {folder: _without(folder, entries, unreadable) for folder, entries in found.listings.items()}
    if not (listings or found.gone or found.folders_gone or found.unreadable or ports.store.meta.get("unreadable")):
        return
    with ports.store.transaction():
        ports.store.documents.remove(found.gone)
        ports.store.documents.keep_listings(listings, found.folders_gone)
        problems = tuple(_folder_problem(name, reason) for name, reason in sorted(found.unreadable.items()))
        ports.store.documents.report({"folders": problems})
        ports.store.meta.put("unreadable", str(len(problems) or ""))


def _without(folder: str, entries: bytes, unreadable: set[str]) -> bytes:
    """Leave out files that could not be read, so that the next build tries them again."""
    if not unreadable:
        return entries
    prefix = "" if folder == "." else folder + "/"
    lines = entries.decode("utf-8", "surrogateescape").split("\n")
    kept = (line for line in lines if prefix + line.partition("\t")[0] not in unreadable)
    return "\n".join(kept).encode("utf-8", "surrogateescape")


def _folder_problem(name: str, reason: str) -> Problem:
    return Problem(name, 1, 1, "unreadable", f"the folder cannot be read ({reason}); what stood in it is kept")
