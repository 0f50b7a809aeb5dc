"""Write what is known of sources and entries down as JSON for the state, and read it back."""

import msgspec

from feeds.model.remote import RemoteEntry
from feeds.remote.memory import Traits
from feeds.remote.outcome import SourceMemory

_encoder = msgspec.json.Encoder()
_source = msgspec.json.Decoder(SourceMemory)
_entry = msgspec.json.Decoder(RemoteEntry)
_traits = msgspec.json.Decoder(Traits)


def encode(value: SourceMemory | RemoteEntry | Traits) -> bytes:
    """Return a value as bytes."""
    return _encoder.encode(value)


def decode_source(body: bytes) -> SourceMemory | None:
    """Return the memory of a source, None for b""."""
    return _source.decode(body) if body else None


def decode_entry(body: bytes) -> RemoteEntry:
    """Return an entry as it was kept."""
    return _entry.decode(body)


def decode_traits(body: bytes) -> Traits:
    """Return what an entry is known again by."""
    return _traits.decode(body)
