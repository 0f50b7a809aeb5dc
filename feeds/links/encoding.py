"""Write what is known of links and hosts down as JSON for the state, and read it back."""

import msgspec

from feeds.links.hosts import HostState
from feeds.model.link import LinkState

_encoder = msgspec.json.Encoder()
_link = msgspec.json.Decoder(LinkState)
_host = msgspec.json.Decoder(HostState)


def encode_link(state: LinkState) -> bytes:
    """Return a link's state as bytes."""
    return _encoder.encode(state)


def decode_link(body: bytes) -> LinkState:
    """Return the state that `encode_link` wrote."""
    return _link.decode(body)


def encode_host(state: HostState) -> bytes:
    """Return a host's state as bytes."""
    return _encoder.encode(state)


def decode_host(body: bytes) -> HostState:
    """Return the state that `encode_host` wrote, a new one for b""."""
    return _host.decode(body) if body else HostState()
