"""Write stories down as JSON for the state and read them back. Internal: no reader ever sees this form."""

import msgspec

from feeds.model.item import Story
from feeds.model.sighting import Sighting

_encoder = msgspec.json.Encoder()
_sighting = msgspec.json.Decoder(Sighting)
_story = msgspec.json.Decoder(Story)

# Left out where it says nothing: a row of an older state stays the bytes it is when it is written again. No text can
# look like these, since JSON escapes every quote inside of one.
_NOTHING_MORE = b',"content":"","language":"","also":[]}'
_OURS = b',"remote":false}'


def encode_sighting(sighting: Sighting) -> bytes:
    """Return a sighting as bytes."""
    return _encoder.encode(sighting).replace(_NOTHING_MORE, b"}", 1).replace(_OURS, b"}", 1)


def decode_sighting(body: bytes) -> Sighting:
    """Return the sighting that `encode_sighting` wrote."""
    return _sighting.decode(body)


def encode_story(story: Story) -> bytes:
    """Return a story as bytes."""
    return _encoder.encode(story).replace(_NOTHING_MORE, b"}", 1)


def decode_story(body: bytes) -> Story:
    """Return the story that `encode_story` wrote."""
    return _story.decode(body)
