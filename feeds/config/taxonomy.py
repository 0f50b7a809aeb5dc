"""Read topics.yaml and providers.yaml into one `Taxonomy`.

This module must never guess: two entries that claim one name are a fault that tells both places.
"""

from dataclasses import dataclass
from pathlib import Path

from feeds.config.document import Document, read
from feeds.config.faults import Fault
from feeds.config.providers import providers_of
from feeds.config.topics import topics_of
from feeds.model import Taxonomy


@dataclass(frozen=True, slots=True)
class TaxonomyFile:
    """One file of the taxonomy. A file nobody `named` may be absent: it then names nothing."""

    path: Path
    label: str
    named: bool


def read_taxonomy(topics: TaxonomyFile, providers: TaxonomyFile) -> tuple[Taxonomy, list[Fault]]:
    """Return what both files name, and what is wrong with them."""
    topics_document, topics_unread = _document(topics)
    providers_document, providers_unread = _document(providers)
    by_topic, topic_faults = topics_of(topics_document)
    by_provider, provider_faults = providers_of(providers_document)
    return Taxonomy(by_topic, by_provider), [*topics_unread, *topic_faults, *providers_unread, *provider_faults]


def _document(file: TaxonomyFile) -> tuple[Document, list[Fault]]:
    if not file.named and not file.path.exists():
        return Document(file.label), []
    return read(file.path, file.label)
