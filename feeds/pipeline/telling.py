"""Tell what a remote entry means here: its topics and by which rules, whether it is wanted, what is shown of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from feeds.items.encoding import encode_sighting
from feeds.items.rules import Rules
from feeds.model import Problem, Severity
from feeds.model.remote import RemoteEntry, RemoteFeed
from feeds.model.source import Source
from feeds.remote.encoding import decode_entry, decode_source
from feeds.remote.filters import Sieve, refused, score, sieve
from feeds.remote.sighting import Unusable, Voice, sighting, voice
from feeds.remote.topics import Reason, TopicIndex, topic_index, topics_of
from feeds.store import Store
from feeds.store.documents import REMOTE, DocumentRow, SightingRow
from feeds.store.sources import EntryRow

# A pattern that took too long for so many entries of a source is not tried any more in this build.
SLOW_MOST = 3


def document_name(source: str, name: str) -> str:
    """Return what an entry is called among documents; no file can be called so."""
    return f"{REMOTE}{source}/{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"


@dataclass(slots=True)
class Retold:
    """What became of an entry: its sighting, or why it has none, with the reasons for its topics."""

    seen: SightingRow | None
    refusal: str
    reasons: tuple[Reason, ...] = ()
    slow: tuple[str, ...] = ()


@dataclass(slots=True)
class Teller:
    """Tells entries under one set of settings; what a source needs is made once."""

    store: Store
    sources: dict[str, Source]
    rules: Rules
    _index: TopicIndex | None = None
    _sieves: dict[str, Sieve] = field(default_factory=dict)
    _voices: dict[str, Voice] = field(default_factory=dict)
    _slow: dict[str, int] = field(default_factory=dict)

    def document(self, row: EntryRow) -> DocumentRow | None:
        """Return the document of an entry, None where its source is no longer configured."""
        source = self.sources.get(row.source)
        if source is None:
            return None
        name = document_name(row.source, row.name)
        told = self.tell(row, source)
        problems = tuple(_too_slow(source, pattern) for pattern in told.slow)
        return DocumentRow(name, row.digest, (told.seen,) if told.seen else (), problems)

    def tell(self, row: EntryRow, source: Source) -> Retold:
        """Return what an entry means here: by topics, filters, and what is shown of it."""
        entry = decode_entry(row.body)
        self._index = self._index or topic_index(self.rules.taxonomy)
        reasons = topics_of(entry, source, self._index)
        worth = score(entry, source, reasons)
        speaker = self._voice(source)
        ruling = refused(entry, self._sieve(source), worth, row.first_seen, language=speaker.language)
        self._note_slow(source, ruling.slow)
        if ruling.reason:
            return Retold(None, ruling.reason, reasons, ruling.slow)
        return replace(self._seen(entry, source, speaker, row, reasons, worth), slow=ruling.slow)

    def _seen(
        self, entry: RemoteEntry, source: Source, speaker: Voice, row: EntryRow, reasons: Sequence[Reason], worth: int
    ) -> Retold:
        told = sighting(
            entry,
            source,
            speaker,
            row.name,
            row.first_seen,
            shared_page=row.shared,
            reasons=reasons,
            score=worth,
            tracking=self.rules.tracking,
        )
        if isinstance(told, Unusable):
            return Retold(None, told.reason, tuple(reasons))
        story = replace(told.sighting.story, content=told.content, language=told.language, curated=False)
        seen = replace(told.sighting, story=story, remote=True)
        return Retold(SightingRow(seen.own, seen.held, "\n".join(seen.keys), encode_sighting(seen)), "", tuple(reasons))

    def _sieve(self, source: Source) -> Sieve:
        return self._sieves.setdefault(source.id, sieve(source))

    def _note_slow(self, source: Source, patterns: Sequence[str]) -> None:
        for pattern in patterns:
            key = f"{source.id} {pattern}"
            self._slow[key] = self._slow.get(key, 0) + 1
            if self._slow[key] == SLOW_MOST:
                self._sieves[source.id] = self._sieve(source).without([pattern])

    def _voice(self, source: Source) -> Voice:
        if source.id not in self._voices:
            row = self.store.sources.one(source.id)
            memory = decode_source(row.body) if row else None
            feed = RemoteFeed(
                memory.title if memory else "", memory.home if memory else "", (), memory.language if memory else ""
            )
            self._voices[source.id] = voice(source, feed, self.rules.taxonomy)
        return self._voices[source.id]


def explain_entry(store: Store, sources: Sequence[Source], rules: Rules, row: EntryRow) -> Retold:
    """Return what an entry means under these settings, for whoever asks why."""
    by_id = {source.id: source for source in sources}
    if row.source not in by_id:
        return Retold(None, "its source is no longer configured")
    return Teller(store, by_id, rules).tell(row, by_id[row.source])


def _too_slow(source: Source, pattern: str) -> Problem:
    detail = f"the pattern {pattern!r} takes too long for some entries; write a simpler one"
    return Problem(f"source {source.id}", 1, 1, "slow-pattern", detail, Severity.WARNING)
