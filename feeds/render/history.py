"""What a document says of the history of its feed: archives (RFC 5005) and withdrawn entries (RFC 6721).

Must never let a page of an archive say what may change without its own entries: no link to the page after it, which is
not there when the page is cut (RFC 5005 section 4 has it as a SHOULD), and no hub, which tells of new entries only.
"""

from collections.abc import Iterable, Mapping, Sequence

from feeds.model import FeedSpec, Paging, Site, Tombstone
from feeds.model.tree import document_key
from feeds.render.addresses import feed_url
from feeds.render.markup import empty

FH_NS = "http://purl.org/syndication/history/1.0"
AT_NS = "http://purl.org/atompub/tombstones/1.0"

_DELETED = "at:deleted-entry"


def own_url(spec: FeedSpec, site: Site, ending: str, paging: Paging) -> str:
    """Return the address of the document itself."""
    return feed_url(site, document_key(spec.key, paging.page), ending)


def previous_url(spec: FeedSpec, site: Site, ending: str, paging: Paging) -> str:
    """Return the address of the page before the document, "" for none."""
    return feed_url(site, document_key(spec.key, paging.previous), ending) if paging.previous else ""


def relations(spec: FeedSpec, site: Site, ending: str, paging: Paging) -> list[tuple[str, str]]:
    """Return the links (relation, address) from the document to others of its feed (RFC 5005 section 4)."""
    current = feed_url(site, spec.key, ending) if paging.page else ""
    found = (("current", current), ("prev-archive", previous_url(spec, site, ending, paging)))
    return [(relation, url) for relation, url in found if url]


def marker(paging: Paging) -> str:
    """Return the name, in Clark's notation, of the element that says what the document is, "" for none."""
    name = "archive" if paging.page else "complete" if paging.complete else ""
    return f"{{{FH_NS}}}{name}" if name else ""


def namespaces(paging: Paging, tombstones: Sequence[Tombstone]) -> Mapping[str, str]:
    """Return the namespaces that these need, by prefix."""
    return ({"fh": FH_NS} if marker(paging) else {}) | ({"at": AT_NS} if tombstones else {})


def deleted_entries(tombstones: Iterable[Tombstone]) -> list[bytes]:
    """Return what is left of withdrawn entries, one a line (RFC 6721 section 3)."""
    return [
        empty(_DELETED, {"ref": f"urn:uuid:{each.id}", "when": each.when.isoformat()}).encode() for each in tombstones
    ]
