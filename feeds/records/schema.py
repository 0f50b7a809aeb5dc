"""Give the fields of a record their types.

Unknown fields are allowed and left behind here. Never cleans a value: that is the business of `feeds.items`.
"""

from collections.abc import Mapping

from feeds.model.record import Record, RecordEnclosure, RecordImage, RecordProvider
from feeds.records.faults import FieldFault, FieldPath
from feeds.records.yaml_text import Node

Fields = Mapping[str, Node]

# YAML 1.1's words for the two truths. Whatever is neither fails closed.
TRUE = frozenset(("true", "yes", "on", "y"))
FALSE = frozenset(("false", "no", "off", "n", "0"))


def record(fields: Node, body: str = "") -> Record:
    """Return the record that the parsed front matter `fields` describes."""
    if not isinstance(fields, dict):
        shape = "a list" if isinstance(fields, list) else "empty" if fields is None else "a single value"
        raise FieldFault("not-a-mapping", f"the record is {shape}; it must be fields such as 'title: ...'")
    return _story(fields, (), body, tuple(_related(fields)))


def _related(fields: Fields) -> list[Record]:
    entries = _list(fields, "related", ())
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise FieldFault("field-type", "a related story must be a mapping", ("related", place))
    return [_story(entry, ("related", place)) for place, entry in enumerate(entries)]


def _story(fields: Fields, at: FieldPath, body: str = "", related: tuple[Record, ...] = ()) -> Record:
    return Record(
        title=_text(fields, "title", at) or _text(fields, "name", at),
        excerpt=_text(fields, "excerpt", at) or _text(fields, "bio", at),
        body=body,
        date=_text(fields, "publishedDateTime", at) or _text(fields, "date", at),
        original_url=_text(fields, "originalUrl", at),
        web_url=_text(fields, "webUrl", at) or _text(fields, "url", at),
        amp_url=_text(fields, "ampWebUrl", at),
        cdn_amp_url=_text(fields, "cdnAmpWebUrl", at),
        kind=_text(fields, "type", at),
        held=_held(fields),
        provider=_provider(fields, at),
        topics=_texts(fields, "topics", at),
        images=_images(fields, at),
        length=_text(fields, "length", at),
        quality=_text(fields, "quality", at),
        heat=_text(fields, "heat", at),
        enclosure=_enclosure(fields, at),
        related=related,
    )


def _held(fields: Fields) -> bool:
    """Tell whether the record must not be shown: fails closed on anything that is not clearly yes or no."""
    if "published" in fields and not _is(fields["published"], TRUE):
        return True
    return any(fields.get(key) is not None and not _is(fields[key], FALSE) for key in ("removed", "deleted", "draft"))


def _is(value: Node, words: frozenset[str]) -> bool:
    return isinstance(value, str) and value.strip().lower() in words


def _text(fields: Fields, key: str, at: FieldPath) -> str:
    value = fields.get(key)
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    raise FieldFault("field-type", f"'{key}' must be text, not {_shape(value)}", (*at, key))


def _shape(value: Node) -> str:
    return "a list" if isinstance(value, list) else "a mapping"


def _list(fields: Fields, key: str, at: FieldPath) -> list[Node]:
    value = fields.get(key)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise FieldFault("field-type", f"'{key}' must be a list", (*at, key))


def _texts(fields: Fields, key: str, at: FieldPath) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list of one."""
    value = fields.get(key)
    if isinstance(value, str):
        return (value,)
    entries = _list(fields, key, at)
    for place, entry in enumerate(entries):
        if entry is not None and not isinstance(entry, str):
            raise FieldFault("field-type", f"each of '{key}' must be text, not {_shape(entry)}", (*at, key, place))
    return tuple(entry for entry in entries if entry)


def _provider(fields: Fields, at: FieldPath) -> RecordProvider:
    value = fields.get("provider")
    if value is None:
        return RecordProvider()
    if isinstance(value, str):
        return RecordProvider(name=value)
    if not isinstance(value, dict):
        raise FieldFault("field-type", "'provider' must be a mapping with 'name' and 'domain'", (*at, "provider"))
    at = (*at, "provider")
    return RecordProvider(_text(value, "name", at), _text(value, "domain", at), _texts(value, "authors", at))


def _images(fields: Fields, at: FieldPath) -> tuple[RecordImage, ...]:
    images = []
    for place, entry in enumerate(_list(fields, "images", at)):
        where = (*at, "images", place)
        if isinstance(entry, str):
            images.append(RecordImage(entry))
        elif isinstance(entry, dict):
            size = _text(entry, "width", where), _text(entry, "height", where)
            images.append(RecordImage(_text(entry, "url", where), *size))
        elif entry is not None:
            raise FieldFault("field-type", "an image must be a mapping with 'url'", where)
    return tuple(image for image in images if image.url)


def _enclosure(fields: Fields, at: FieldPath) -> RecordEnclosure | None:
    value = fields.get("enclosure")
    if value is None:
        return None
    if isinstance(value, str):
        return RecordEnclosure(value)
    if not isinstance(value, dict):
        raise FieldFault("field-type", "'enclosure' must be a mapping with 'url'", (*at, "enclosure"))
    at = (*at, "enclosure")
    url = _text(value, "url", at)
    return RecordEnclosure(url, _text(value, "type", at), _text(value, "length", at)) if url else None
