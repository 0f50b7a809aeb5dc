"""Write stories down as JSON for the state and read them back. Internal: no reader ever sees this form."""

from dataclasses import fields
from itertools import dropwhile

import msgspec

from feeds.model.item import Mention, Story
from feeds.model.sighting import Sighting

_encoder = msgspec.json.Encoder()
_sighting = msgspec.json.Decoder(Sighting)
_story = msgspec.json.Decoder(Story)
_mentions = msgspec.json.Decoder(tuple[Mention, ...])


def _unsaid(kind: type[Story | Sighting], first: str) -> tuple[bytes, ...]:
    """Return how the members from this one on are written where they say nothing: as they are by default."""
    later = dropwhile(lambda field: field.name != first, fields(kind))
    return tuple(b',"%b":%b' % (field.name.encode(), _encoder.encode(field.default)) for field in later)


# What few stories have is left out where it says nothing, 130 bytes a row. No text can look like these, since JSON
# escapes every quote inside of one.
_UNSAID = (_unsaid(Story, "content"), _unsaid(Sighting, "remote"))
# Most say nothing in any of them, and they stand side by side: one search each instead of one for every member.
_SILENT = tuple(map(b"".join, _UNSAID))


def _encoded(value: Story | Sighting) -> bytes:
    body = _encoder.encode(value)
    for members, silent in zip(_UNSAID, _SILENT, strict=True):
        for member in (silent,) if silent in body else members:
            body = body.replace(member, b"", 1)
    return body


def encode_sighting(sighting: Sighting) -> bytes:
    """Return a sighting as bytes."""
    return _encoded(sighting)


def decode_sighting(body: bytes) -> Sighting:
    """Return the sighting that `encode_sighting` wrote."""
    return _sighting.decode(body)


def encode_mentions(mentions: tuple[Mention, ...]) -> bytes:
    """Return what a story says of others as bytes."""
    return _encoder.encode(mentions)


def decode_mentions(body: bytes) -> tuple[Mention, ...]:
    """Return the mentions that `encode_mentions` wrote."""
    return _mentions.decode(body)


def encode_story(story: Story) -> bytes:
    """Return a story as bytes."""
    return _encoded(story)


def decode_story(body: bytes) -> Story:
    """Return the story that `encode_story` wrote."""
    return _story.decode(body)
